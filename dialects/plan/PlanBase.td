//===- PlanBase.td - the plan dialect and its layouts ----------*- tablegen -*-===//

#ifndef CNNC_DIALECTS_PLAN_PLANBASE_TD
#define CNNC_DIALECTS_PLAN_PLANBASE_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Plan_Dialect : Dialect {
  let name = "plan";
  let cppNamespace = "::cnnc::plan";
  let summary = "How a network runs";
  let description = [{
    Kernels as isolated functions, the layouts of what they read and write,
    and programs: the order of their launches. Before tiling, a kernel holds
    the ops it computes on logical tensors; after it, stages of loops on
    memrefs.
  }];
  let useDefaultAttributePrinterParser = 1;
}

def Plan_LayoutKind : I32EnumAttr<"LayoutKind", "how a tensor lies in memory", [
    I32EnumAttrCase<"Batch", 0, "batch">,       // [N][C/block][H + halo][W + halo][block]
    I32EnumAttrCase<"Plain", 1, "plain">,       // row-major: the caller's, and tensors that are neither images nor vectors
    I32EnumAttrCase<"Channels", 2, "channels">, // [C rounded up to 16]
    I32EnumAttrCase<"Kernel", 3, "kernel">,     // [K/16][C/block][R][S][block][16]
    I32EnumAttrCase<"Scalar", 4, "scalar">      // one element
  ]> {
  let cppNamespace = "::cnnc::plan";
}

def Plan_LayoutAttr : AttrDef<Plan_Dialect, "Layout"> {
  let mnemonic = "layout";
  let summary = "Where the elements of a tensor lie";
  let description = [{
    `halo` is [top, left, bottom, right] and only a batch has one; vectors
    [N, F] are images [N, F, 1, 1]. `accumulate` marks a result that a kernel
    adds to what is there. A channel or a place of the last block that does
    not exist holds zero.
  }];
  let parameters = (ins EnumParameter<Plan_LayoutKind>:$kind, DefaultValuedParameter<"int64_t", "16">:$block,
    OptionalArrayRefParameter<"int64_t">:$halo, DefaultValuedParameter<"bool", "false">:$accumulate);
  let assemblyFormat = "`<` $kind (`block` `=` $block^)? (`halo` `=` `[` $halo^ `]`)? (`accumulate` `=` $accumulate^)? `>`";
  let extraClassDeclaration = [{
    /// The halo on a side, 0 if there is none: 0 top, 1 left, 2 bottom, 3 right.
    int64_t getHalo(unsigned side) const { return getHalo().empty() ? 0 : getHalo()[side]; }
    LayoutAttr withAccumulate(bool accumulate) const {
      return get(getContext(), getKind(), getBlock(), getHalo(), accumulate);
    }
    /// The memref type of a tensor in this layout. A batch has the dynamic
    /// batch size first: memref<?xCBxHxWxblock>; a plain batch keeps its
    /// logical shape.
    ::mlir::MemRefType getMemRefType(::mlir::RankedTensorType tensor) const;
    /// Elements of the memref, per example for a batch.
    int64_t getElements(::mlir::RankedTensorType tensor) const;
    /// True if the memory of a tensor in this layout is per example.
    bool isPerExample(::mlir::RankedTensorType tensor) const {
      return (getKind() == LayoutKind::Batch || getKind() == LayoutKind::Plain) && tensor.getRank() && tensor.isDynamicDim(0);
    }
  }];
}
def Plan_LayoutArrayAttr : TypedArrayAttrBase<Plan_LayoutAttr, "layouts">;

def Plan_MemorySpace : I32EnumAttr<"MemorySpace", "where a program finds a value", [
    I32EnumAttrCase<"Arena", 0, "arena">,           // offset + unit · capacity bytes into the arena
    I32EnumAttrCase<"Parameters", 1, "parameters">, // offset bytes into the packed block
    I32EnumAttrCase<"Gradients", 2, "gradients">,   // offset bytes into the packed gradients
    I32EnumAttrCase<"Input", 3, "input">,           // the caller's tensor number index
    I32EnumAttrCase<"Output", 4, "output">,         // the same
    I32EnumAttrCase<"Hyper", 5, "hyper">,           // hyper-parameter number index
    I32EnumAttrCase<"Step", 6, "step">,             // the number of the step, as a float
    I32EnumAttrCase<"Constant", 7, "constant">,     // value: a float, or all elements of the memory
    I32EnumAttrCase<"OptionalOutput", 8, "optional_output"> // the caller's; where that is NULL, the arena
  ]> {
  let cppNamespace = "::cnnc::plan";
}

def Plan_AddressAttr : AttrDef<Plan_Dialect, "Address"> {
  let mnemonic = "address";
  let summary = "Where an argument of a launch lies in memory";
  let parameters = (ins EnumParameter<Plan_MemorySpace>:$space, DefaultValuedParameter<"int64_t", "0">:$index,
    DefaultValuedParameter<"int64_t", "0">:$offset, DefaultValuedParameter<"int64_t", "0">:$unit, OptionalParameter<"::mlir::TypedAttr">:$value);
  let assemblyFormat = "`<` $space (`index` `=` $index^)? (`offset` `=` $offset^)? (`unit` `=` $unit^)? (`value` `=` $value^)? `>`";
}
def Plan_AddressArrayAttr : TypedArrayAttrBase<Plan_AddressAttr, "addresses">;

#endif // CNNC_DIALECTS_PLAN_PLANBASE_TD
