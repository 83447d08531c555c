//===- SoftmaxEmitters.cpp - softmax and softmax cross entropy ------------===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Gather.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Reduction.h"
#include <limits>

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

/// Carries values over the channel blocks of a place.
Values overBlocks(StageBuilder &s, const Extents &extents, ValueRange start,
                  llvm::function_ref<Values(Value block, ValueRange)> body) {
  return s.forEach(s.index(0), s.index(extents.blocks()), 1, start, body);
}
void forEachPlace(StageBuilder &s, const Extents &extents, llvm::function_ref<void(Value y, Value x)> body) {
  s.forEach(0, extents.height, 1, [&](Value y) { s.forEach(0, extents.width, 1, [&](Value x) { body(y, x); }); });
}
/// A stage with one task per example.
void stageOverExamples(KernelBuilder &kernel, const Extents &extents,
                       llvm::function_ref<void(StageBuilder &, Value y, Value x)> body) {
  kernel.stage(1, 0, [&](StageBuilder &s) {
    s.forEach(0, extents.blocks(), 1, [&](Value block) { kernel.zeroHalos(s, s.task, block); });
    forEachPlace(s, extents, [&](Value y, Value x) { body(s, y, x); });
  });
}

/// Of the channels at one place: the largest, and Σ exp(x - largest).
struct Exponentials {
  Exponentials(StageBuilder &s, KernelBuilder &kernel, Value tensor, const Extents &extents, Value n, Value y, Value x) {
    Value lowest = s.splat(-std::numeric_limits<double>::infinity());
    auto largestLanes = overBlocks(s, extents, lowest, [&](Value block, ValueRange soFar) -> Values {
      Value lanes = kernel.load(s, {n, block, y, x}, tensor);
      if (extents.channels % blockSize)
        lanes = selectChannels(s, block, 0, extents.channels, lanes, lowest);
      return {s.maxf(soFar[0], lanes)};
    });
    largest = maximumOfLanes(s, largestLanes[0]);
    auto sums = overBlocks(s, extents, s.splat(0), [&](Value block, ValueRange soFar) -> Values {
      Value exponential = of(s, kernel.load(s, {n, block, y, x}, tensor));
      return {s.addf(soFar[0], s.maskGap(block, extents.channels, exponential))};
    });
    sum = sumOfLanes(s, sums[0]);
  }
  /// exp(lanes - largest)
  Value of(StageBuilder &s, Value lanes) const { return math::exp(s, s.subf(lanes, s.broadcast(largest))); }
  /// log Σ exp(x)
  Value logSum(StageBuilder &s) const { return s.addf(largest, math::log(s, sum)); }

  Value largest, sum; ///< f32
};

void softmax(KernelBuilder &kernel, cnn::SoftmaxOp op) {
  Extents extents(op.getInput());
  stageOverExamples(kernel, extents, [&](StageBuilder &s, Value y, Value x) {
    Exponentials all(s, kernel, op.getInput(), extents, s.task, y, x);
    Value inverse = s.broadcast(s.divf(s.scalar(1), all.sum));
    s.forEach(0, extents.blocks(), 1, [&](Value block) {
      Place place{s.task, block, y, x};
      Value lanes = s.mulf(all.of(s, kernel.load(s, place, op.getInput())), inverse);
      kernel.finish(s, place, s.maskGap(block, extents.channels, lanes));
    });
  });
}

void softmaxGrad(KernelBuilder &kernel, cnn::SoftmaxGradOp op) {
  Extents extents(op.getOutput());
  stageOverExamples(kernel, extents, [&](StageBuilder &s, Value y, Value x) {
    auto products = overBlocks(s, extents, s.splat(0), [&](Value block, ValueRange soFar) -> Values {
      Place place{s.task, block, y, x};
      return {s.fma(kernel.load(s, place, op.getOutput()), kernel.load(s, place, op.getGradient()), soFar[0])};
    });
    Value sum = s.broadcast(sumOfLanes(s, products[0]));
    s.forEach(0, extents.blocks(), 1, [&](Value block) {
      Place place{s.task, block, y, x};
      Value rest = s.subf(kernel.load(s, place, op.getGradient()), sum);
      kernel.finish(s, place, s.mulf(kernel.load(s, place, op.getOutput()), rest));
    });
  });
}

//===----------------------------------------------------------------------===//
// Softmax cross entropy
//===----------------------------------------------------------------------===//

