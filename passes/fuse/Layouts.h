//===- Layouts.h - where every value of a function lies ----------*- C++ -*-===//

#ifndef CNNC_PASSES_FUSE_LAYOUTS_H
#define CNNC_PASSES_FUSE_LAYOUTS_H

#include "dialects/plan/Plan.h"
#include "mlir/IR/Block.h"
#include "llvm/ADT/DenseMap.h"

namespace cnnc::fuse {

using Layouts = llvm::DenseMap<mlir::Value, plan::LayoutAttr>;

/// True for ops on row-major tensors.
bool isGeneral(mlir::Operation *op);

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
