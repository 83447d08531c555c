//===- NormEmitters.cpp - batch norm in training and its gradient ---------===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Reduction.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

/// Stores a further result of the leader, if anything uses it.
void storeFurther(KernelBuilder &kernel, StageBuilder &s, Value result, Value block, Value lanes) {
  if (const TensorView *view = kernel.resultOf(result))
    view->storeLanes(s.b, s.loc, blockOnly(s, block), lanes);
}

/// The sum of a row, in several chains of additions so that none is waited for.
Value sumOfRow(StageBuilder &s, int64_t width, llvm::function_ref<Value(Value x)> term) {
  constexpr int64_t chains = 4;
  Values sums(chains, s.splat(0));
  auto addTerms = [&](Value x, int64_t count, ValueRange before) {
    Values after(before);
    for (int64_t i = 0; i < count; ++i)
      after[i] = s.addf(after[i], term(s.add(x, i)));
    return after;
  };
  int64_t full = width / chains * chains;
  sums = s.forEach(s.index(0), s.index(full), chains, sums, [&](Value x, ValueRange in) { return addTerms(x, chains, in); });
  sums = addTerms(s.index(full), width - full, sums);
  return s.addf(s.addf(sums[0], sums[1]), s.addf(sums[2], sums[3]));
}

/// {sum, sum of squared differences from its mean} of a row of an image, in two passes, the second from the L1.
Values rowMoments(KernelBuilder &kernel, StageBuilder &s, Value input, const Extents &extents, Value n, Value block, Value y) {
  auto load = [&](Value x) { return kernel.load(s, {n, block, y, x}, input); };
  Value total = sumOfRow(s, extents.width, load), mean = s.mulf(total, s.splat(1.0 / double(extents.width)));
  Value squares = sumOfRow(s, extents.width, [&](Value x) {
    Value difference = s.subf(load(x), mean);
    return s.mulf(difference, difference);
  });
  return {total, squares};
}

/// {mean, sum of squared differences from it} of a chunk. Rows are added in double precision, where subtracting the square
/// of the mean loses nothing that matters, so that memory is read once.
Values chunkMoments(KernelBuilder &kernel, StageBuilder &s, Value input, const Extents &extents, const Chunk &chunk,
                    Value block) {
  Value zero = wideZero(s), perRow = s.divf(widen(s, s.splat(1)), widen(s, s.splat(double(extents.width))));
  Values sums = s.forEach(chunk.first, chunk.last, 1, {zero, zero}, [&](Value n, ValueRange images) {
    return s.forEach(s.index(0), s.index(extents.height), 1, images, [&](Value y, ValueRange soFar) -> Values {
      Values row = rowMoments(kernel, s, input, extents, n, block, y);
      Value total = widen(s, row[0]), squares = s.fma(s.mulf(total, perRow), total, widen(s, row[1]));
      return {s.addf(soFar[0], total), s.addf(soFar[1], squares)};
    });
  });
  // An empty chunk has mean 0.
  Value count = widen(s, s.broadcast(s.maxf(chunk.count(s, extents.places()), s.scalar(1))));
  Value mean = s.divf(sums[0], count), squares = s.maxf(s.subf(sums[1], s.mulf(sums[0], mean)), zero);
  return {narrowLanes(s, mean), narrowLanes(s, squares)};
}

/// {mean, sum of squared differences} of all chunks (Chan, Golub and LeVeque, 1979), in order.
Values combineMoments(StageBuilder &s, const ChunkSums &moments, const Extents &extents, Value block) {
  Values start{s.splat(0), s.splat(0), s.scalar(0)};
  return s.forEach(s.index(0), s.index(chunkCount), 1, start, [&](Value number, ValueRange soFar) -> Values {
    Value count = Chunk(s, number).count(s, extents.places()), total = s.addf(soFar[2], count);
    Value share = s.divf(count, s.maxf(total, s.scalar(1)));
    Value difference = s.subf(moments.load(s, block, number, 0), soFar[0]);
    Value mean = s.fma(difference, s.broadcast(share), soFar[0]);
    Value between = s.mulf(s.mulf(difference, difference), s.broadcast(s.mulf(soFar[2], share)));
    Value squares = s.addf(soFar[1], s.addf(moments.load(s, block, number, 1), between));
    return {mean, squares, total};
  });
}

