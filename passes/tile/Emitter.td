//===- Emitter.td - how ops become loops and vectors -----------*- tablegen -*-===//

#ifndef CNNC_PASSES_TILE_EMITTER_TD
#define CNNC_PASSES_TILE_EMITTER_TD

include "mlir/IR/OpBase.td"

def Tile_LaneEmitterInterface : OpInterface<"LaneEmitterInterface"> {
  let cppNamespace = "::cnnc::tile";
  let description = [{
    An elementwise op, on the 16 channels of one place. Emits its result from
    its operands' lanes (vector<16xf32>; a channel vector's at the same
    channels; a scalar splatted).
  }];
  let methods = [
    InterfaceMethod<"Emits one vector per result", "void", "emitLanes", (ins
      "::cnnc::tile::StageBuilder &":$stage, "const ::cnnc::tile::Place &":$place,
      "::mlir::ValueRange":$operands, "::llvm::SmallVectorImpl<::mlir::Value> &":$results)>,
    InterfaceMethod<[{
      True if the op works on any 16 elements of a row, not only on the
      channels of a place.
    }], "bool", "worksOnRows", (ins), "", "return ::cnnc::tile::isSameEverywhere($_op);">,
    InterfaceMethod<[{
      For an op whose operand lies at another place than its result: loads the
      lanes of the result there. Null for all others.
    }], "::mlir::Value", "loadElsewhere", (ins
      "::cnnc::tile::KernelBuilder &":$kernel, "::cnnc::tile::StageBuilder &":$stage, "const ::cnnc::tile::Place &":$place),
      "", "return {};">
  ];
}

def Tile_KernelEmitterInterface : OpInterface<"KernelEmitterInterface"> {
  let cppNamespace = "::cnnc::tile";
  let description = [{
    An op that leads a kernel. Emits the stages; each element of its result
    goes through `KernelBuilder::finish`, which applies the elementwise ops
    that were fused behind it and stores what the kernel yields.
  }];
  let methods = [
    InterfaceMethod<"Emits the stages", "::llvm::LogicalResult", "emitKernel", (ins
      "::cnnc::tile::KernelBuilder &":$kernel)>
  ];
}

#endif // CNNC_PASSES_TILE_EMITTER_TD
