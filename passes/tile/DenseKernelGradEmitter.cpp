//===- DenseKernelGradEmitter.cpp - gradient of a dense layer's matrix ----===//
//
// An outer product per example. A unit of work is a block of inputs by a tile
// of blocks of 16 outputs, whose sums stay in registers over the batch, or over
// a part of a large one.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/tile/Contract.h"
#include "passes/tile/ContractionEmitters.h"

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;

LogicalResult emitDenseKernelGrad(Operation *leader, KernelBuilder &kernel) {
  constexpr int64_t mostTasks = 256;
  auto op = cast<cnn::DenseKernelGradOp>(leader);
  const TensorView &input = kernel.view(op.getInput()), &gradient = kernel.view(op.getGradient());
  int64_t inputs = input.channels(), block = plan::parameterLayout(op.getType()).getBlock(), inputBlocks = ceilDiv(inputs, block);
  Source source(input, {1, inputs, gradient.channels()});
  Bank result{{}, inputBlocks, 1, 1, block};
  bool isWide = kernel.target.blockRegisters() >= 32;
  int64_t blocksPerTile = isWide ? 2 : 1;

  // Inputs [first, first + count) of a block, for `blocks` blocks of outputs.
  auto emitTile = [&](StageBuilder &s, Value outputBlock, int64_t blocks, Value inputBlock, int64_t first, int64_t count) {
    Value zero = s.index(0);
    SmallVector<Value> zeros(count * blocks, s.splat(0));
    auto addProducts = [&](Value n, ValueRange before) {
      SmallVector<Value> after(before), dy;
      for (int64_t b = 0; b < blocks; ++b)
        dy.push_back(gradient.loadLanes(s.b, s.loc, {n, s.add(outputBlock, b), zero, zero}));
      for (int64_t i = 0; i < count; ++i) {
        Value x = source.load(s, {n, {}, zero, zero}, outputBlock, inputBlock, s.index(first + i));
        for (int64_t b = 0; b < blocks; ++b)
          after[i * blocks + b] = s.fma(x, dy[b], after[i * blocks + b]);
      }
      return after;
    };
    SmallVector<Value> sums = s.forEach(zero, s.n, mostTerms, zeros, [&](Value part, ValueRange before) {
      Value end = arith::MinUIOp::create(s.b, s.loc, s.add(part, mostTerms), s.n);
      return s.addEach(before, s.forEach(part, end, 1, zeros, addProducts));
    });
    for (int64_t i = 0; i < count; ++i)
      for (int64_t b = 0; b < blocks; ++b) {
        Value number = result.number(s, s.add(outputBlock, b), inputBlock, zero, zero, s.index(first + i));
        kernel.finish(s, {zero, number, zero, zero}, sums[i * blocks + b]);
      }
  };
  // The gap behind the last input reads the input's gap: zeros.
  SmallVector<Run, 2> runs = balancedRuns(ceilDiv(gradient.channels(), blockSize), blocksPerTile);
  int64_t units = ceilDiv(ceilDiv(gradient.channels(), blockSize), blocksPerTile) * inputBlocks,
          tasks = std::min(units, mostTasks);
  kernel.stage(0, tasks, [&](StageBuilder &s) {
    auto [firstUnit, lastUnit] = share(s, s.index(units), s.task, tasks);
    s.forEach(firstUnit, lastUnit, 1, [&](Value unit) {
      Value tile = s.div(unit, inputBlocks), inputBlock = s.rem(unit, inputBlocks);
      forEachTile(s, runs, tile, s.add(tile, 1), [&](int64_t blocks, Value outputBlock) {
        for (const Run &run : balancedRuns(block, isWide ? 24 / blocks : 6))
          for (int64_t i = 0; i < run.count; ++i)
            emitTile(s, outputBlock, blocks, inputBlock, run.first + i * run.size, run.size);
      });
    });
  });
  return success();
}

} // namespace cnnc::tile
