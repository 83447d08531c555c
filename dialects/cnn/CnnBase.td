//===- CnnBase.td - the cnn dialect, its types and attributes --*- tablegen -*-===//

#ifndef CNNC_DIALECTS_CNN_CNNBASE_TD
#define CNNC_DIALECTS_CNN_CNNBASE_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/cnn/Interfaces.td"

def Cnn_Dialect : Dialect {
  let name = "cnn";
  let cppNamespace = "::cnnc::cnn";
  let summary = "What a convolutional network computes";
  let description = [{
    Layers, losses, their derivatives and optimizer updates on value-semantic
    tensors. Shapes are logical: a batch of images is `[N, C, H, W]`, a batch
    of vectors `[N, F]`, whatever the layout in memory; tensors of other ranks
    are row-major. `N` is dynamic (`?`), every other size is static. Parameters are symbols with the names of the
    checkpoint. Nothing here says how anything is executed.
  }];
  let useDefaultAttributePrinterParser = 1;
}

/// Anything: a batch, a parameter, a scalar.
def Cnn_Tensor : RankedTensorOf<[F32, F64]>;
/// A batch with channels: images [N, C, H, W] or vectors [N, F].
def Cnn_Batch : TensorRankOf<[F32, F64], [2, 4]>;
def Cnn_Images : TensorRankOf<[F32, F64], [4]>;
def Cnn_Vectors : TensorRankOf<[F32, F64], [2]>;
/// One value per channel: [C].
def Cnn_Channels : TensorRankOf<[F32, F64], [1]>;
/// A loss, a hyper-parameter: rank 0.
def Cnn_Scalar : TensorRankOf<[F32, F64], [0]>;
/// Class numbers: [N] or [N, H, W].
def Cnn_Labels : RankedTensorOf<[I32]>;
/// Places of elements; as floats they are whole numbers, exact below 2^24.
def Cnn_Indices : RankedTensorOf<[I32, F32, F64]>;
def Cnn_Number : RankedTensorOf<[F32, F64, I32]>;

class Cnn_Op<string mnemonic, list<Trait> traits = []>
    : Op<Cnn_Dialect, mnemonic, traits>;

/// An op that a kernel can be made of; `kind` is a case of FusionKind.
class Cnn_FusibleOp<string mnemonic, string kind, list<Trait> traits = []>
    : Cnn_Op<mnemonic, traits # [Pure, Cnn_FusionInterface]> {
  code fusionDeclaration = "::cnnc::cnn::FusionKind getFusionKind() { return ::cnnc::cnn::FusionKind::" # kind # "; }";
  let extraClassDeclaration = fusionDeclaration;
}
/// One or more operands, one result, all of one shape.
class Cnn_ElementwiseOp<string mnemonic, list<Trait> traits = []>
    : Cnn_FusibleOp<mnemonic, "Elementwise", traits # [SameOperandsAndResultType]>;

/// The usual cost of an elementwise op: so many operations for each element.
class flopsPerElement<int flops> {
  code definition = "int64_t $cppClass::getFlopsPerExample() { return " # flops # " * elementsPerExample(getType()); }";
}
class Cnn_UnaryOp<string mnemonic> : Cnn_ElementwiseOp<mnemonic, [DeclareOpInterfaceMethods<Cnn_CostInterface>]> {
  let arguments = (ins Cnn_Tensor:$input);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
  let extraClassDefinition = flopsPerElement<1>.definition;
}
class Cnn_BinaryOp<string mnemonic> : Cnn_ElementwiseOp<mnemonic, [DeclareOpInterfaceMethods<Cnn_CostInterface>]> {
  let arguments = (ins Cnn_Tensor:$lhs, Cnn_Tensor:$rhs);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
  let extraClassDefinition = flopsPerElement<1>.definition;
}
/// A batch and one value per channel.
class Cnn_PerChannelOp<string mnemonic> : Cnn_FusibleOp<mnemonic, "Elementwise",
    [AllTypesMatch<["input", "result"]>, DeclareOpInterfaceMethods<Cnn_CostInterface>]> {
  let hasVerifier = 1;
  let results = (outs Cnn_Batch:$result);
  let extraClassDefinition = flopsPerElement<2>.definition;
}

def Cnn_ParameterKind : I32EnumAttr<"ParameterKind", "what a parameter is", [
    I32EnumAttrCase<"Weight", 0, "weight">,   // trained, unless frozen
    I32EnumAttrCase<"Buffer", 1, "buffer">,   // state of a layer
    I32EnumAttrCase<"Slot", 2, "slot">,       // state of the optimizer
    I32EnumAttrCase<"Derived", 3, "derived">  // computed by @prepare
  ]> {
  let cppNamespace = "::cnnc::cnn";
  let genSpecializedAttr = 0;
}
def Cnn_ParameterKindAttr : EnumAttr<Cnn_Dialect, Cnn_ParameterKind, "kind"> {
  let assemblyFormat = "$value";
}

def Cnn_Distribution : I32EnumAttr<"Distribution", "how values are drawn", [
    I32EnumAttrCase<"Constant", 0, "constant">, // a
    I32EnumAttrCase<"Normal", 1, "normal">,     // mean a, standard deviation b
    I32EnumAttrCase<"Uniform", 2, "uniform">    // in [a, b)
  ]> {
  let cppNamespace = "::cnnc::cnn";
}

def Cnn_InitAttr : AttrDef<Cnn_Dialect, "Init"> {
  let mnemonic = "init";
  let summary = "How a parameter starts";
  let parameters = (ins EnumParameter<Cnn_Distribution>:$distribution, "::mlir::FloatAttr":$a, "::mlir::FloatAttr":$b);
  let assemblyFormat = "`<` $distribution `,` $a `,` $b `>`";
  let builders = [AttrBuilder<(ins "Distribution":$distribution, "double":$a, "double":$b), [{
    auto f64 = ::mlir::Float64Type::get($_ctxt);
    return $_get($_ctxt, distribution, ::mlir::FloatAttr::get(f64, a), ::mlir::FloatAttr::get(f64, b));
  }]>];
}

#endif // CNNC_DIALECTS_CNN_CNNBASE_TD
