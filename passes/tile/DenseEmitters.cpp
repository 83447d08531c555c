//===- DenseEmitters.cpp - matrix products over a batch of vectors --------===//
//
// y[n, k] = Σ_c x[n, c] · w[k, c]. A register tile is some examples by some
// blocks of 16 outputs; examples that do not fill a tile run one by one, with
// the same order of additions, so that the result for an example does not
// depend on who shares its batch. Long sums are cut into chunks whose weights
// stay in the caches while the batch passes by; each starts at zero, and the
// sums of the chunks meet in scratch.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Contract.h"
#include "passes/tile/ContractionEmitters.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

/// The product with a matrix. For its gradient, what is read of the matrix is
/// turned on the way, a chunk at a time.
class Product {
public:
  Product(KernelBuilder &kernel, const TensorView &input, const Bank &matrix, int64_t outputs, bool turnsMatrix);
  void emit();

private:
  void emitGroup(StageBuilder &s, Value firstBlock, int64_t blocks, Value part);
  /// The matrix [outputs of the group][inputs of the chunk], outputs from `bankBlock` on.
  Bank prepareChunk(StageBuilder &s, Value firstBlock, int64_t blocks, Value first, Value last);
  void forEachTile(StageBuilder &s, int64_t blocks, Value part,
                   llvm::function_ref<void(Value n, int64_t rows, int64_t block, int64_t blocks)> body);
  Value sumPlace(StageBuilder &s, Value outputBlock) { return s.mul(outputBlock, blockSize); }

  KernelBuilder &kernel;
  Bank matrix; ///< as it lies in memory
  bool turnsMatrix;
  Source source;
  RegisterTile tile;
  int64_t inputs, inputBlock, outputBlocks; ///< inputs of the product, in blocks of inputBlock
  int64_t blocksPerChunk, parts, groups;
  Value sums, turned;
};

constexpr int64_t groupBlocks = 4; ///< output blocks that share a pass over the batch

Product::Product(KernelBuilder &kernel, const TensorView &input, const Bank &matrix, int64_t outputs, bool turnsMatrix)
    : kernel(kernel), matrix(matrix), turnsMatrix(turnsMatrix), source(input, {1, input.channels(), outputs}),
      inputs(input.channels()), inputBlock(turnsMatrix ? std::min(blockSize, input.channels()) : matrix.block),
      outputBlocks(ceilDiv(outputs, blockSize)) {
  constexpr int64_t enoughGroups = 16, mostParts = 4, longSum = 32, mostExamples = 12;
  tile = chooseTile(kernel.target, {1, mostExamples, std::min(groupBlocks, outputBlocks), 0});
  int64_t inputBlocks = ceilDiv(inputs, inputBlock);
  blocksPerChunk = inputBlocks > longSum ? longSum / 2 : inputBlocks;
  groups = ceilDiv(outputBlocks, groupBlocks);
  parts = groups >= enoughGroups ? 1 : mostParts;
  if (inputBlocks > blocksPerChunk)
    sums = kernel.perExampleScratch(outputBlocks * blockSize);
  if (turnsMatrix)
    turned = kernel.fixedScratch(groups * parts * groupBlocks * blocksPerChunk * inputBlock * blockSize);
}

Bank Product::prepareChunk(StageBuilder &s, Value firstBlock, int64_t blocks, Value first, Value last) {
  if (!turnsMatrix)
    return matrix;
  Bank bank{turned, blocksPerChunk, 1, 1, inputBlock};
  Value zero = s.index(0), slot = s.mul(s.task, groupBlocks);
  s.forEach(zero, s.index(blocks), 1, [&](Value b) {
    s.forEach(first, last, 1, [&](Value block) {
      transposeBlock(s, kernel.target, matrix, {block, s.add(firstBlock, b), zero, zero}, bank,
                     {s.add(slot, b), s.sub(block, first), zero, zero});
    });
  });
  return bank;
}

void Product::forEachTile(StageBuilder &s, int64_t blocks, Value part,
                          llvm::function_ref<void(Value, int64_t, int64_t, int64_t)> body) {
  Value tiles = s.div(s.n, tile.pixels);
  auto [firstTile, lastTile] = share(s, tiles, part, parts);
  Value lower = s.mul(firstTile, tile.pixels), upper = s.mul(lastTile, tile.pixels);
  // The last part also has the examples that fill no tile.
  Value isLast = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, part, s.index(parts - 1));
  Value end = arith::SelectOp::create(s.b, s.loc, isLast, s.n, upper);
  s.forEach(lower, upper, tile.pixels, [&](Value n) {
    for (const Run &run : balancedRuns(blocks, tile.blocks))
      for (int64_t i = 0; i < run.count; ++i)
        body(n, tile.pixels, run.first + i * run.size, run.size);
  });
  s.forEach(upper, end, 1, [&](Value n) { body(n, 1, 0, blocks); });
}

