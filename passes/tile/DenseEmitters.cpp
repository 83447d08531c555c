//===- DenseEmitters.cpp - matrix products over a batch of vectors --------===//
//
// y[n, k] = Σ_c x[n, c] · w[k, c]. A register tile is `rows` examples by
// `blocks` blocks of 16 outputs; examples that do not fill a tile run one by
// one, with the same order of additions, so that the result for an example
// does not depend on who shares its batch.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/KernelBuilder.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Accumulators of a register tile, so that weights and a broadcast fit too.
struct RegisterTile {
  int64_t rows, blocks;
};
RegisterTile chooseTile(const Target &target, int64_t blocks) {
  if (target.blockRegisters() < 32)
    return {6, 1};
  return blocks >= 4 ? RegisterTile{6, 4} : RegisterTile{std::min<int64_t>(12, 24 / blocks), blocks};
}

/// The matrix in memory: [output block][input block][input of the block][16 outputs].
struct Matrix {
  Value memref;
  int64_t inputs, inputBlock, outputBlocks;

  int64_t inputBlocks() const { return ceilDiv(inputs, inputBlock); }
  Value loadLanes(StageBuilder &s, Value outputBlock, Value block, Value input) const {
    Value row = s.add(s.mul(s.add(s.mul(outputBlock, inputBlocks()), block), inputBlock), input);
    return vector::LoadOp::create(s.b, s.loc, s.lanesType(), s.flatten(memref), ValueRange{s.mul(row, blockSize)});
  }
};

/// Emits the products of `rows` examples from `n` on with `blocks` output
/// blocks from `block` on.
void emitTile(KernelBuilder &kernel, StageBuilder &s, const TensorView &input, const Matrix &matrix, Value n, Value block, int64_t rows,
              int64_t blocks) {
  Value zero = s.index(0);
  SmallVector<Value> sums(rows * blocks, s.splat(0));
  auto overInputs = [&](Value inputBlock, int64_t count, ValueRange carried) {
    return s.forEach(s.index(0), s.index(count), 1, carried, [&](Value i, ValueRange before) {
      SmallVector<Value> after(before), weights;
      for (int64_t b = 0; b < blocks; ++b)
        weights.push_back(matrix.loadLanes(s, s.add(block, b), inputBlock, i));
      Value channel = s.add(s.mul(inputBlock, matrix.inputBlock), i);
      for (int64_t row = 0; row < rows; ++row) {
        Value x = s.broadcast(input.loadScalar(s.b, s.loc, s.add(n, row), channel, zero, zero));
        for (int64_t b = 0; b < blocks; ++b)
          after[row * blocks + b] = s.fma(x, weights[b], after[row * blocks + b]);
      }
      return after;
    });
  };
  int64_t full = matrix.inputs / matrix.inputBlock, rest = matrix.inputs % matrix.inputBlock;
  if (full)
    sums = s.forEach(zero, s.index(full), 1, sums, [&](Value inputBlock, ValueRange carried) {
      return overInputs(inputBlock, matrix.inputBlock, carried);
    });
  if (rest)
    sums = overInputs(s.index(full), rest, sums);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t b = 0; b < blocks; ++b)
      kernel.finish(s, {s.add(n, row), s.add(block, b), zero, zero}, sums[row * blocks + b]);
}

