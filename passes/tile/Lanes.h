//===- Lanes.h - what the emitters of elementwise ops share ------*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_LANES_H
#define CNNC_PASSES_TILE_LANES_H

#include "passes/tile/KernelBuilder.h"

namespace cnnc::tile {

/// An op whose one result is a function of its operands' lanes.
template <typename OpTy, mlir::Value (*emit)(StageBuilder &, OpTy, mlir::ValueRange)>
struct Lanes : LaneEmitterInterface::ExternalModel<Lanes<OpTy, emit>, OpTy> {
  void emitLanes(mlir::Operation *op, StageBuilder &stage, const Place &, mlir::ValueRange operands,
                 llvm::SmallVectorImpl<mlir::Value> &results) const {
    results.push_back(emit(stage, llvm::cast<OpTy>(op), operands));
  }
};

/// The same where 0 does not become 0, or where the result depends on the
/// place. Lanes beyond the last channel are zeroed behind it. `onRows`: it
/// knows rows as well as channels.
template <typename OpTy, mlir::Value (*emit)(StageBuilder &, OpTy, const Place &, mlir::ValueRange), bool onRows = true>
struct MaskedLanes : LaneEmitterInterface::ExternalModel<MaskedLanes<OpTy, emit, onRows>, OpTy> {
  bool worksOnRows(mlir::Operation *op) const { return onRows && isSameEverywhere(op); }
  void emitLanes(mlir::Operation *op, StageBuilder &stage, const Place &place, mlir::ValueRange operands,
                 llvm::SmallVectorImpl<mlir::Value> &results) const {
    mlir::Value lanes = emit(stage, llvm::cast<OpTy>(op), place, operands);
    auto type = llvm::cast<mlir::RankedTensorType>(op->getResult(0).getType());
    results.push_back(place.isGeneral() ? lanes : maskGap(stage, place, type, lanes));
  }
  static mlir::Value maskGap(StageBuilder &stage, const Place &place, mlir::RankedTensorType type, mlir::Value lanes) {
    // Of a batch the channels are dimension 1; a vector of channels has no other. Kernels have no single gap:
    // dropout's mask, which meets them, leaves zeros as they are.
    if (type.getRank() == 0 || (type.getRank() > 1 && !type.isDynamicDim(0)))
      return lanes;
    return stage.maskGap(place.block, type.getDimSize(type.getRank() == 1 ? 0 : 1), lanes);
  }
};

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_LANES_H
