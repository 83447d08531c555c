//===- ConvKernelGradEmitter.cpp - gradient of a convolution by its kernel ===//
//
// An outer product per pixel: some inputs under some taps by some blocks of 16
// outputs stay in registers while a strip of pixels small enough for the L1
// passes by; then they are added to what lies in scratch, so that no chain of
// additions is long. A unit of work is one block of inputs by one tile of output
// blocks, under all taps, so that a strip comes from memory once. Where there
// are few units, the batch is cut into a fixed number of chunks, whose sums a
// second stage adds in order.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/ContractionEmitters.h"
#include "passes/tile/ConvPlanes.h"

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;

namespace {

class KernelGrad {
public:
  KernelGrad(cnn::ConvKernelGradOp op, KernelBuilder &kernel);
  void emit();

private:
  /// One accumulator row: tap (r, t), input `lane` of the block.
  struct Input {
    Value r, t;
    int64_t lane;
  };
  void emitUnit(StageBuilder &s, Value chunk, Value outputBlock, int64_t blocks, Value inputBlock);
  /// The pixels whose products meet the same accumulators.
  struct Strip {
    std::pair<Value, Value> examples, rows; ///< [first, last)
    Value column;
    int64_t columns;
  };
  void emitStrip(StageBuilder &s, Value chunk, Value outputBlock, int64_t blocks, Value inputBlock, const Strip &strip);
  void accumulate(StageBuilder &s, Value chunk, Value outputBlock, int64_t blocks, Value inputBlock, ArrayRef<Input> inputs,
                  const Strip &strip);
  void forEachVector(StageBuilder &s, Value outputBlock, int64_t blocks, Value inputBlock, llvm::function_ref<void(Value)> body);
  Value partial(StageBuilder &s, Value chunk, Value number) { return s.mul(s.add(s.mul(chunk, vectors), number), blockSize); }
  void finish(StageBuilder &s, Value number, Value lanes) {
    Value zero = s.index(0);
    kernel.finish(s, {zero, number, zero, zero}, lanes);
  }

  KernelBuilder &kernel;
  const TensorView &input, &gradient;
  Bank result; ///< the shape of dw; its memref is the scratch
  Source source;
  int64_t channels, outputBlocks; ///< inputs of a group, K / 16
  int64_t strideY, strideX, dilationY, dilationX, padTop, padLeft;
  int64_t inputsPerTile, fewestInputs, blocksPerTile, vectors, chunks = 1;
};

} // namespace

static Grouping groupingOf(cnn::ConvKernelGradOp op) {
  int64_t groups = op.getGroups();
  return {groups, op.getInput().getType().getDimSize(1) / groups, op.getType().getDimSize(0) / groups};
}

KernelGrad::KernelGrad(cnn::ConvKernelGradOp op, KernelBuilder &kernel)
    : kernel(kernel), input(kernel.view(op.getInput())), gradient(kernel.view(op.getGradient())), source(input, groupingOf(op)) {
  RankedTensorType type = op.getType();
  int64_t block = plan::parameterLayout(type).getBlock();
  channels = type.getDimSize(1);
  outputBlocks = ceilDiv(type.getDimSize(0), blockSize);
  result = {{}, ceilDiv(channels, block), type.getDimSize(2), type.getDimSize(3), block};
  strideY = op.getStride()[0], strideX = op.getStride()[1];
  dilationY = op.getDilation()[0], dilationX = op.getDilation()[1];
  padTop = op.getPad()[0], padLeft = op.getPad()[1];
  vectors = outputBlocks * result.inputBlocks * result.rows * result.columns * block;
  // With 16 registers of 8 lanes, 6 inputs by 1 block; with 32 of 16 lanes, 12 by 2 or 24 by 1. Eight sums hide the
  // latency of a multiply-add.
  bool isWide = kernel.target.blockRegisters() >= 32;
  blocksPerTile = isWide && source.sharingBlocks() % 2 == 0 ? 2 : 1;
  inputsPerTile = isWide ? 24 / blocksPerTile : 6;
  fewestInputs = isWide ? 8 / blocksPerTile : 3;
}