/// The stage of a whole product. A task has up to 8 output blocks of one of
/// `parts` parts of the batch.
void emitProduct(KernelBuilder &kernel, const TensorView &input, const Matrix &matrix) {
  constexpr int64_t blocksPerTask = 8, parts = 4;
  int64_t taskBlocks = std::min(blocksPerTask, matrix.outputBlocks), groups = ceilDiv(matrix.outputBlocks, taskBlocks);
  RegisterTile tile = chooseTile(kernel.target, taskBlocks);
  auto overBlocks = [&](StageBuilder &s, Value first, int64_t count, Value n, int64_t rows) {
    int64_t width = rows == 1 ? std::min<int64_t>(count, kernel.target.blockRegisters() / 2) : tile.blocks, full = count / width * width;
    s.forEach(first, s.add(first, full), width, [&](Value block) { emitTile(kernel, s, input, matrix, n, block, rows, width); });
    if (count > full)
      emitTile(kernel, s, input, matrix, n, s.add(first, full), rows, count - full);
  };
  kernel.stage(0, groups * parts, [&](StageBuilder &s) {
    Value part = s.rem(s.task, parts), group = s.div(s.task, parts);
    Value tiles = s.div(s.n, tile.rows);
    // The last part also has the examples that fill no tile.
    Value lower = s.mul(s.div(s.mul(tiles, part), parts), tile.rows), upper = s.mul(s.div(s.mul(tiles, s.add(part, 1)), parts), tile.rows);
    Value isLast = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, part, s.index(parts - 1));
    Value end = arith::SelectOp::create(s.b, s.loc, isLast, s.n, upper);
    auto overBatch = [&](Value first, int64_t count) {
      s.forEach(lower, upper, tile.rows, [&](Value n) { overBlocks(s, first, count, n, tile.rows); });
      s.forEach(upper, end, 1, [&](Value n) { overBlocks(s, first, count, n, 1); });
    };
    int64_t lastBlocks = matrix.outputBlocks - (groups - 1) * taskBlocks;
    if (lastBlocks == taskBlocks)
      return overBatch(s.mul(group, taskBlocks), taskBlocks);
    Value isLastGroup = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, group, s.index(groups - 1));
    s.ifThenElse(
        isLastGroup, [&] { overBatch(s.index((groups - 1) * taskBlocks), lastBlocks); },
        [&] { overBatch(s.mul(group, taskBlocks), taskBlocks); });
  });
}

struct DenseEmitter : KernelEmitterInterface::ExternalModel<DenseEmitter, cnn::DenseOp> {
  LogicalResult emitKernel(Operation *op, KernelBuilder &kernel) const {
    auto dense = cast<cnn::DenseOp>(op);
    const TensorView &input = kernel.view(dense.getInput()), &weights = kernel.view(dense.getKernel());
    emitProduct(kernel, input, {weights.getMemRef(), input.channels(), weights.getLayout().getBlock(), ceilDiv(dense.getType().getDimSize(1), blockSize)});
    return success();
  }
};

/// The same product with the transposed matrix, which a first stage makes.
struct DenseInputGradEmitter : KernelEmitterInterface::ExternalModel<DenseInputGradEmitter, cnn::DenseInputGradOp> {
  LogicalResult emitKernel(Operation *op, KernelBuilder &kernel) const {
    auto dense = cast<cnn::DenseInputGradOp>(op);
    const TensorView &gradient = kernel.view(dense.getGradient()), &weights = kernel.view(dense.getKernel());
    int64_t outputs = gradient.channels(), inputs = dense.getType().getDimSize(1), wBlock = weights.getLayout().getBlock();
    int64_t outputBlocks = ceilDiv(outputs, blockSize), inputBlocks = ceilDiv(inputs, blockSize);
    Matrix matrix{weights.getMemRef(), inputs, wBlock, outputBlocks};
    Value transposed = kernel.fixedScratch(inputBlocks * outputBlocks * blockSize * blockSize);
    kernel.stage(0, inputBlocks, [&](StageBuilder &s) {
      s.forEach(0, outputBlocks, 1, [&](Value outputBlock) {
        // Rows of 16 outputs become columns; beyond the last input they are zero.
        Value start = s.mul(s.add(s.mul(s.task, outputBlocks), outputBlock), blockSize * blockSize);
        for (int64_t i = 0; i < blockSize; ++i) {
          Value lanes = i < wBlock ? matrix.loadLanes(s, outputBlock, s.task, s.index(i)) : s.splat(0);
          for (int64_t k = 0; k < blockSize; ++k)
            memref::StoreOp::create(s.b, s.loc, vector::ExtractOp::create(s.b, s.loc, lanes, k), transposed,
                                    ValueRange{s.add(start, k * blockSize + i)});
        }
      });
    });
    emitProduct(kernel, gradient, {transposed, outputs, blockSize, inputBlocks});
    return success();
  }
};