void batchnormTrain(KernelBuilder &kernel, cnn::BatchnormTrainOp op) {
  Extents extents(op.getInput());
  ChunkSums moments(kernel, extents, 2);
  // What the last stage needs of a block: mean, scale · inverse standard deviation.
  Value statistics = kernel.fixedScratch(extents.blocks() * 2 * plan::blockSize);
  auto slot = [&](StageBuilder &s, Value block, int64_t i) { return s.add(s.mul(block, 2), i); };
  auto compute = [&](StageBuilder &s, const Chunk &chunk, Value block) {
    return chunkMoments(kernel, s, op.getInput(), extents, chunk, block);
  };
  moments.emit(kernel, compute, [&](StageBuilder &s, Value block) {
    Values all = combineMoments(s, moments, extents, block);
    Value count = countOf(s, s.n, extents.places()), mean = all[0];
    Value variance = s.divf(all[1], s.broadcast(count));
    Value unbiased = s.divf(all[1], s.broadcast(s.maxf(s.subf(count, s.scalar(1)), s.scalar(1))));
    Value std = math::sqrt(s, s.addf(variance, s.splat(op.getEpsilon().convertToDouble())));
    Value inverseStd = s.maskGap(block, extents.channels, s.divf(s.splat(1), std));
    Place place = blockOnly(s, block);
    storeVector(s, statistics, slot(s, block, 0), mean);
    storeVector(s, statistics, slot(s, block, 1), s.mulf(kernel.load(s, place, op.getScale()), inverseStd));

    double momentum = op.getMomentum().convertToDouble();
    auto running = [&](Value before, Value now) {
      return s.fma(s.splat(1 - momentum), kernel.load(s, place, before), s.mulf(s.splat(momentum), now));
    };
    storeFurther(kernel, s, op.getMean(), block, mean);
    storeFurther(kernel, s, op.getInverseStd(), block, inverseStd);
    storeFurther(kernel, s, op.getNewRunningMean(), block, running(op.getRunningMean(), mean));
    storeFurther(kernel, s, op.getNewRunningVariance(), block, running(op.getRunningVariance(), unbiased));
  });
  kernel.stageOverBlocks(extents, [&](StageBuilder &s, Value n, Value block) {
    Value mean = loadVector(s, statistics, slot(s, block, 0)), factor = loadVector(s, statistics, slot(s, block, 1));
    kernel.forEachPlace(s, extents, n, block, [&](const Place &place) {
      Value difference = s.subf(kernel.load(s, place, op.getInput()), mean);
      kernel.finish(s, place, s.fma(difference, factor, kernel.load(s, place, op.getShift())));
    });
  });
}

void batchnormGrad(KernelBuilder &kernel, cnn::BatchnormGradOp op) {
  Extents extents(op.getInput());
  ChunkSums sums(kernel, extents, 2);
  // Of a block: dshift / M, inverseStd · dscale / M, scale · inverseStd.
  Value factors = kernel.fixedScratch(extents.blocks() * 3 * plan::blockSize);
  auto slot = [&](StageBuilder &s, Value block, int64_t i) { return s.add(s.mul(block, 3), i); };
  auto difference = [&](StageBuilder &s, const Place &place, Value mean) {
    return s.subf(kernel.load(s, place, op.getInput()), mean);
  };
  auto compute = [&](StageBuilder &s, const Chunk &chunk, Value block) {
    Value mean = kernel.load(s, blockOnly(s, block), op.getMean());
    return sumOverChunk(s, chunk, block, extents, 2, [&](const Place &place) -> Values {
      Value gradient = kernel.load(s, place, op.getGradient());
      return {gradient, s.mulf(gradient, difference(s, place, mean))};
    });
  };
  sums.emit(kernel, compute, [&](StageBuilder &s, Value block) {
    Place place = blockOnly(s, block);
    Value inverseStd = kernel.load(s, place, op.getInverseStd()), scale = kernel.load(s, place, op.getScale());
    Value shiftGradient = sums.sum(s, block, 0), scaleGradient = s.mulf(sums.sum(s, block, 1), inverseStd);
    Value count = s.broadcast(countOf(s, s.n, extents.places()));
    storeVector(s, factors, slot(s, block, 0), s.divf(shiftGradient, count));
    storeVector(s, factors, slot(s, block, 1), s.mulf(inverseStd, s.divf(scaleGradient, count)));
    storeVector(s, factors, slot(s, block, 2), s.mulf(scale, inverseStd));
    storeFurther(kernel, s, op.getScaleGradient(), block, scaleGradient);
    storeFurther(kernel, s, op.getShiftGradient(), block, shiftGradient);
  });
  kernel.stageOverBlocks(extents, [&](StageBuilder &s, Value n, Value block) {
    Value mean = kernel.load(s, blockOnly(s, block), op.getMean());
    Values factor;
    for (int64_t i = 0; i < 3; ++i)
      factor.push_back(loadVector(s, factors, slot(s, block, i)));
    kernel.forEachPlace(s, extents, n, block, [&](const Place &place) {
      Value rest = s.subf(kernel.load(s, place, op.getGradient()), factor[0]);
      rest = s.subf(rest, s.mulf(difference(s, place, mean), factor[1]));
      kernel.finish(s, place, s.mulf(rest, factor[2]));
    });
  });
}

} // namespace

void registerNormEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::BatchnormTrainOp, batchnormTrain>(context);
    attachLeader<cnn::BatchnormGradOp, batchnormGrad>(context);
  });
}

} // namespace cnnc::tile
