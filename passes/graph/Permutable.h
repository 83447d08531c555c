//===- Permutable.h - dimensions in another order ----------------*- C++ -*-===//

#ifndef CNNC_PASSES_GRAPH_PERMUTABLE_H
#define CNNC_PASSES_GRAPH_PERMUTABLE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "passes/graph/PermutableInterface.h.inc"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace cnnc {

using Permutation = llvm::SmallVector<int64_t, 4>;

/// Dimension `permutation[i]` of what is permuted becomes dimension i.
Permutation inverse(llvm::ArrayRef<int64_t> permutation);
/// One permutation after another: transposing by `first` and then by `second`.
Permutation compose(llvm::ArrayRef<int64_t> first, llvm::ArrayRef<int64_t> second);
bool isIdentity(llvm::ArrayRef<int64_t> permutation);
/// True if a tensor of `shape` keeps the order of its elements: only dimensions of size 1 move.
bool movesNothing(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> permutation);
mlir::RankedTensorType permuted(mlir::RankedTensorType type, llvm::ArrayRef<int64_t> permutation);
/// `value` itself, a reshape where nothing moves, or a transpose.
mlir::Value transpose(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, llvm::ArrayRef<int64_t> permutation);

/// True for ops that have the interface, and for elementwise ops on operands of one shape.
bool isPermutable(mlir::Operation *op);
/// The op on permuted operands; see PermutableInterface.
mlir::Value buildPermuted(mlir::Operation *op, mlir::OpBuilder &builder, llvm::ArrayRef<int64_t> permutation,
                          mlir::ValueRange operands);

/// Attaches PermutableInterface to the ops that have it.
void registerPermutables(mlir::DialectRegistry &);

} // namespace cnnc

#endif // CNNC_PASSES_GRAPH_PERMUTABLE_H