/// An outer product per example: a task is one block of 16 inputs by one of
/// 16 outputs, whose sums stay in registers over the batch.
struct DenseKernelGradEmitter : KernelEmitterInterface::ExternalModel<DenseKernelGradEmitter, cnn::DenseKernelGradOp> {
  LogicalResult emitKernel(Operation *op, KernelBuilder &kernel) const {
    auto dense = cast<cnn::DenseKernelGradOp>(op);
    const TensorView &input = kernel.view(dense.getInput()), &gradient = kernel.view(dense.getGradient()), &result = kernel.result(0);
    int64_t inputs = input.channels(), inputBlock = result.getLayout().getBlock(), inputBlocks = ceilDiv(inputs, inputBlock);
    int64_t most = kernel.target.blockRegisters() < 32 ? 6 : 16;
    // Inputs [first, first + count) of a block.
    auto emitRun = [&](StageBuilder &s, Value outputBlock, Value block, int64_t first, int64_t count) {
      Value zero = s.index(0);
      SmallVector<Value> sums(count, s.splat(0));
      sums = s.forEach(zero, s.n, 1, sums, [&](Value n, ValueRange before) {
        SmallVector<Value> after(before);
        Value dy = gradient.loadLanes(s.b, s.loc, {n, outputBlock, zero, zero});
        for (int64_t i = 0; i < count; ++i) {
          Value x = input.loadScalar(s.b, s.loc, n, s.add(s.mul(block, inputBlock), first + i), zero, zero);
          after[i] = s.fma(s.broadcast(x), dy, after[i]);
        }
        return after;
      });
      Value row = s.add(s.mul(s.add(s.mul(outputBlock, inputBlocks), block), inputBlock), first);
      for (int64_t i = 0; i < count; ++i)
        result.storeLanes(s.b, s.loc, {zero, s.add(row, i), zero, zero}, sums[i]);
    };
    auto emitBlock = [&](StageBuilder &s, Value outputBlock, Value block, int64_t count) {
      int64_t parts = ceilDiv(count, most);
      for (int64_t part = 0; part < parts; ++part) {
        int64_t first = count * part / parts;
        emitRun(s, outputBlock, block, first, count * (part + 1) / parts - first);
      }
      // A block's rows beyond the last input are zero, like the weights'.
      for (int64_t i = count; i < inputBlock && !result.getLayout().getAccumulate(); ++i) {
        Value row = s.add(s.mul(s.add(s.mul(outputBlock, inputBlocks), block), inputBlock), i);
        result.storeLanes(s.b, s.loc, {row, row, row, row}, s.splat(0));
      }
    };
    int64_t last = inputs - (inputBlocks - 1) * inputBlock;
    kernel.stage(0, inputBlocks * gradient.blocks(), [&](StageBuilder &s) {
      Value block = s.rem(s.task, inputBlocks), outputBlock = s.div(s.task, inputBlocks);
      if (last == inputBlock)
        return emitBlock(s, outputBlock, block, inputBlock);
      Value isLast = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, block, s.index(inputBlocks - 1));
      s.ifThenElse(
          isLast, [&] { emitBlock(s, outputBlock, block, last); }, [&] { emitBlock(s, outputBlock, block, inputBlock); });
    });
    return success();
  }
};

} // namespace

void registerDenseEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::DenseOp::attachInterface<DenseEmitter>(*context);
    cnn::DenseInputGradOp::attachInterface<DenseInputGradEmitter>(*context);
    cnn::DenseKernelGradOp::attachInterface<DenseKernelGradEmitter>(*context);
  });
}

} // namespace cnnc::tile
