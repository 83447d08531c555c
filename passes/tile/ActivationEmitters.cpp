//===- ActivationEmitters.cpp - activations with and without constants ----===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Lanes.h"
#include "passes/tile/Math.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

Value times(StageBuilder &s, Value x, const APFloat &factor) { return s.mulf(x, s.splat(factor.convertToDouble())); }
Value wherePositive(StageBuilder &s, Value x, Value value, Value otherwise) {
  return math::select(s, math::greater(s, x, s.splat(0)), value, otherwise);
}
// The constant comes first: where an element is NaN, the larger and the smaller of both is the second.
Value between(StageBuilder &s, Value x, double low, double high) { return s.minf(s.splat(high), s.maxf(s.splat(low), x)); }

Value elu(StageBuilder &s, cnn::EluOp op, ValueRange in) {
  return wherePositive(s, in[0], in[0], times(s, math::expm1(s, in[0]), op.getAlpha()));
}
Value selu(StageBuilder &s, cnn::SeluOp op, ValueRange in) {
  double low = op.getAlpha().convertToDouble() * op.getGamma().convertToDouble();
  return wherePositive(s, in[0], times(s, in[0], op.getGamma()), s.mulf(math::expm1(s, in[0]), s.splat(low)));
}
Value celu(StageBuilder &s, cnn::CeluOp op, ValueRange in) {
  Value scaled = s.mulf(in[0], s.splat(1 / op.getAlpha().convertToDouble()));
  return wherePositive(s, in[0], in[0], times(s, math::expm1(s, scaled), op.getAlpha()));
}
Value softsign(StageBuilder &s, cnn::SoftsignOp, ValueRange in) {
  return s.divf(in[0], s.addf(s.splat(1), math::absolute(s, in[0])));
}
Value mish(StageBuilder &s, cnn::MishOp, ValueRange in) {
  // tanh(ln(1 + w)) = n / (n + 2) with n = w (w + 2), w = e^x; from 20 on it is 1.
  Value two = s.splat(2), limit = s.splat(20), w = math::exp(s, s.minf(limit, in[0])), n = s.mulf(w, s.addf(w, two));
  return math::select(s, math::greater(s, in[0], limit), in[0], s.mulf(in[0], s.divf(n, s.addf(n, two))));
}
Value hardSigmoid(StageBuilder &s, cnn::HardSigmoidOp op, const Place &, ValueRange in) {
  return between(s, s.fma(in[0], s.splat(op.getAlpha().convertToDouble()), s.splat(op.getBeta().convertToDouble())), 0, 1);
}
Value hardSwish(StageBuilder &s, cnn::HardSwishOp, ValueRange in) {
  return s.mulf(in[0], between(s, s.fma(in[0], s.splat(1.0 / 6), s.splat(0.5)), 0, 1));
}
Value swish(StageBuilder &s, cnn::SwishOp op, ValueRange in) {
  return s.mulf(in[0], math::sigmoid(s, times(s, in[0], op.getBeta())));
}
Value gelu(StageBuilder &s, cnn::GeluOp op, ValueRange in) {
  constexpr double sqrtHalf = 0.70710678118654752, sqrtTwoOverPi = 0.79788456080286536;
  Value x = in[0], half = s.splat(0.5), inner;
  if (op.getApproximate() == "tanh") {
    Value cubic = s.fma(s.mulf(x, x), s.splat(0.044715), s.splat(1));
    inner = math::tanh(s, s.mulf(s.mulf(x, cubic), s.splat(sqrtTwoOverPi)));
  } else {
    inner = math::erf(s, s.mulf(x, s.splat(sqrtHalf)));
  }
  return s.mulf(x, s.fma(inner, half, half));
}
Value thresholdedRelu(StageBuilder &s, cnn::ThresholdedReluOp op, ValueRange in) {
  // What is below is 0, what is neither NaN.
  Value alpha = s.splat(op.getAlpha().convertToDouble()), zero = s.splat(0);
  Value below = arith::CmpFOp::create(s.b, s.loc, arith::CmpFPredicate::OLE, in[0], alpha);
  return math::select(s, below, zero, in[0]);
}
Value clip(StageBuilder &s, cnn::ClipOp op, const Place &, ValueRange in) {
  Value x = in[0];
  if (std::optional<APFloat> min = op.getMin())
    x = s.maxf(s.splat(min->convertToDouble()), x);
  if (std::optional<APFloat> max = op.getMax())
    x = s.minf(s.splat(max->convertToDouble()), x);
  return x;
}
Value prelu(StageBuilder &s, cnn::PreluOp, ValueRange in) { return wherePositive(s, in[0], in[0], s.mulf(in[0], in[1])); }

} // namespace

void registerActivationEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::EluOp::attachInterface<Lanes<cnn::EluOp, elu>>(*context);
    cnn::SeluOp::attachInterface<Lanes<cnn::SeluOp, selu>>(*context);
    cnn::CeluOp::attachInterface<Lanes<cnn::CeluOp, celu>>(*context);
    cnn::SoftsignOp::attachInterface<Lanes<cnn::SoftsignOp, softsign>>(*context);
    cnn::MishOp::attachInterface<Lanes<cnn::MishOp, mish>>(*context);
    cnn::HardSigmoidOp::attachInterface<MaskedLanes<cnn::HardSigmoidOp, hardSigmoid>>(*context);
    cnn::HardSwishOp::attachInterface<Lanes<cnn::HardSwishOp, hardSwish>>(*context);
    cnn::SwishOp::attachInterface<Lanes<cnn::SwishOp, swish>>(*context);
    cnn::GeluOp::attachInterface<Lanes<cnn::GeluOp, gelu>>(*context);
    cnn::ThresholdedReluOp::attachInterface<Lanes<cnn::ThresholdedReluOp, thresholdedRelu>>(*context);
    cnn::ClipOp::attachInterface<MaskedLanes<cnn::ClipOp, clip>>(*context);
    cnn::PreluOp::attachInterface<Lanes<cnn::PreluOp, prelu>>(*context);
  });
}

} // namespace cnnc::tile
