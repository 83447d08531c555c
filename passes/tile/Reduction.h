//===- Reduction.h - sums of a fixed shape -----------------------*- C++ -*-===//
//
// A sum over a batch is a sum of chunks of its examples. The number of chunks
// and the order of every addition depend on the shape and on n, never on how
// tasks are spread over threads.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_PASSES_TILE_REDUCTION_H
#define CNNC_PASSES_TILE_REDUCTION_H

#include "passes/tile/KernelBuilder.h"

namespace cnnc::tile {

/// Chunks of a batch; some are empty where n is smaller.
inline constexpr int64_t chunkCount = 16;

/// The examples [first, last) of a chunk.
struct Chunk {
  Chunk(StageBuilder &s, mlir::Value number);
  mlir::Value first, last;
  /// `perExample` times its examples, as an f32.
  mlir::Value count(StageBuilder &s, int64_t perExample) const;
};

using Values = llvm::SmallVector<mlir::Value>;
/// Sums what `term` gives over all places of one channel block of an example: rows, then the image.
Values sumOverImage(StageBuilder &s, mlir::Value n, mlir::Value block, const Extents &extents, unsigned sums,
                    llvm::function_ref<Values(const Place &)> term);
/// The same over the examples of a chunk: rows, then images, then the chunk, so that no chain of additions is long.
Values sumOverChunk(StageBuilder &s, const Chunk &chunk, mlir::Value block, const Extents &extents, unsigned sums,
                    llvm::function_ref<Values(const Place &)> term);

/// The chunk sums of all channel blocks, in scratch: `vectors` of 16 lanes per (block, chunk).
class ChunkSums {
public:
  ChunkSums(KernelBuilder &kernel, const Extents &extents, unsigned vectors);

  using Compute = llvm::function_ref<Values(StageBuilder &, const Chunk &, mlir::Value block)>;
  using Use = llvm::function_ref<void(StageBuilder &, mlir::Value block)>;
  /// Appends a stage that stores what `compute` gives and one that calls `use` for each block; a single one where a
  /// channel has few places, since there blocks are tasks enough.
  void emit(KernelBuilder &kernel, Compute compute, Use use);

  /// Vector `i` of a chunk.
  mlir::Value load(StageBuilder &s, mlir::Value block, mlir::Value chunk, unsigned i) const;
  /// The sum of vector `i` over the chunks, pairwise.
  mlir::Value sum(StageBuilder &s, mlir::Value block, unsigned i) const;

private:
  mlir::Value offset(StageBuilder &s, mlir::Value block, mlir::Value chunk, unsigned i) const;
  Extents extents;
  unsigned vectors;
  mlir::Value scratch;
};

/// Vectors of 16 in fixed scratch.
mlir::Value loadVector(StageBuilder &s, mlir::Value scratch, mlir::Value number);
void storeVector(StageBuilder &s, mlir::Value scratch, mlir::Value number, mlir::Value lanes);

/// Over the 16 lanes, as a tree. `lanes` may be f32 or f64.
mlir::Value sumOfLanes(StageBuilder &s, mlir::Value lanes);
mlir::Value maximumOfLanes(StageBuilder &s, mlir::Value lanes);

/// n as an f32, times a constant.
mlir::Value countOf(StageBuilder &s, mlir::Value examples, int64_t perExample);

/// 16 zeros in f64; f32 lanes as f64, and back; f32 lanes added to a sum in f64.
mlir::Value wideZero(StageBuilder &s);
mlir::Value widen(StageBuilder &s, mlir::Value lanes);
mlir::Value narrowLanes(StageBuilder &s, mlir::Value wide);
mlir::Value addWide(StageBuilder &s, mlir::Value sum, mlir::Value lanes);
/// The sum of the lanes as an f32.
mlir::Value narrow(StageBuilder &s, mlir::Value wideSum);

/// The sum of `count` f32 at the start of scratch, in order, in f64.
mlir::Value sumOfScratch(StageBuilder &s, mlir::Value scratch, int64_t first, int64_t count, int64_t step);

/// The place of values that have none.
inline Place nowhere(StageBuilder &s) { return {s.index(0), s.index(0), s.index(0), s.index(0)}; }
inline Place blockOnly(StageBuilder &s, mlir::Value block) { return {s.index(0), block, s.index(0), s.index(0)}; }

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_REDUCTION_H
