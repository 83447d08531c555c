//===- ConvPlanes.cpp - the stage shared by conv and its input gradient ---===//

#include "passes/tile/ConvPlanes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;

namespace {

/// How an example's work is cut into tasks: by rows of tiles and by output blocks.
struct TaskGrid {
  int64_t rows, outputs;
};

/// The larger of weights and images is read by one task each, where possible.
TaskGrid chooseTasks(const ConvPlanes &planes, int64_t rows, int64_t outputTiles) {
  int64_t tasks = tasksForFlops(planes.flopsPerExample);
  TaskGrid grid;
  if (planes.weightBytes > planes.inputBytes) {
    grid.outputs = std::min(tasks, outputTiles);
    grid.rows = std::min(rows, tasks / grid.outputs);
  } else {
    grid.rows = std::min(rows, tasks);
    grid.outputs = std::min(tasks / grid.rows, outputTiles);
  }
  return grid;
}

} // namespace

/// `count` rows of outputs from number `m` on, for `blocks` output blocks.
static void emitRows(KernelBuilder &kernel, StageBuilder &s, const Source &source, const Bank &bank, const Axis &rows,
                     const Axis &columns, int64_t pixelLimit, Value n, Value m, int64_t count, Value outputBlock,
                     int64_t blocks) {
  Value sourceY = s.add(s.mul(m, rows.sourceStride), rows.sourceFirst);
  SmallVector<Run, 2> runs = balancedRuns(columns.outputs, pixelLimit);
  forEachTile(s, runs, s.index(0), s.index(ceilDiv(columns.outputs, pixelLimit)), [&](int64_t width, Value first) {
    Value sourceX = s.add(s.mul(first, columns.sourceStride), columns.sourceFirst);
    SmallVector<Pixel> pixels;
    for (int64_t row = 0; row < count; ++row)
      for (int64_t q = 0; q < width; ++q)
        pixels.push_back({n, sourceY, sourceX, 0, row * rows.sourceStride, q * columns.sourceStride});
    SmallVector<Value> sums = contract(s, source, bank, rows, columns, pixels, outputBlock, blocks);
    for (int64_t row = 0; row < count; ++row) {
      Value y = s.add(s.mul(s.add(m, row), rows.outStep), rows.outFirst);
      for (int64_t q = 0; q < width; ++q) {
        Value x = s.add(s.mul(s.add(first, q), columns.outStep), columns.outFirst);
        for (int64_t b = 0; b < blocks; ++b)
          kernel.finish(s, {n, s.add(outputBlock, b), y, x}, sums[(row * width + q) * blocks + b]);
      }
    }
  });
}

void emitConvPlanes(KernelBuilder &kernel, const ConvPlanes &planes, const Source &source, const Bank &bank) {
  int64_t outputBlocks = ceilDiv(planes.outputChannels, blockSize), maxRows = 0, maxColumns = 0;
  for (const Axis &axis : planes.rows)
    maxRows = std::max(maxRows, axis.outputs);
  for (const Axis &axis : planes.columns)
    maxColumns = std::max(maxColumns, axis.outputs);

  // A tile of several output blocks stays within one group.
  RegisterTile tile = chooseTile(kernel.target, {maxRows, maxColumns, source.sharingBlocks(), planes.weightBytes});
  if (outputBlocks % source.sharingBlocks() != 0 || outputBlocks != source.sharingBlocks())
    while (source.sharingBlocks() % tile.blocks != 0)
      --tile.blocks;
  SmallVector<Run, 2> runs = balancedRuns(outputBlocks, tile.blocks);
  int64_t outputTiles = ceilDiv(outputBlocks, tile.blocks);
  TaskGrid grid = chooseTasks(planes, ceilDiv(maxRows, tile.rows), outputTiles);
  int64_t tasks = grid.rows * grid.outputs;

  kernel.stage(tasks, 0, [&](StageBuilder &s) {
    Value n = s.div(s.task, tasks), part = s.rem(s.task, tasks);
    Value rowPart = s.div(part, grid.outputs), outputPart = s.rem(part, grid.outputs);
    auto [firstTile, lastTile] = share(s, s.index(outputTiles), outputPart, grid.outputs);
    forEachTile(s, runs, firstTile, lastTile, [&](int64_t blocks, Value outputBlock) {
      Value isFirst = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, rowPart, s.index(0));
      s.ifThen(isFirst, [&] {
        for (int64_t b = 0; b < blocks; ++b)
          kernel.zeroHalos(s, n, s.add(outputBlock, b));
      });
      for (const Axis &rows : planes.rows) {
        auto [first, last] = share(s, s.index(ceilDiv(rows.outputs, tile.rows)), rowPart, grid.rows);
        forEachTile(s, balancedRuns(rows.outputs, tile.rows), first, last, [&](int64_t count, Value m) {
          for (const Axis &columns : planes.columns)
            emitRows(kernel, s, source, bank, rows, columns, tile.pixels, n, m, count, outputBlock, blocks);
        });
      }
    });
  });
}

LogicalResult requireHalo(Operation *op, const TensorView &view, std::array<int64_t, 4> reach) {
  static constexpr const char *sides[] = {"top", "left", "bottom", "right"};
  for (unsigned side = 0; side < 4; ++side)
    if (view.getLayout().getHalo(side) < reach[side])
      return op->emitOpError("reads ") << reach[side] << " places beyond the " << sides[side]
                                       << " of its input, whose layout has a halo of " << view.getLayout().getHalo(side)
                                       << " there; give the layout a larger halo";
  return success();
}

} // namespace cnnc::tile
