//===- Indices.h - elements by their numbers ---------------------*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_INDICES_H
#define CNNC_PASSES_TILE_INDICES_H

#include "passes/tile/Rows.h"

namespace cnnc::tile {

/// The index that `indices` (i32 or f32) hold at `at`, of `size` elements: a
/// negative one counts from the end, one beyond either end is the one there.
mlir::Value indexAt(StageBuilder &s, const TensorView &indices, mlir::ValueRange at, int64_t size);

/// first, first + 1, … in 16 lanes, i32 or f32 as `element` says; f32 is exact below 2^24.
mlir::Value numbersFrom(StageBuilder &s, mlir::Value first, mlir::Type element);
/// An index value in all lanes.
mlir::Value numberLanes(StageBuilder &s, mlir::Value index, mlir::Type element);

/// Memory of a kernel, one `scratch` for each example where `type` has a batch, as a row-major tensor.
TensorView asTensor(StageBuilder &s, mlir::Value scratch, mlir::RankedTensorType type);
/// Scratch for a tensor of that type.
mlir::Value scratchFor(KernelBuilder &kernel, mlir::RankedTensorType type);

/// Loops over `sizes`, the batch among them; `body` gets one coordinate each.
void forEachIndex(StageBuilder &s, llvm::ArrayRef<int64_t> sizes, Index start, llvm::function_ref<void(const Index &)> body);
/// A stage with a task for every place of the leading dimensions `sizes`; `body` gets its coordinates.
void stageOverLeading(KernelBuilder &kernel, llvm::ArrayRef<int64_t> sizes,
                      llvm::function_ref<void(StageBuilder &, const Index &)> body);

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_INDICES_H
