//===- GroupnormEmitters.cpp - group and instance norm --------------------===//
//
// Moments are computed for each channel, sixteen at a time, and then combined
// over the channels of a group. Every sum has a fixed order.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Reduction.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

/// Arrays of one number per channel of an example, in scratch.
class ChannelArrays {
public:
  ChannelArrays(KernelBuilder &kernel, const Extents &extents, int64_t arrays)
      : padded(extents.blocks() * blockSize), scratch(kernel.perExampleScratch(arrays * padded)) {}

  Value load(StageBuilder &s, Value n, Value block, int64_t array) const {
    return vector::LoadOp::create(s.b, s.loc, s.lanesType(), scratch, ValueRange{n, place(s, s.mul(block, blockSize), array)});
  }
  void store(StageBuilder &s, Value n, Value block, int64_t array, Value lanes) const {
    vector::StoreOp::create(s.b, s.loc, lanes, scratch, ValueRange{n, place(s, s.mul(block, blockSize), array)});
  }
  Value loadScalar(StageBuilder &s, Value n, Value channel, int64_t array) const {
    return memref::LoadOp::create(s.b, s.loc, scratch, ValueRange{n, place(s, channel, array)});
  }
  void storeScalar(StageBuilder &s, Value n, Value channel, int64_t array, Value value) const {
    memref::StoreOp::create(s.b, s.loc, value, scratch, ValueRange{n, place(s, channel, array)});
  }

private:
  Value place(StageBuilder &s, Value channel, int64_t array) const { return s.add(channel, array * padded); }
  int64_t padded;
  Value scratch;
};

/// The channels of a group, of an example whose number is the task.
struct Group {
  Value first, last;
};

/// Appends a stage that calls `body` for every group of an example.
void stageOverGroups(KernelBuilder &kernel, int64_t groups, int64_t channelsOfGroup,
                     llvm::function_ref<void(StageBuilder &, const Group &)> body) {
  kernel.stage(1, 0, [&](StageBuilder &s) {
    s.forEach(0, groups, 1, [&](Value number) {
      Value first = s.mul(number, channelsOfGroup);
      body(s, {first, s.add(first, channelsOfGroup)});
    });
  });
}

/// The sums over the channels of a group, in order.
Values sumOverGroup(StageBuilder &s, const Group &group, unsigned sums, llvm::function_ref<Values(Value channel)> term) {
  return s.forEach(group.first, group.last, 1, Values(sums, s.scalar(0)), [&](Value channel, ValueRange soFar) {
    Values next;
    for (auto [sum, value] : llvm::zip_equal(soFar, term(channel)))
      next.push_back(s.addf(sum, value));
    return next;
  });
}

Value inverseStdOf(StageBuilder &s, Value variance, Value epsilon, Value one) {
  return s.divf(one, math::sqrt(s, s.addf(variance, epsilon)));
}

/// {mean, sum of squared differences from it} of 16 channels of an example, in two passes.
Values channelMoments(KernelBuilder &kernel, StageBuilder &s, Value input, const Extents &extents, Value n, Value block) {
  auto sum = sumOverImage(s, n, block, extents, 1, [&](const Place &place) -> Values { return {kernel.load(s, place, input)}; });
  Value mean = s.mulf(sum[0], s.splat(1.0 / extents.places()));
  auto squares = sumOverImage(s, n, block, extents, 1, [&](const Place &place) -> Values {
    Value difference = s.subf(kernel.load(s, place, input), mean);
    return {s.mulf(difference, difference)};
  });
  return {mean, squares[0]};
}

/// Stores the statistics, and normalises the places of a channel block.
void normalize(KernelBuilder &kernel, cnn::GroupnormOp op, StageBuilder &s, const Extents &extents, Value n, Value block,
               Value mean, Value inverseStd) {
  mean = s.maskGap(block, extents.channels, mean);
  inverseStd = s.maskGap(block, extents.channels, inverseStd);
  Value zero = s.index(0);
  for (auto [result, lanes] : {std::pair<Value, Value>(op.getMean(), mean), {op.getInverseStd(), inverseStd}})
    if (const TensorView *view = kernel.resultOf(result))
      view->storeLanes(s.b, s.loc, {n, block, zero, zero}, lanes);
  Value factor = s.mulf(kernel.load(s, blockOnly(s, block), op.getScale()), inverseStd);
  kernel.forEachPlace(s, extents, n, block, [&](const Place &place) {
    Value difference = s.subf(kernel.load(s, place, op.getInput()), mean);
    kernel.finish(s, place, s.fma(difference, factor, kernel.load(s, place, op.getShift())));
  });
}

