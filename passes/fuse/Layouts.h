//===- Layouts.h - where every value of a function lies ----------*- C++ -*-===//

#ifndef CNNC_PASSES_FUSE_LAYOUTS_H
#define CNNC_PASSES_FUSE_LAYOUTS_H

#include "dialects/cnn/Cnn.h"
#include "dialects/plan/Plan.h"
#include "mlir/IR/Block.h"
#include "llvm/ADT/DenseMap.h"

namespace cnnc::fuse {

using Layouts = llvm::DenseMap<mlir::Value, plan::LayoutAttr>;

/// True for an op, not null, that joins a kernel in that way.
bool isOfKind(mlir::Operation *op, cnn::FusionKind kind);
inline bool isElementwise(mlir::Operation *op) { return isOfKind(op, cnn::FusionKind::Elementwise); }
inline bool isReshape(mlir::Operation *op) { return isOfKind(op, cnn::FusionKind::Reshape); }
/// True for ops on row-major tensors.
inline bool isGeneral(mlir::Operation *op) { return isOfKind(op, cnn::FusionKind::General); }
/// True for ops that repeat elements of their operand, as broadcasts do.
bool repeatsElements(mlir::Operation *op);

/// True for what is computed row by row: what a general op makes, what repeats
/// elements, and elementwise ops on such, given the layouts of the operands.
bool isRowMajor(mlir::Value value, const Layouts &layouts);

/// The layout of every tensor of a function. Arguments and values that are
/// only returned are plain; a batch has the halo that its readers reach into;
/// images of few channels that only convolutions read are not padded to a block;
/// what general ops compute, and elementwise ops on it, is row-major.
Layouts assignLayouts(mlir::Block &block);

} // namespace cnnc::fuse

#endif // CNNC_PASSES_FUSE_LAYOUTS_H
