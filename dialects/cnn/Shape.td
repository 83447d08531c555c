//===- Shape.td - the same elements in other places ------------*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

def Cnn_ReshapeOp : Cnn_FusibleOp<"reshape", "Reshape"> {
  let summary = "The same elements of each example in another shape, in row-major order";
  let description = [{
    Flatten is a reshape to `[N, C·H·W]`.

    Constraints:
    * (C1) `input` and the result both have a batch or none, and as many elements (per example); or
    * (C2) one of them has a batch, the module's `cnn.batch` says how many examples that is, and the elements are as many.
  }];
  let arguments = (ins Cnn_Tensor:$input);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}
/// Channels of images, or rows of anything: the same op moves both.
class Cnn_MovingOp<string mnemonic> : Cnn_Op<mnemonic, [Pure, Cnn_FusionInterface, InferTypeOpAdaptor]> {
  let extraClassDeclaration = "::cnnc::cnn::FusionKind getFusionKind();";
}
def Cnn_ConcatOp : Cnn_MovingOp<"concat"> {
  let summary = "All operands, one after the other along `axis`: their channels, unless it is said";
  let description = [{
    Constraints:
    * (C1) there is at least one operand, and all agree in every dimension but `axis`.
    * (C2) `axis` is a dimension of the operands, and not the batch.
  }];
  let arguments = (ins Variadic<Cnn_Tensor>:$inputs, DefaultValuedAttr<I64Attr, "1">:$axis);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_PadOp : Cnn_MovingOp<"pad"> {
  let summary = "More elements around and between, of a constant value";
  let description = [{
    `low`, `high`, `interior` have one element per dimension but the first
    ([C, H, W] or [F]); `interior` elements go between any two neighbours.

    Constraints:
    * (C1) the three attributes have one element per dimension but the first, none negative.
  }];
  let arguments = (ins Cnn_Tensor:$input, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high, DenseI64ArrayAttr:$interior,
    DefaultValuedAttr<F64Attr, "0.0">:$value);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
def Cnn_SliceOp : Cnn_MovingOp<"slice"> {
  let summary = "Every `step`-th element from `start` to before `stop`";
  let description = [{
    Constraints:
    * (C1) `start`, `stop`, `step` have one element per dimension but the first.
    * (C2) `0 ≤ start < stop ≤ size` and `step ≥ 1`.
  }];
  let arguments = (ins Cnn_Tensor:$input, DenseI64ArrayAttr:$start, DenseI64ArrayAttr:$stop, DenseI64ArrayAttr:$step);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