void Product::emitGroup(StageBuilder &s, Value firstBlock, int64_t blocks, Value part) {
  Value zero = s.index(0);
  int64_t full = inputs / inputBlock, tail = inputs % inputBlock;
  Axis single;
  auto addProducts = [&](const Bank &bank, Value n, int64_t rows, int64_t block, int64_t count, ChannelRange range,
                         ValueRange before) {
    SmallVector<Pixel> pixels;
    for (int64_t row = 0; row < rows; ++row)
      pixels.push_back({n, zero, zero, row});
    Value outputBlock = s.add(turnsMatrix ? s.mul(s.task, groupBlocks) : firstBlock, block);
    return contractBlocks(s, source, bank, single, single, pixels, outputBlock, count, range, before);
  };
  auto finish = [&](Value n, int64_t rows, int64_t block, int64_t count, ValueRange values) {
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t b = 0; b < count; ++b)
        kernel.finish(s, {s.add(n, row), s.add(firstBlock, block + b), zero, zero}, values[row * count + b]);
  };
  auto addTail = [&](const Bank &bank, Value bankFirst, Value n, int64_t rows, int64_t block, int64_t count,
                     SmallVector<Value> values) {
    return tail ? addProducts(bank, n, rows, block, count, {s.index(full), s.index(full + 1), tail, bankFirst}, values) : values;
  };

  if (!sums) {
    Bank bank = prepareChunk(s, firstBlock, blocks, zero, s.index(blocksPerChunk));
    return forEachTile(s, blocks, part, [&](Value n, int64_t rows, int64_t block, int64_t count) {
      SmallVector<Value> values(rows * count, s.splat(0));
      if (full)
        values = addProducts(bank, n, rows, block, count, {zero, s.index(full), inputBlock, {}}, values);
      finish(n, rows, block, count, addTail(bank, {}, n, rows, block, count, values));
    });
  }

  auto load = [&](Value n, int64_t rows, int64_t block, int64_t count) {
    SmallVector<Value> values;
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t b = 0; b < count; ++b)
        values.push_back(vector::LoadOp::create(s.b, s.loc, s.lanesType(), sums,
                                                ValueRange{s.add(n, row), sumPlace(s, s.add(firstBlock, block + b))}));
    return values;
  };
  auto store = [&](Value n, int64_t rows, int64_t block, int64_t count, ValueRange values) {
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t b = 0; b < count; ++b)
        vector::StoreOp::create(s.b, s.loc, values[row * count + b], sums,
                                ValueRange{s.add(n, row), sumPlace(s, s.add(firstBlock, block + b))});
  };
  forEachTile(s, blocks, part, [&](Value n, int64_t rows, int64_t block, int64_t count) {
    store(n, rows, block, count, SmallVector<Value>(rows * count, s.splat(0)));
  });
  s.forEach(zero, s.index(full), blocksPerChunk, [&](Value first) {
    Value last = arith::MinUIOp::create(s.b, s.loc, s.add(first, blocksPerChunk), s.index(full));
    Bank bank = prepareChunk(s, firstBlock, blocks, first, last);
    forEachTile(s, blocks, part, [&](Value n, int64_t rows, int64_t block, int64_t count) {
      ChannelRange range{first, last, inputBlock, turnsMatrix ? first : Value()};
      SmallVector<Value> part = addProducts(bank, n, rows, block, count, range, SmallVector<Value>(rows * count, s.splat(0)));
      store(n, rows, block, count, s.addEach(load(n, rows, block, count), part));
    });
  });
  Bank bank = tail ? prepareChunk(s, firstBlock, blocks, s.index(full), s.index(full + 1)) : matrix;
  forEachTile(s, blocks, part, [&](Value n, int64_t rows, int64_t block, int64_t count) {
    Value bankFirst = turnsMatrix ? s.index(full) : Value();
    finish(n, rows, block, count, addTail(bank, bankFirst, n, rows, block, count, load(n, rows, block, count)));
  });
}

void Product::emit() {
  kernel.stage(0, groups * parts, [&](StageBuilder &s) {
    Value part = s.rem(s.task, parts), group = s.div(s.task, parts);
    tile::forEachTile(s, balancedRuns(outputBlocks, groupBlocks), group, s.add(group, 1),
                      [&](int64_t blocks, Value firstBlock) { emitGroup(s, firstBlock, blocks, part); });
  });
}

} // namespace

static Bank bankOf(const TensorView &kernel) {
  int64_t block = kernel.getLayout().getBlock();
  return {kernel.getMemRef(), ceilDiv(kernel.getTensorType().getDimSize(1), block), 1, 1, block};
}

LogicalResult emitDense(Operation *leader, KernelBuilder &kernel) {
  auto op = cast<cnn::DenseOp>(leader);
  Product(kernel, kernel.view(op.getInput()), bankOf(kernel.view(op.getKernel())), op.getType().getDimSize(1),
          /*turnsMatrix=*/false)
      .emit();
  return success();
}

LogicalResult emitDenseInputGrad(Operation *leader, KernelBuilder &kernel) {
  auto op = cast<cnn::DenseInputGradOp>(leader);
  Product(kernel, kernel.view(op.getGradient()), bankOf(kernel.view(op.getKernel())), op.getType().getDimSize(1),
          /*turnsMatrix=*/true)
      .emit();
  return success();
}

} // namespace cnnc::tile