void groupnorm(KernelBuilder &kernel, cnn::GroupnormOp op) {
  Extents extents(op.getInput());
  int64_t groups = op.getGroups(), channels = extents.channels / groups;
  double epsilon = op.getEpsilon().convertToDouble();
  if (channels == 1)
    return kernel.stageOverBlocks(extents, [&](StageBuilder &s, Value n, Value block) {
      Values moments = channelMoments(kernel, s, op.getInput(), extents, n, block);
      Value variance = s.mulf(moments[1], s.splat(1.0 / extents.places()));
      normalize(kernel, op, s, extents, n, block, moments[0], inverseStdOf(s, variance, s.splat(epsilon), s.splat(1)));
    });
  // Of each channel its mean and sum of squares; then the mean and inverse standard deviation of its group.
  ChannelArrays arrays(kernel, extents, 2);
  kernel.stageOverBlocks(extents, [&](StageBuilder &s, Value n, Value block) {
    for (auto [i, lanes] : llvm::enumerate(channelMoments(kernel, s, op.getInput(), extents, n, block)))
      arrays.store(s, n, block, i, lanes);
  });
  stageOverGroups(kernel, groups, channels, [&](StageBuilder &s, const Group &group) {
    Value n = s.task;
    Values sum = sumOverGroup(s, group, 1, [&](Value channel) -> Values { return {arrays.loadScalar(s, n, channel, 0)}; });
    Value mean = s.mulf(sum[0], s.scalar(1.0 / channels));
    // Within the channels, and between them (Chan, Golub and LeVeque, 1979).
    Values squares = sumOverGroup(s, group, 2, [&](Value channel) -> Values {
      Value difference = s.subf(arrays.loadScalar(s, n, channel, 0), mean);
      return {arrays.loadScalar(s, n, channel, 1), s.mulf(difference, difference)};
    });
    Value variance = s.mulf(s.addf(s.mulf(squares[0], s.scalar(1.0 / extents.places())), squares[1]), s.scalar(1.0 / channels));
    Value inverseStd = inverseStdOf(s, variance, s.scalar(epsilon), s.scalar(1));
    s.forEach(group.first, group.last, 1, [&](Value channel) {
      arrays.storeScalar(s, n, channel, 0, mean);
      arrays.storeScalar(s, n, channel, 1, inverseStd);
    });
  });
  kernel.stageOverBlocks(extents, [&](StageBuilder &s, Value n, Value block) {
    normalize(kernel, op, s, extents, n, block, arrays.load(s, n, block, 0), arrays.load(s, n, block, 1));
  });
}

//===----------------------------------------------------------------------===//
// The gradient
//===----------------------------------------------------------------------===//

/// The sum over all examples of array number `array`: those of a chunk, then the chunks, in order.
Value sumOverExamples(StageBuilder &s, const ChannelArrays &arrays, Value block, int64_t array) {
  Values sum = s.forEach(s.index(0), s.index(chunkCount), 1, s.splat(0), [&](Value number, ValueRange soFar) -> Values {
    Chunk chunk(s, number);
    Values part = s.forEach(chunk.first, chunk.last, 1, s.splat(0), [&](Value n, ValueRange inChunk) -> Values {
      return {s.addf(inChunk[0], arrays.load(s, n, block, array))};
    });
    return {s.addf(soFar[0], part[0])};
  });
  return sum[0];
}

void groupnormGrad(KernelBuilder &kernel, cnn::GroupnormGradOp op) {
  Extents extents(op.getInput());
  int64_t groups = op.getGroups(), channels = extents.channels / groups;
  // Of each channel Σ dy and Σ dy · x̂; then the means over its group, times scale.
  ChannelArrays sums(kernel, extents, 2), means(kernel, extents, 2);
  auto normalized = [&](StageBuilder &s, const Place &place) {
    Place statistic{place.n, place.block, s.index(0), s.index(0)};
    Value difference = s.subf(kernel.load(s, place, op.getInput()), kernel.load(s, statistic, op.getMean()));
    return s.mulf(difference, kernel.load(s, statistic, op.getInverseStd()));
  };
  kernel.stageOverBlocks(extents, [&](StageBuilder &s, Value n, Value block) {
    Values both = sumOverImage(s, n, block, extents, 2, [&](const Place &place) -> Values {
      Value gradient = kernel.load(s, place, op.getGradient());
      return {gradient, s.mulf(gradient, normalized(s, place))};
    });
    Value scale = s.mulf(kernel.load(s, blockOnly(s, block), op.getScale()), s.splat(1.0 / extents.places()));
    for (auto [i, lanes] : llvm::enumerate(both)) {
      sums.store(s, n, block, i, lanes);
      means.store(s, n, block, i, s.mulf(lanes, scale));
    }
  });
  if (channels > 1)
    stageOverGroups(kernel, groups, channels, [&](StageBuilder &s, const Group &group) {
      Values total = sumOverGroup(s, group, 2, [&](Value channel) -> Values {
        return {means.loadScalar(s, s.task, channel, 0), means.loadScalar(s, s.task, channel, 1)};
      });
      for (int64_t i : {0, 1}) {
        Value mean = s.mulf(total[i], s.scalar(1.0 / channels));
        s.forEach(group.first, group.last, 1, [&](Value channel) { means.storeScalar(s, s.task, channel, i, mean); });
      }
    });
  kernel.stageOverBlocks(extents, [&](StageBuilder &s, Value n, Value block) {
    Value zero = s.index(0), meanGradient = s.maskGap(block, extents.channels, means.load(s, n, block, 0)),
          meanProduct = s.maskGap(block, extents.channels, means.load(s, n, block, 1)),
          inverseStd = kernel.load(s, {n, block, zero, zero}, op.getInverseStd());
    kernel.forEachPlace(s, extents, n, block, [&](const Place &place) {
      Value scaled = s.mulf(kernel.load(s, place, op.getGradient()), kernel.load(s, place, op.getScale()));
      Value rest = s.subf(s.subf(scaled, meanGradient), s.mulf(normalized(s, place), meanProduct));
      kernel.finish(s, place, s.mulf(rest, inverseStd));
    });
  });
  const TensorView *scaleGradient = kernel.resultOf(op.getScaleGradient()),
                   *shiftGradient = kernel.resultOf(op.getShiftGradient());
  if (scaleGradient || shiftGradient)
    kernel.stage(0, extents.blocks(), [&](StageBuilder &s) {
      for (auto [view, array] : {std::pair(shiftGradient, 0), {scaleGradient, 1}})
        if (view)
          view->storeLanes(s.b, s.loc, blockOnly(s, s.task), sumOverExamples(s, sums, s.task, array));
    });
}

} // namespace

void registerGroupnormEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::GroupnormOp, groupnorm>(context);
    attachLeader<cnn::GroupnormGradOp, groupnormGrad>(context);
  });
}

} // namespace cnnc::tile
