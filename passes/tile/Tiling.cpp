//===- Tiling.cpp - how contractions are cut into tiles and tasks ---------===//

#include "passes/tile/Tiling.h"
#include <algorithm>

namespace cnnc::tile {

llvm::SmallVector<Run, 2> balancedRuns(int64_t total, int64_t limit) {
  llvm::SmallVector<Run, 2> runs;
  if (total <= 0)
    return runs;
  int64_t tiles = ceilDiv(total, limit), small = total / tiles, large = total % tiles;
  if (large)
    runs.push_back({small + 1, large, 0, 0});
  runs.push_back({small, tiles - large, large, large * (small + 1)});
  return runs;
}

/// Cycles of one step of the reduction (one input channel of one tap).
static double stepCycles(const Target &target, int64_t pixels, int64_t blocks, double weightBytesPerCycle) {
  constexpr double portsPerCycle = 2, fmaLatency = 4, overhead = 0.5;
  double vectors = double(blocks) * 16 / double(target.registerLanes);
  double fmas = double(pixels) * vectors / portsPerCycle, loads = (double(pixels) + vectors) / portsPerCycle;
  return std::max({fmas, loads, fmaLatency, double(blocks) * 64 / weightBytesPerCycle}) + overhead;
}

/// The same for the whole plane.
static double planeCycles(const Target &target, const Plane &plane, const RegisterTile &tile) {
  constexpr double l2BytesPerCycle = 32, l3BytesPerCycle = 8;
  constexpr int64_t l2Bytes = 1 << 20;
  double cycles = 0, first = plane.weightBytes > l2Bytes ? l3BytesPerCycle : l2BytesPerCycle;
  for (const Run &outputs : balancedRuns(plane.blocks, tile.blocks)) {
    bool isFirst = true;
    for (const Run &rows : balancedRuns(plane.rows, tile.rows))
      for (const Run &columns : balancedRuns(plane.columns, tile.pixels)) {
        int64_t pixels = rows.size * columns.size, tiles = rows.count * columns.count;
        double again = stepCycles(target, pixels, outputs.size, l2BytesPerCycle);
        double once = isFirst ? stepCycles(target, pixels, outputs.size, first) : again;
        cycles += double(outputs.count) * (once + double(tiles - 1) * again);
        isFirst = false;
      }
  }
  return cycles;
}

RegisterTile chooseTile(const Target &target, const Plane &plane) {
  constexpr int64_t maxBlocks = 4;
  int64_t vectorsPerBlock = 16 / target.registerLanes, accumulators = target.registers * 3 / 4;
  RegisterTile best{1, 1};
  double bestCycles = 0;
  auto consider = [&](const RegisterTile &tile) {
    int64_t sums = tile.rows * tile.pixels * tile.blocks * vectorsPerBlock;
    if (sums > accumulators || sums + tile.blocks * vectorsPerBlock + 1 >= target.registers)
      return false;
    double cycles = planeCycles(target, plane, tile);
    if (bestCycles == 0 || cycles < bestCycles) {
      best = tile;
      bestCycles = cycles;
    }
    return true;
  };
  for (int64_t blocks = 1; blocks <= std::min(maxBlocks, plane.blocks); ++blocks) {
    for (int64_t pixels = 1; pixels <= plane.columns && consider({pixels, blocks}); ++pixels)
      ;
    for (int64_t rows = 2; rows <= plane.rows && consider({plane.columns, blocks, rows}); ++rows)
      ;
  }
  return best;
}

int64_t tasksForFlops(int64_t flops) { return std::clamp<int64_t>(flops >> 20, 1, 16); }

} // namespace cnnc::tile
