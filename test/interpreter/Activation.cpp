//===- Activation.cpp - activations with and without constants ------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Maps.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
static double softplus(double x) { return std::log1p(std::exp(-std::fabs(x))) + (x < 0 ? 0 : x); }
/// NaN where x is.
static double between(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

static void evaluateElu(cnn::EluOp op, Evaluation &e) {
  map(e, [alpha = op.getAlpha().convertToDouble()](double x) { return x > 0 ? x : alpha * std::expm1(x); });
}
static void evaluateSelu(cnn::SeluOp op, Evaluation &e) {
  map(e, [alpha = op.getAlpha().convertToDouble(), gamma = op.getGamma().convertToDouble()](double x) {
    return gamma * (x > 0 ? x : alpha * std::expm1(x));
  });
}
static void evaluateCelu(cnn::CeluOp op, Evaluation &e) {
  map(e, [alpha = op.getAlpha().convertToDouble()](double x) { return x > 0 ? x : alpha * std::expm1(x / alpha); });
}
static void evaluateSoftplus(cnn::SoftplusOp, Evaluation &e) { map(e, softplus); }
static void evaluateSoftsign(cnn::SoftsignOp, Evaluation &e) {
  map(e, [](double x) { return x / (1 + std::fabs(x)); });
}
static void evaluateMish(cnn::MishOp, Evaluation &e) {
  map(e, [](double x) { return x * std::tanh(softplus(x)); });
}
static void evaluateHardSigmoid(cnn::HardSigmoidOp op, Evaluation &e) {
  map(e, [alpha = op.getAlpha().convertToDouble(), beta = op.getBeta().convertToDouble()](double x) {
    return between(alpha * x + beta, 0, 1);
  });
}
static void evaluateHardSwish(cnn::HardSwishOp, Evaluation &e) {
  map(e, [](double x) { return x * between(x / 6 + 0.5, 0, 1); });
}
static void evaluateSwish(cnn::SwishOp op, Evaluation &e) {
  map(e, [beta = op.getBeta().convertToDouble()](double x) { return x * sigmoid(beta * x); });
}
static void evaluateGelu(cnn::GeluOp op, Evaluation &e) {
  if (op.getApproximate() == "tanh")
    map(e, [](double x) { return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); });
  else
    map(e, [](double x) { return x / 2 * (1 + std::erf(x / std::sqrt(2))); });
}
static void evaluateThresholdedRelu(cnn::ThresholdedReluOp op, Evaluation &e) {
  map(e, [alpha = op.getAlpha().convertToDouble()](double x) { return x <= alpha ? 0 : x; });
}
static void evaluateClip(cnn::ClipOp op, Evaluation &e) {
  std::optional<APFloat> min = op.getMin(), max = op.getMax();
  map(e, [&](double x) {
    if (min && x < min->convertToDouble())
      x = min->convertToDouble();
    return max && x > max->convertToDouble() ? max->convertToDouble() : x;
  });
}
static void evaluatePrelu(cnn::PreluOp, Evaluation &e) {
  mapChannels(e, [&](double x, int64_t c) { return x > 0 ? x : e.operand(1)[c] * x; });
}

void interpreter::attachActivationEvaluators(MLIRContext *context) {
  attach<cnn::EluOp, evaluateElu>(context);
  attach<cnn::SeluOp, evaluateSelu>(context);
  attach<cnn::CeluOp, evaluateCelu>(context);
  attach<cnn::SoftplusOp, evaluateSoftplus>(context);
  attach<cnn::SoftsignOp, evaluateSoftsign>(context);
  attach<cnn::MishOp, evaluateMish>(context);
  attach<cnn::HardSigmoidOp, evaluateHardSigmoid>(context);
  attach<cnn::HardSwishOp, evaluateHardSwish>(context);
  attach<cnn::SwishOp, evaluateSwish>(context);
  attach<cnn::GeluOp, evaluateGelu>(context);
  attach<cnn::ThresholdedReluOp, evaluateThresholdedRelu>(context);
  attach<cnn::ClipOp, evaluateClip>(context);
  attach<cnn::PreluOp, evaluatePrelu>(context);
}
