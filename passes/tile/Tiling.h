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

/// What one output block of a contraction computes: a plane of outputs.
struct Plane {
  int64_t rows, columns;
  int64_t blocks;      ///< of 16 output channels, that read the same inputs
  int64_t weightBytes; ///< of all blocks; 0 if they are in the L2
};

/// A register tile: accumulators for `rows` × `pixels` × `blocks` vectors of
/// 16 lanes.
struct RegisterTile {
  int64_t pixels, blocks, rows = 1;
};

/// The tile that takes the fewest cycles for a plane, by a model of the FMA and
/// load ports, the latency of an FMA, and the bandwidth at which weights come
/// from the L2 or, for the first tile that wants them, from the L3. A tile of
/// several rows has them whole.
RegisterTile chooseTile(const Target &target, const Plane &plane);

/// Products that add up in one register before their sum is added to others: the rounding error of a sum grows with its
/// length, and so does that of the sum of sums.
inline constexpr int64_t mostTerms = 256;

/// Tasks worth making of so many floating-point operations: about ten
/// microseconds each, at most 16.
int64_t tasksForFlops(int64_t flops);

inline int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_TILING_H
