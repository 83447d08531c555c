//===- Leader.h - attaches the emitter of an op that leads a kernel -*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_LEADER_H
#define CNNC_PASSES_TILE_LEADER_H

#include "passes/tile/KernelBuilder.h"

namespace cnnc::tile {

template <typename OpTy, void (*emit)(KernelBuilder &, OpTy)>
struct Leader : KernelEmitterInterface::ExternalModel<Leader<OpTy, emit>, OpTy> {
  llvm::LogicalResult emitKernel(mlir::Operation *op, KernelBuilder &kernel) const {
    emit(kernel, llvm::cast<OpTy>(op));
    return llvm::success();
  }
};
template <typename OpTy, void (*emit)(KernelBuilder &, OpTy)> void attachLeader(mlir::MLIRContext *context) {
  OpTy::template attachInterface<Leader<OpTy, emit>>(*context);
}

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_LEADER_H