void KernelGrad::accumulate(StageBuilder &s, Value chunk, Value outputBlock, int64_t blocks, Value inputBlock,
                            ArrayRef<Input> inputs, const Strip &strip) {
  constexpr int64_t unroll = 4;
  SmallVector<Value> sums(inputs.size() * blocks, s.splat(0)), places;
  for (const Input &in : inputs)
    for (int64_t b = 0; b < blocks; ++b)
      places.push_back(partial(s, chunk, result.number(s, s.add(outputBlock, b), inputBlock, in.r, in.t, s.index(in.lane))));
  auto overPixels = [&](Value n, Value y, ValueRange carried) {
    auto step = [&](Value x, int64_t steps, ValueRange before) {
      SmallVector<Value> after(before);
      for (int64_t u = 0; u < steps; ++u) {
        SmallVector<Value> dy;
        for (int64_t b = 0; b < blocks; ++b)
          dy.push_back(gradient.loadLanes(s.b, s.loc, {n, s.add(outputBlock, b), y, s.add(x, u)}));
        for (auto [i, in] : llvm::enumerate(inputs)) {
          Value inputY = s.sub(s.add(s.mul(y, strideY), s.mul(in.r, dilationY)), s.index(padTop));
          Value inputX = s.add(s.add(s.mul(x, strideX), s.mul(in.t, dilationX)), u * strideX - padLeft);
          Value lanes = source.load(s, {n, {}, inputY, inputX}, outputBlock, inputBlock, s.index(in.lane));
          for (int64_t b = 0; b < blocks; ++b)
            after[i * blocks + b] = s.fma(lanes, dy[b], after[i * blocks + b]);
        }
      }
      return after;
    };
    int64_t full = strip.columns / unroll * unroll;
    Value end = s.add(strip.column, full);
    SmallVector<Value> after(carried);
    if (full)
      after = s.forEach(strip.column, end, unroll, after, [&](Value x, ValueRange in) { return step(x, unroll, in); });
    return full < strip.columns ? step(end, strip.columns - full, after) : after;
  };
  sums = s.forEach(strip.examples.first, strip.examples.second, 1, sums, [&](Value n, ValueRange outer) {
    return s.forEach(strip.rows.first, strip.rows.second, 1, outer,
                     [&](Value y, ValueRange inner) { return overPixels(n, y, inner); });
  });
  for (auto [place, sum] : llvm::zip_equal(places, sums)) {
    Value before = vector::LoadOp::create(s.b, s.loc, s.lanesType(), result.memref, ValueRange{place});
    vector::StoreOp::create(s.b, s.loc, s.addf(before, sum), result.memref, ValueRange{place});
  }
}

void KernelGrad::emitStrip(StageBuilder &s, Value chunk, Value outputBlock, int64_t blocks, Value inputBlock,
                           const Strip &strip) {
  auto overTiles = [&](ArrayRef<Input> inputs, int64_t limit) {
    for (const Run &run : balancedRuns(inputs.size(), limit))
      for (int64_t tile = 0; tile < run.count; ++tile)
        accumulate(s, chunk, outputBlock, blocks, inputBlock, inputs.slice(run.first + tile * run.size, run.size), strip);
  };
  auto overTaps = [&](int64_t lanes) {
    // A tile of few inputs would wait for its sums: it goes on under the next rows of taps.
    bool joinsRows = lanes < blockSize / 2;
    s.forEach(0, joinsRows ? 1 : result.rows, 1, [&](Value firstRow) {
      SmallVector<Input> inputs;
      auto addColumn = [&](Value t) {
        for (int64_t row = 0; row < (joinsRows ? result.rows : 1); ++row)
          for (int64_t lane = 0; lane < lanes; ++lane)
            inputs.push_back({s.add(firstRow, row), t, lane});
      };
      if (lanes * (joinsRows ? result.rows : 1) >= fewestInputs)
        return s.forEach(0, result.columns, 1, [&](Value t) {
          addColumn(t);
          overTiles(inputs, inputsPerTile);
        });
      // And under the next columns. What neighbouring pixels read under those is loaded once and stays in a register.
      for (int64_t t = 0; t < result.columns; ++t)
        addColumn(s.index(t));
      overTiles(inputs, kernel.target.blockRegisters() < 32 ? fewestInputs : inputsPerTile);
    });
  };
  if (channels % result.block == 0)
    return overTaps(result.block);
  Value isLast = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, inputBlock, s.index(result.inputBlocks - 1));
  s.ifThenElse(isLast, [&] { overTaps(channels % result.block); }, [&] { overTaps(result.block); });
}

/// The numbers of all vectors of dw that belong to a unit.
void KernelGrad::forEachVector(StageBuilder &s, Value outputBlock, int64_t blocks, Value inputBlock,
                               llvm::function_ref<void(Value)> body) {
  Value zero = s.index(0);
  s.forEach(0, blocks, 1, [&](Value b) {
    Value first = result.number(s, s.add(outputBlock, b), inputBlock, zero, zero, zero);
    s.forEach(first, s.add(first, result.rows * result.columns * result.block), 1, body);
  });
}

