//===- LossEmitters.cpp - losses that are means over all elements ---------===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Reduction.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using Term = llvm::function_ref<Value(StageBuilder &, Value prediction, Value target)>;

/// The mean of a term over all elements; summed in f64.
template <typename OpTy> void emitMean(KernelBuilder &kernel, OpTy op, Term term) {
  Extents extents(op.getPrediction());
  Value scratch = kernel.fixedScratch(chunkCount);
  kernel.stage(0, chunkCount, [&](StageBuilder &s) {
    Chunk chunk(s, s.task);
    Values sum = s.forEach(chunk.first, chunk.last, 1, wideZero(s), [&](Value n, ValueRange examples) {
      return s.forEach(s.index(0), s.index(extents.blocks()), 1, examples, [&](Value block, ValueRange blocks) {
        return s.forEach(s.index(0), s.index(extents.height), 1, blocks, [&](Value y, ValueRange rows) {
          return s.forEach(s.index(0), s.index(extents.width), 1, rows, [&](Value x, ValueRange soFar) -> Values {
            Place place{n, block, y, x};
            Value lanes = term(s, kernel.load(s, place, op.getPrediction()), kernel.load(s, place, op.getTarget()));
            return {addWide(s, soFar[0], s.maskGap(block, extents.channels, lanes))};
          });
        });
      });
    });
    memref::StoreOp::create(s.b, s.loc, narrow(s, sum[0]), scratch, s.task);
  });
  kernel.stage(0, 1, [&](StageBuilder &s) {
    Value count = countOf(s, s.n, extents.channels * extents.places());
    kernel.finish(s, nowhere(s), s.broadcast(s.divf(sumOfScratch(s, scratch, 0, chunkCount, 1), count)));
  });
}

/// A term of each element times dloss / count.
template <typename OpTy> void emitMeanGrad(KernelBuilder &kernel, OpTy op, Term term) {
  Extents extents(op.getPrediction());
  kernel.stageOverPlaces(extents, [&](StageBuilder &s, const Place &place) {
    Value count = s.broadcast(countOf(s, s.n, extents.channels * extents.places()));
    Value share = s.divf(kernel.load(s, place, op.getGradient()), count);
    Value lanes = s.mulf(term(s, kernel.load(s, place, op.getPrediction()), kernel.load(s, place, op.getTarget())), share);
    kernel.finish(s, place, s.maskGap(place.block, extents.channels, lanes));
  });
}

void meanSquaredError(KernelBuilder &kernel, cnn::MeanSquaredErrorOp op) {
  emitMean(kernel, op, [](StageBuilder &s, Value y, Value t) {
    Value difference = s.subf(y, t);
    return s.mulf(difference, difference);
  });
}
void meanSquaredErrorGrad(KernelBuilder &kernel, cnn::MeanSquaredErrorGradOp op) {
  emitMeanGrad(kernel, op, [](StageBuilder &s, Value y, Value t) { return s.mulf(s.splat(2), s.subf(y, t)); });
}

void binaryCrossEntropy(KernelBuilder &kernel, cnn::BinaryCrossEntropyOp op) {
  if (op.getFromLogits())
    return emitMean(kernel, op, [](StageBuilder &s, Value y, Value t) {
      Value zero = s.splat(0), tail = math::log1p(s, math::exp(s, s.subf(zero, math::absolute(s, y))));
      return s.addf(s.subf(s.maxf(zero, y), s.mulf(y, t)), tail);
    });
  emitMean(kernel, op, [](StageBuilder &s, Value y, Value t) {
    Value lowest = s.splat(-100), zero = s.splat(0), one = s.splat(1);
    Value yes = s.maxf(lowest, math::log(s, y)), no = s.maxf(lowest, math::log1p(s, s.subf(zero, y)));
    return s.subf(zero, s.fma(t, yes, s.mulf(s.subf(one, t), no)));
  });
}
void binaryCrossEntropyGrad(KernelBuilder &kernel, cnn::BinaryCrossEntropyGradOp op) {
  if (op.getFromLogits())
    return emitMeanGrad(kernel, op, [](StageBuilder &s, Value y, Value t) { return s.subf(math::sigmoid(s, y), t); });
  emitMeanGrad(kernel, op, [](StageBuilder &s, Value y, Value t) {
    return s.divf(s.subf(y, t), s.maxf(s.splat(1e-12), s.mulf(y, s.subf(s.splat(1), y))));
  });
}

/// s = 2 t - 1
Value signOf(StageBuilder &s, Value target) { return s.fma(target, s.splat(2), s.splat(-1)); }
void perceptronLoss(KernelBuilder &kernel, cnn::PerceptronLossOp op) {
  emitMean(kernel, op,
           [](StageBuilder &s, Value y, Value t) { return s.maxf(s.splat(0), s.subf(s.splat(0), s.mulf(signOf(s, t), y))); });
}
void perceptronLossGrad(KernelBuilder &kernel, cnn::PerceptronLossGradOp op) {
  emitMeanGrad(kernel, op, [](StageBuilder &s, Value y, Value t) {
    Value sign = signOf(s, t), right = math::greater(s, s.mulf(sign, y), s.splat(0));
    return math::select(s, right, s.splat(0), s.subf(s.splat(0), sign));
  });
}

} // namespace

void registerLossEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::MeanSquaredErrorOp, meanSquaredError>(context);
    attachLeader<cnn::MeanSquaredErrorGradOp, meanSquaredErrorGrad>(context);
    attachLeader<cnn::BinaryCrossEntropyOp, binaryCrossEntropy>(context);
    attachLeader<cnn::BinaryCrossEntropyGradOp, binaryCrossEntropyGrad>(context);
    attachLeader<cnn::PerceptronLossOp, perceptronLoss>(context);
    attachLeader<cnn::PerceptronLossGradOp, perceptronLossGrad>(context);
  });
}

} // namespace cnnc::tile
