//===- ElementwiseEmitters.cpp - activations, arithmetic, per channel -----===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Lanes.h"
#include "passes/tile/Math.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

// The constant comes first: where an element is NaN, the larger of both is the second.
Value relu(StageBuilder &s, cnn::ReluOp, ValueRange in) { return s.maxf(s.splat(0), in[0]); }
Value leakyRelu(StageBuilder &s, cnn::LeakyReluOp op, ValueRange in) {
  return math::select(s, math::greater(s, in[0], s.splat(0)), in[0], s.mulf(in[0], s.splat(op.getSlope().convertToDouble())));
}
Value sigmoid(StageBuilder &s, cnn::SigmoidOp, const Place &, ValueRange in) { return math::sigmoid(s, in[0]); }
Value tanh(StageBuilder &s, cnn::TanhOp, ValueRange in) { return math::tanh(s, in[0]); }
Value step(StageBuilder &s, cnn::StepOp, ValueRange in) {
  return math::select(s, math::greater(s, in[0], s.splat(0)), s.splat(1), s.splat(0));
}
Value affine(StageBuilder &s, cnn::AffineOp op, const Place &, ValueRange in) {
  return s.fma(in[0], s.splat(op.getScale().convertToDouble()), s.splat(op.getOffset().convertToDouble()));
}

Value add(StageBuilder &s, cnn::AddOp, ValueRange in) { return s.addf(in[0], in[1]); }
Value sub(StageBuilder &s, cnn::SubOp, ValueRange in) { return s.subf(in[0], in[1]); }
Value mul(StageBuilder &s, cnn::MulOp, ValueRange in) { return s.mulf(in[0], in[1]); }

Value reluGrad(StageBuilder &s, cnn::ReluGradOp, ValueRange in) {
  return math::select(s, math::greater(s, in[0], s.splat(0)), in[1], s.splat(0));
}
Value leakyReluGrad(StageBuilder &s, cnn::LeakyReluGradOp op, ValueRange in) {
  return math::select(s, math::greater(s, in[0], s.splat(0)), in[1], s.mulf(in[1], s.splat(op.getSlope().convertToDouble())));
}

Value bias(StageBuilder &s, cnn::BiasOp, ValueRange in) { return s.addf(in[0], in[1]); }
Value scaleShift(StageBuilder &s, cnn::ScaleShiftOp, ValueRange in) { return s.fma(in[0], in[1], in[2]); }
Value batchnormInfer(StageBuilder &s, cnn::BatchnormInferOp op, ValueRange in) {
  Value std = math::sqrt(s, s.addf(in[4], s.splat(op.getEpsilon().convertToDouble())));
  return s.fma(s.subf(in[0], in[3]), s.divf(in[1], std), in[2]);
}
Value scale(StageBuilder &s, cnn::ScaleOp, ValueRange in) { return s.mulf(in[0], in[1]); }
Value clamp(StageBuilder &s, cnn::ClampOp, ValueRange in) { return s.minf(in[1], s.maxf(s.subf(s.splat(0), in[1]), in[0])); }

Value convert(StageBuilder &s, cnn::CastOp op, ValueRange in) {
  bool fromInteger = op.getInput().getType().getElementType().isInteger(), toInteger = op.getType().getElementType().isInteger();
  if (fromInteger == toInteger)
    return in[0];
  if (fromInteger)
    return arith::SIToFPOp::create(s.b, s.loc, s.lanesType(), in[0]);
  // The largest float that an i32 holds is 2^31 - 128.
  Value held = s.minf(s.splat(2147483520), s.maxf(in[0], s.splat(-2147483648.0)));
  return arith::FPToSIOp::create(s.b, s.loc, VectorType::get({plan::blockSize}, s.b.getI32Type()), held);
}

/// x · 1 / (255 std) - mean / std, the constants of each channel in its lane.
Value standardize(StageBuilder &s, cnn::StandardizeOp op, const Place &place, ValueRange in) {
  auto type = cast<RankedTensorType>(op.getType());
  int64_t channels = type.getDimSize(1);
  ArrayRef<double> mean = op.getMean(), std = op.getStd();
  auto at = [](ArrayRef<double> values, int64_t channel) { return values[values.size() == 1 ? 0 : channel]; };
  Value factors, offsets;
  for (int64_t first = 0; first < channels; first += plan::blockSize) {
    SmallVector<float> factor(plan::blockSize), offset(plan::blockSize);
    for (int64_t lane = 0; lane < std::min(plan::blockSize, channels - first); ++lane) {
      double divisor = at(std, first + lane);
      factor[lane] = 1 / (255 * divisor);
      offset[lane] = -at(mean, first + lane) / divisor;
    }
    auto constant = [&](ArrayRef<float> values) -> Value {
      return arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(s.lanesType(), values));
    };
    // One block is the rule; of more, the block picks its constants.
    Value here = factors
                     ? arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, place.block, s.index(first / plan::blockSize))
                     : Value();
    factors = factors ? math::select(s, here, constant(factor), factors) : constant(factor);
    offsets = offsets ? math::select(s, here, constant(offset), offsets) : constant(offset);
  }
  return s.fma(in[0], factors, offsets);
}

} // namespace

void registerElementwiseEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::ReluOp::attachInterface<Lanes<cnn::ReluOp, relu>>(*context);
    cnn::LeakyReluOp::attachInterface<Lanes<cnn::LeakyReluOp, leakyRelu>>(*context);
    cnn::SigmoidOp::attachInterface<MaskedLanes<cnn::SigmoidOp, sigmoid>>(*context);
    cnn::TanhOp::attachInterface<Lanes<cnn::TanhOp, tanh>>(*context);
    cnn::StepOp::attachInterface<Lanes<cnn::StepOp, step>>(*context);
    cnn::AffineOp::attachInterface<MaskedLanes<cnn::AffineOp, affine>>(*context);
    cnn::AddOp::attachInterface<Lanes<cnn::AddOp, add>>(*context);
    cnn::SubOp::attachInterface<Lanes<cnn::SubOp, sub>>(*context);
    cnn::MulOp::attachInterface<Lanes<cnn::MulOp, mul>>(*context);
    cnn::ReluGradOp::attachInterface<Lanes<cnn::ReluGradOp, reluGrad>>(*context);
    cnn::LeakyReluGradOp::attachInterface<Lanes<cnn::LeakyReluGradOp, leakyReluGrad>>(*context);
    cnn::BiasOp::attachInterface<Lanes<cnn::BiasOp, bias>>(*context);
    cnn::ScaleShiftOp::attachInterface<Lanes<cnn::ScaleShiftOp, scaleShift>>(*context);
    cnn::StandardizeOp::attachInterface<MaskedLanes<cnn::StandardizeOp, standardize, /*onRows=*/false>>(*context);
    cnn::BatchnormInferOp::attachInterface<Lanes<cnn::BatchnormInferOp, batchnormInfer>>(*context);
    cnn::CastOp::attachInterface<Lanes<cnn::CastOp, convert>>(*context);
    cnn::ScaleOp::attachInterface<Lanes<cnn::ScaleOp, scale>>(*context);
    cnn::ClampOp::attachInterface<Lanes<cnn::ClampOp, clamp>>(*context);
  });
}

} // namespace cnnc::tile
