//===- Rows.h - what emitters on row-major tensors share ---------*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_ROWS_H
#define CNNC_PASSES_TILE_ROWS_H

#include "dialects/cnn/Cnn.h"
#include "passes/tile/KernelBuilder.h"

namespace cnnc::tile {

using Index = llvm::SmallVector<mlir::Value, 4>;

/// 16 elements of `view`: those at `map(index)` for the 16 logical indices of a place. With `isContiguous`, `map`
/// keeps neighbours along the last dimension neighbours, and is asked once.
mlir::Value loadMapped(StageBuilder &s, const TensorView &view, const Place &place, bool isContiguous,
                       llvm::function_ref<Index(const Index &)> map);

/// The same for anything that is computed lane by lane.
mlir::Value loadLanes(StageBuilder &s, const Place &place, llvm::function_ref<mlir::Value(const Index &)> load);

/// The same memory as one dimension.
TensorView flattened(StageBuilder &s, const TensorView &view);

/// A place of `count` elements (null: 16) from `at` on.
inline Place rowPlace(Index at, mlir::Value count) { return {{}, {}, {}, {}, std::move(at), count}; }

/// Calls `body(first element, count)` for 16 elements at a time of [first, last) of a row; `count` is null where all
/// 16 exist.
void forEachVector(StageBuilder &s, mlir::Value first, mlir::Value last, llvm::function_ref<void(mlir::Value, mlir::Value)> body);

// The ops of ShapeEmitters.cpp on tensors that are no images.
void concatRows(KernelBuilder &kernel, cnn::ConcatOp op);
void padRows(KernelBuilder &kernel, cnn::PadOp op);
void sliceRows(KernelBuilder &kernel, cnn::SliceOp op);

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_ROWS_H