/// What the loss and its gradient share: labels and class weights.
template <typename OpTy> class CrossEntropy {
public:
  CrossEntropy(KernelBuilder &kernel, OpTy op) : kernel(kernel), op(op), extents(op.getPrediction()) {
    if (op.getClassWeights().empty())
      return;
    // Class weights are looked up by label: constants have no address, so a first stage writes them.
    weights = kernel.fixedScratch(extents.blocks() * blockSize);
    kernel.stage(0, 1, [&](StageBuilder &s) {
      for (int64_t block = 0; block < extents.blocks(); ++block) {
        SmallVector<float> lanes(blockSize);
        for (int64_t c = block * blockSize; c < std::min(extents.channels, (block + 1) * blockSize); ++c)
          lanes[c % blockSize] = op.getClassWeights()[c];
        Value constant = arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(s.lanesType(), ArrayRef<float>(lanes)));
        storeVector(s, weights, s.index(block), constant);
      }
    });
  }

  struct Label {
    Value channel; ///< index, in range even if ignored
    Value counts;  ///< i1: not ignored
    Value weight;  ///< f32, 0 if ignored
  };
  Label label(StageBuilder &s, Value n, Value y, Value x) const {
    Value number = kernel.view(op.getLabel()).loadScalar(s.b, s.loc, n, y, x, {});
    auto i32 = [&](int64_t value) -> Value { return arith::ConstantOp::create(s.b, s.loc, s.b.getI32IntegerAttr(value)); };
    Value counts = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::ne, number, i32(op.getIgnoreLabel()));
    number = arith::SelectOp::create(s.b, s.loc, counts, number, i32(0));
    number = arith::MinUIOp::create(s.b, s.loc, number, i32(extents.channels - 1));
    Value channel = arith::IndexCastUIOp::create(s.b, s.loc, s.b.getIndexType(), number);
    Value weight = weights ? memref::LoadOp::create(s.b, s.loc, weights, channel).getResult() : s.scalar(1);
    return {channel, counts, arith::SelectOp::create(s.b, s.loc, counts, weight, s.scalar(0))};
  }
  /// The weights of the 16 classes of a block; zero in the gap.
  Value weightsOf(StageBuilder &s, Value block) const {
    return weights ? loadVector(s, weights, block) : s.maskGap(block, extents.channels, s.splat(1));
  }
  double sumOfWeights() const {
    if (op.getClassWeights().empty())
      return extents.channels;
    double sum = 0;
    for (double weight : op.getClassWeights())
      sum += weight;
    return sum;
  }
  double smoothing() const { return op.getLabelSmoothing().convertToDouble(); }

  KernelBuilder &kernel;
  mutable OpTy op; ///< ops read their attributes without const
  Extents extents;

private:
  Value weights; ///< scratch; null without class weights
};

Value extend(StageBuilder &s, Value f32) { return arith::ExtFOp::create(s.b, s.loc, s.b.getF64Type(), f32); }

/// Over the examples and places of a chunk, in f64; stores the sums as f32, side by side.
void storeChunkSums(StageBuilder &s, const Extents &extents, unsigned sums, Value scratch,
                    llvm::function_ref<Values(Value n, Value y, Value x)> term) {
  Chunk chunk(s, s.task);
  Values zeros(sums, arith::ConstantOp::create(s.b, s.loc, s.b.getF64FloatAttr(0)));
  Values totals = s.forEach(chunk.first, chunk.last, 1, zeros, [&](Value n, ValueRange examples) {
    return s.forEach(s.index(0), s.index(extents.height), 1, examples, [&](Value y, ValueRange rows) {
      return s.forEach(s.index(0), s.index(extents.width), 1, rows, [&](Value x, ValueRange soFar) {
        Values next;
        for (auto [sum, part] : llvm::zip_equal(soFar, term(n, y, x)))
          next.push_back(s.addf(sum, extend(s, part)));
        return next;
      });
    });
  });
  for (auto [i, total] : llvm::enumerate(totals)) {
    Value part = arith::TruncFOp::create(s.b, s.loc, s.b.getF32Type(), total);
    memref::StoreOp::create(s.b, s.loc, part, scratch, s.add(s.mul(s.task, sums), i));
  }
}

/// a / b, 0 where b is 0.
Value ratio(StageBuilder &s, Value a, Value b) {
  Value some = math::greater(s, b, s.scalar(0));
  return arith::SelectOp::create(s.b, s.loc, some, s.divf(a, arith::SelectOp::create(s.b, s.loc, some, b, s.scalar(1))),
                                 s.scalar(0));
}

