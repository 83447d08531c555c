//===- Tiling.h - how contractions are cut into tiles and tasks --*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_TILING_H
#define CNNC_PASSES_TILE_TILING_H

#include "passes/tile/Target.h"
#include "llvm/ADT/SmallVector.h"

namespace cnnc::tile {

/// `count` tiles of `size` elements each, the first one being tile number
/// `firstTile` and starting at element `first`.
struct Run {
  int64_t size, count, firstTile, first;
};

/// Cuts `total` elements into as few tiles of at most `limit` as possible,
/// of two sizes at most, which differ by one.
llvm::SmallVector<Run, 2> balancedRuns(int64_t total, int64_t limit);

/// A register tile: accumulators for `pixels` × `blocks` vectors of 16 lanes.
struct RegisterTile {
  int64_t pixels, blocks;
};

/// The tile that takes the fewest cycles for `pixels` in a row and `blocks` of
/// 16 output channels, by a model of the FMA and load ports, the latency of an
/// FMA, and the bandwidth at which weights come from the L2.
RegisterTile chooseTile(const Target &target, int64_t pixels, int64_t blocks);

/// Tasks worth making of so many floating-point operations: about ten
/// microseconds each, at most 16.
int64_t tasksForFlops(int64_t flops);

inline int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_TILING_H
