//===- Elementwise.cpp - the same thing at every element ------------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Maps.h"
#include "test/interpreter/Philox.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

//===----------------------------------------------------------------------===//
// One operand, two operands
//===----------------------------------------------------------------------===//

static void evaluateRelu(cnn::ReluOp, Evaluation &e) {
  map(e, [](double x) { return x <= 0 ? 0 : x; }); // NaN passes on
}
static void evaluateCast(cnn::CastOp op, Evaluation &e) {
  bool truncates = op.getType().getElementType().isInteger();
  map(e, [=](double x) { return truncates ? std::trunc(std::clamp(std::isnan(x) ? -0x1p31 : x, -0x1p31, 0x1p31 - 1)) : x; });
}
static void evaluateLeakyRelu(cnn::LeakyReluOp op, Evaluation &e) {
  map(e, [slope = op.getSlope().convertToDouble()](double x) { return x > 0 ? x : slope * x; });
}
static void evaluateSigmoid(cnn::SigmoidOp, Evaluation &e) {
  map(e, [](double x) { return 1 / (1 + std::exp(-x)); });
}
static void evaluateTanh(cnn::TanhOp, Evaluation &e) {
  map(e, [](double x) { return std::tanh(x); });
}
static void evaluateStep(cnn::StepOp, Evaluation &e) {
  map(e, [](double x) { return x > 0 ? 1 : 0; });
}
static void evaluateAffine(cnn::AffineOp op, Evaluation &e) {
  map(e, [scale = op.getScale().convertToDouble(), offset = op.getOffset().convertToDouble()](double x) {
    return scale * x + offset;
  });
}
static void evaluateAdd(cnn::AddOp, Evaluation &e) {
  zip(e, [](double x, double y) { return x + y; });
}
static void evaluateSub(cnn::SubOp, Evaluation &e) {
  zip(e, [](double x, double y) { return x - y; });
}
static void evaluateMul(cnn::MulOp, Evaluation &e) {
  zip(e, [](double x, double y) { return x * y; });
}
static void evaluateReluGrad(cnn::ReluGradOp, Evaluation &e) {
  zip(e, [](double y, double dy) { return y > 0 ? dy : 0; });
}
static void evaluateLeakyReluGrad(cnn::LeakyReluGradOp op, Evaluation &e) {
  zip(e, [slope = op.getSlope().convertToDouble()](double x, double dy) { return x > 0 ? dy : slope * dy; });
}

//===----------------------------------------------------------------------===//
// Per channel
//===----------------------------------------------------------------------===//

static void evaluateBias(cnn::BiasOp, Evaluation &e) {
  mapChannels(e, [&](double x, int64_t c) { return x + e.operand(1)[c]; });
}
static void evaluateScaleShift(cnn::ScaleShiftOp, Evaluation &e) {
  mapChannels(e, [&](double x, int64_t c) { return x * e.operand(1)[c] + e.operand(2)[c]; });
}
static void evaluateStandardize(cnn::StandardizeOp op, Evaluation &e) {
  auto of = [](ArrayRef<double> values, int64_t c) { return values[values.size() == 1 ? 0 : c]; };
  mapChannels(e, [&](double x, int64_t c) { return (x / 255 - of(op.getMean(), c)) / of(op.getStd(), c); });
}

//===----------------------------------------------------------------------===//
// Dropout, run-time scalars
//===----------------------------------------------------------------------===//

static void evaluateDropoutMask(cnn::DropoutMaskOp op, Evaluation &e) {
  double ratio = op.getRatio().convertToDouble();
  uint64_t seed = e.state.seed;
  for (int64_t i = 0; i < e.result().size(); ++i) {
    uint32_t word = philox({uint32_t(i), uint32_t(uint64_t(i) >> 32), uint32_t(e.state.step), uint32_t(op.getId())},
                           {uint32_t(seed), uint32_t(seed >> 32)})[0];
    e.result()[i] = word >= ratio * 0x1p32 ? e.operand(0)[i] / (1 - ratio) : 0;
  }
}
static void evaluateScale(cnn::ScaleOp, Evaluation &e) {
  map(e, [factor = e.operand(1)[0]](double x) { return x * factor; });
}
static void evaluateClamp(cnn::ClampOp, Evaluation &e) {
  map(e, [bound = e.operand(1)[0]](double x) { return std::fmin(std::fmax(x, -bound), bound); });
}

void interpreter::attachElementwiseEvaluators(MLIRContext *context) {
  attach<cnn::ReluOp, evaluateRelu>(context);
  attach<cnn::CastOp, evaluateCast>(context);
  attach<cnn::LeakyReluOp, evaluateLeakyRelu>(context);
  attach<cnn::SigmoidOp, evaluateSigmoid>(context);
  attach<cnn::TanhOp, evaluateTanh>(context);
  attach<cnn::StepOp, evaluateStep>(context);
  attach<cnn::AffineOp, evaluateAffine>(context);
  attach<cnn::AddOp, evaluateAdd>(context);
  attach<cnn::SubOp, evaluateSub>(context);
  attach<cnn::MulOp, evaluateMul>(context);
  attach<cnn::ReluGradOp, evaluateReluGrad>(context);
  attach<cnn::LeakyReluGradOp, evaluateLeakyReluGrad>(context);
  attach<cnn::BiasOp, evaluateBias>(context);
  attach<cnn::ScaleShiftOp, evaluateScaleShift>(context);
  attach<cnn::StandardizeOp, evaluateStandardize>(context);
  attach<cnn::DropoutMaskOp, evaluateDropoutMask>(context);
  attach<cnn::ScaleOp, evaluateScale>(context);
  attach<cnn::ClampOp, evaluateClamp>(context);
}