void KernelGrad::emitUnit(StageBuilder &s, Value chunk, Value outputBlock, int64_t blocks, Value inputBlock) {
  constexpr int64_t stripBytes = 24 << 10;
  Value zeros = s.splat(0);
  forEachVector(s, outputBlock, blocks, inputBlock, [&](Value number) {
    vector::StoreOp::create(s.b, s.loc, zeros, result.memref, ValueRange{partial(s, chunk, number)});
  });
  int64_t height = gradient.height(), width = gradient.width();
  SmallVector<Run, 2> columns = balancedRuns(width, 2 * mostTerms);
  int64_t rowBytes = 4 * columns[0].size * (strideX * std::min(blockSize, input.channels()) + blockSize * blocks);
  int64_t rowsPerStrip = std::clamp<int64_t>(stripBytes / rowBytes, 1, height);
  int64_t examplesPerStrip = rowsPerStrip < height ? 1 : std::max<int64_t>(1, stripBytes / (rowBytes * height));
  auto [first, last] = share(s, s.n, chunk, chunks);
  s.forEach(first, last, examplesPerStrip, [&, last = last](Value n) {
    Value end = arith::MinUIOp::create(s.b, s.loc, s.add(n, examplesPerStrip), last);
    forEachTile(s, balancedRuns(height, rowsPerStrip), s.index(0), s.index(ceilDiv(height, rowsPerStrip)),
                [&](int64_t rows, Value y) {
                  forEachTile(s, columns, s.index(0), s.index(ceilDiv(width, 2 * mostTerms)), [&](int64_t count, Value x) {
                    emitStrip(s, chunk, outputBlock, blocks, inputBlock, {{n, end}, {y, s.add(y, rows)}, x, count});
                  });
                });
  });
  if (chunks > 1)
    return;
  forEachVector(s, outputBlock, blocks, inputBlock, [&](Value number) {
    finish(s, number, vector::LoadOp::create(s.b, s.loc, s.lanesType(), result.memref, ValueRange{partial(s, chunk, number)}));
  });
}

void KernelGrad::emit() {
  constexpr int64_t enoughTasks = 16, mostTasks = 64;
  SmallVector<Run, 2> runs = balancedRuns(outputBlocks, blocksPerTile);
  int64_t outputTiles = ceilDiv(outputBlocks, blocksPerTile), units = outputTiles * result.inputBlocks;
  if (units < enoughTasks)
    chunks = ceilDiv(enoughTasks, units);
  result.memref = kernel.fixedScratch(chunks * vectors * blockSize);
  int64_t tasks = std::min(units, mostTasks);
  kernel.stage(0, tasks * chunks, [&](StageBuilder &s) {
    Value chunk = s.rem(s.task, chunks);
    auto [first, last] = share(s, s.index(units), s.div(s.task, chunks), tasks);
    s.forEach(first, last, 1, [&](Value unit) {
      Value tile = s.div(unit, result.inputBlocks), inputBlock = s.rem(unit, result.inputBlocks);
      forEachTile(s, runs, tile, s.add(tile, 1),
                  [&](int64_t blocks, Value outputBlock) { emitUnit(s, chunk, outputBlock, blocks, inputBlock); });
    });
  });
  if (chunks == 1)
    return;
  constexpr int64_t vectorsPerTask = 512;
  int64_t sumTasks = ceilDiv(vectors, vectorsPerTask);
  kernel.stage(0, sumTasks, [&](StageBuilder &s) {
    auto [first, last] = share(s, s.index(vectors), s.task, sumTasks);
    s.forEach(first, last, 1, [&](Value number) {
      Value sum = s.splat(0);
      for (int64_t chunk = 0; chunk < chunks; ++chunk)
        sum = s.addf(sum, vector::LoadOp::create(s.b, s.loc, s.lanesType(), result.memref,
                                                 ValueRange{partial(s, s.index(chunk), number)}));
      finish(s, number, sum);
    });
  });
}

LogicalResult emitConvKernelGrad(Operation *leader, KernelBuilder &kernel) {
  auto op = cast<cnn::ConvKernelGradOp>(leader);
  if (failed(requireHalo(op, kernel.view(op.getInput()), op.getReach(0))))
    return failure();
  KernelGrad(op, kernel).emit();
  return success();
}

} // namespace cnnc::tile
