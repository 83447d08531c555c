//===- ContractionEmitters.h - one emitter per contraction -------*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_CONTRACTIONEMITTERS_H
#define CNNC_PASSES_TILE_CONTRACTIONEMITTERS_H

#include "mlir/IR/Operation.h"

namespace cnnc::tile {

class KernelBuilder;

// Each emits the stages of a kernel that the op leads.
llvm::LogicalResult emitConv(mlir::Operation *op, KernelBuilder &kernel);
llvm::LogicalResult emitConvInputGrad(mlir::Operation *op, KernelBuilder &kernel);
llvm::LogicalResult emitConvKernelGrad(mlir::Operation *op, KernelBuilder &kernel);
llvm::LogicalResult emitConvTranspose(mlir::Operation *op, KernelBuilder &kernel);
llvm::LogicalResult emitDense(mlir::Operation *op, KernelBuilder &kernel);
llvm::LogicalResult emitDenseInputGrad(mlir::Operation *op, KernelBuilder &kernel);
llvm::LogicalResult emitDenseKernelGrad(mlir::Operation *op, KernelBuilder &kernel);

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_CONTRACTIONEMITTERS_H
