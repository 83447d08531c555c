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
static double stepCycles(const Target &target, int64_t pixels, int64_t blocks) {
  constexpr double portsPerCycle = 2, fmaLatency = 4, l2BytesPerCycle = 32, overhead = 0.5;
  double vectors = double(blocks) * 16 / double(target.registerLanes);
  double fmas = double(pixels) * vectors / portsPerCycle, loads = (double(pixels) + vectors) / portsPerCycle;
  return std::max({fmas, loads, fmaLatency, double(blocks) * 64 / l2BytesPerCycle}) + overhead;
}

RegisterTile chooseTile(const Target &target, int64_t pixels, int64_t blocks) {
  constexpr int64_t maxBlocks = 4;
  int64_t vectorsPerBlock = 16 / target.registerLanes, accumulators = target.registers * 3 / 4;
  RegisterTile best{1, 1};
  double bestCycles = 0;
  for (int64_t b = 1; b <= std::min(maxBlocks, blocks); ++b) {
    for (int64_t p = 1; p <= pixels; ++p) {
      int64_t sums = p * b * vectorsPerBlock;
      if (sums > accumulators || sums + b * vectorsPerBlock + 1 >= target.registers)
        break;
      double cycles = 0;
      for (const Run &columns : balancedRuns(pixels, p))
        for (const Run &outputs : balancedRuns(blocks, b))
          cycles += double(columns.count * outputs.count) * stepCycles(target, columns.size, outputs.size);
      if (bestCycles == 0 || cycles < bestCycles) {
        best = {p, b};
        bestCycles = cycles;
      }
    }
  }
  return best;
}

int64_t tasksForFlops(int64_t flops) { return std::clamp<int64_t>(flops >> 20, 1, 16); }

} // namespace cnnc::tile