void softmaxCrossEntropy(KernelBuilder &kernel, cnn::SoftmaxCrossEntropyOp op) {
  CrossEntropy<cnn::SoftmaxCrossEntropyOp> loss(kernel, op);
  const Extents &extents = loss.extents;
  double smoothing = loss.smoothing();
  Value scratch = kernel.fixedScratch(chunkCount * 2);
  kernel.stage(0, chunkCount, [&](StageBuilder &s) {
    storeChunkSums(s, extents, 2, scratch, [&](Value n, Value y, Value x) -> Values {
      auto label = loss.label(s, n, y, x);
      Value logSum = Exponentials(s, kernel, op.getPrediction(), extents, n, y, x).logSum(s);
      Value atLabel = kernel.view(op.getPrediction()).loadScalar(s.b, s.loc, n, label.channel, y, x);
      Value sum = s.mulf(s.mulf(label.weight, s.scalar(1 - smoothing)), s.subf(logSum, atLabel));
      if (smoothing > 0) {
        auto others = overBlocks(s, extents, s.splat(0), [&](Value block, ValueRange soFar) -> Values {
          Value lanes = s.subf(s.broadcast(logSum), kernel.load(s, {n, block, y, x}, op.getPrediction()));
          return {s.fma(loss.weightsOf(s, block), lanes, soFar[0])};
        });
        sum = s.addf(sum, s.mulf(s.scalar(smoothing / extents.channels), sumOfLanes(s, others[0])));
      }
      return {arith::SelectOp::create(s.b, s.loc, label.counts, sum, s.scalar(0)), label.weight};
    });
  });
  kernel.stage(0, 1, [&](StageBuilder &s) {
    Value sum = sumOfScratch(s, scratch, 0, chunkCount, 2), weight = sumOfScratch(s, scratch, 1, chunkCount, 2);
    kernel.finish(s, nowhere(s), s.broadcast(ratio(s, sum, weight)));
  });
}

void softmaxCrossEntropyGrad(KernelBuilder &kernel, cnn::SoftmaxCrossEntropyGradOp op) {
  CrossEntropy<cnn::SoftmaxCrossEntropyGradOp> loss(kernel, op);
  const Extents &extents = loss.extents;
  double smoothing = loss.smoothing() / extents.channels;
  Value scratch = kernel.fixedScratch(chunkCount);
  kernel.stage(0, chunkCount, [&](StageBuilder &s) {
    storeChunkSums(s, extents, 1, scratch, [&](Value n, Value y, Value x) -> Values { return {loss.label(s, n, y, x).weight}; });
  });
  kernel.stage(1, 0, [&](StageBuilder &s) {
    Value n = s.task;
    Value gradient = vector::ExtractOp::create(s.b, s.loc, kernel.load(s, nowhere(s), op.getGradient()), 0);
    Value share = ratio(s, gradient, sumOfScratch(s, scratch, 0, chunkCount, 1));
    s.forEach(0, extents.blocks(), 1, [&](Value block) { kernel.zeroHalos(s, n, block); });
    forEachPlace(s, extents, [&](Value y, Value x) {
      auto label = loss.label(s, n, y, x);
      Exponentials all(s, kernel, op.getPrediction(), extents, n, y, x);
      Value inverse = s.broadcast(s.divf(s.scalar(1), all.sum));
      Value factor = s.broadcast(arith::SelectOp::create(s.b, s.loc, label.counts, share, s.scalar(0)));
      Value weight = s.broadcast(s.mulf(label.weight, s.scalar(1 - loss.smoothing())));
      s.forEach(0, extents.blocks(), 1, [&](Value block) {
        Place place{n, block, y, x};
        Value probability = s.mulf(all.of(s, kernel.load(s, place, op.getPrediction())), inverse);
        Value result = s.mulf(s.subf(probability, oneHot(s, block, label.channel)), weight);
        if (smoothing > 0) {
          Value others = s.subf(s.mulf(probability, s.splat(loss.sumOfWeights())), loss.weightsOf(s, block));
          result = s.fma(others, s.splat(smoothing), result);
        }
        kernel.finish(s, place, s.maskGap(block, extents.channels, s.mulf(result, factor)));
      });
    });
  });
}

} // namespace

void registerSoftmaxEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::SoftmaxOp, softmax>(context);
    attachLeader<cnn::SoftmaxGradOp, softmaxGrad>(context);
    attachLeader<cnn::SoftmaxCrossEntropyOp, softmaxCrossEntropy>(context);
    attachLeader<cnn::SoftmaxCrossEntropyGradOp, softmaxCrossEntropyGrad>(context);
  });
}

} // namespace cnnc::tile
