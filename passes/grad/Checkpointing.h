//===- Checkpointing.h - what the backward pass keeps ------------*- C++ -*-===//

#ifndef CNNC_PASSES_GRAD_CHECKPOINTING_H
#define CNNC_PASSES_GRAD_CHECKPOINTING_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace cnnc {

/// Decides which values of the phase "loss" are kept for the phases behind it
/// and which are computed again there. Every value that is used there is kept,
/// except the result of an elementwise op all of whose operands are at hand
/// anyway. Returns how many values are computed again.
unsigned recomputeCheapValues(mlir::func::FuncOp train);

} // namespace cnnc

#endif // CNNC_PASSES_GRAD_CHECKPOINTING_H
