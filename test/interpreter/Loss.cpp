//===- Loss.cpp - losses and their gradients ------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

/// loss = mean of function(prediction, target) over all elements.
template <typename Function> static void meanOf(Evaluation &e, Function function) {
  const Tensor &y = e.operand(0), &t = e.operand(1);
  for (int64_t i = 0; i < y.size(); ++i)
    e.result()[0] += function(y[i], t[i]) / y.size();
}

/// gradient = function(prediction, target) / count · dloss at every element.
template <typename Function> static void gradientOfMean(Evaluation &e, Function function) {
  const Tensor &y = e.operand(0), &t = e.operand(1);
  for (int64_t i = 0; i < y.size(); ++i)
    e.result()[i] = function(y[i], t[i]) / y.size() * e.operand(2)[0];
}

static void evaluateMeanSquaredError(cnn::MeanSquaredErrorOp, Evaluation &e) {
  meanOf(e, [](double y, double t) { return (y - t) * (y - t); });
}
static void evaluateMeanSquaredErrorGrad(cnn::MeanSquaredErrorGradOp, Evaluation &e) {
  gradientOfMean(e, [](double y, double t) { return 2 * (y - t); });
}

static void evaluateBinaryCrossEntropy(cnn::BinaryCrossEntropyOp op, Evaluation &e) {
  if (op.getFromLogits())
    meanOf(e, [](double y, double t) { return std::max(y, 0.0) - y * t + std::log1p(std::exp(-std::abs(y))); });
  else
    meanOf(e,
           [](double y, double t) { return -(t * std::max(std::log(y), -100.0) + (1 - t) * std::max(std::log(1 - y), -100.0)); });
}
static void evaluateBinaryCrossEntropyGrad(cnn::BinaryCrossEntropyGradOp op, Evaluation &e) {
  if (op.getFromLogits())
    gradientOfMean(e, [](double y, double t) { return 1 / (1 + std::exp(-y)) - t; });
  else
    gradientOfMean(e, [](double y, double t) { return (y - t) / std::max(y * (1 - y), 1e-12); });
}

static void evaluatePerceptronLoss(cnn::PerceptronLossOp, Evaluation &e) {
  meanOf(e, [](double y, double t) { return std::max(0.0, -(2 * t - 1) * y); });
}
static void evaluatePerceptronLossGrad(cnn::PerceptronLossGradOp, Evaluation &e) {
  gradientOfMean(e, [](double y, double t) { return (2 * t - 1) * y <= 0 ? -(2 * t - 1) : 0; });
}

//===----------------------------------------------------------------------===//
// Softmax cross entropy
//===----------------------------------------------------------------------===//

/// Calls `body(label, first, stride)` for every example or pixel whose label
/// counts: its channels lie at first + c · stride. Fails on a label that is no
/// class.
template <typename OpTy, typename Body>
static LogicalResult forEachLabel(OpTy op, const Tensor &y, const Tensor &labels, Body body) {
  for (int64_t i = 0; i < labels.size(); ++i) {
    auto label = static_cast<int64_t>(labels[i]);
    if (label == static_cast<int64_t>(op.getIgnoreLabel()))
      continue;
    if (label < 0 || label >= y.channels())
      return op.emitOpError("got label ") << label << " for " << y.channels() << " classes";
    body(label, i / y.inner() * y.elementsFrom(1) + i % y.inner(), y.inner());
  }
  return success();
}

template <typename OpTy> static double weightOf(OpTy op, int64_t label) {
  return op.getClassWeights().empty() ? 1 : op.getClassWeights()[label];
}

/// log Σ_c exp(y[c]) of one pixel.
static double logSumExp(const Tensor &y, int64_t first, int64_t stride) {
  double largest = y[first], sum = 0;
  for (int64_t c = 0; c < y.channels(); ++c)
    largest = std::max(largest, y[first + c * stride]);
  for (int64_t c = 0; c < y.channels(); ++c)
    sum += std::exp(y[first + c * stride] - largest);
  return largest + std::log(sum);
}

static LogicalResult evaluateSoftmaxCrossEntropy(cnn::SoftmaxCrossEntropyOp op, Evaluation &e) {
  const Tensor &y = e.operand(0), &labels = e.operand(1);
  double smoothing = op.getLabelSmoothing().convertToDouble(), loss = 0, weights = 0;
  auto result = forEachLabel(op, y, labels, [&](auto label, auto first, auto stride) {
    double normalizer = logSumExp(y, first, stride);
    weights += weightOf(op, label);
    loss -= (1 - smoothing) * weightOf(op, label) * (y[first + label * stride] - normalizer);
    for (int64_t c = 0; c < y.channels(); ++c)
      loss -= smoothing / y.channels() * weightOf(op, c) * (y[first + c * stride] - normalizer);
  });
  e.result()[0] = weights > 0 ? loss / weights : 0;
  return result;
}

static LogicalResult evaluateSoftmaxCrossEntropyGrad(cnn::SoftmaxCrossEntropyGradOp op, Evaluation &e) {
  const Tensor &y = e.operand(0), &labels = e.operand(1);
  double smoothing = op.getLabelSmoothing().convertToDouble(), weights = 0, allWeights = 0;
  for (int64_t c = 0; c < y.channels(); ++c)
    allWeights += weightOf(op, c);
  if (failed(forEachLabel(op, y, labels, [&](auto label, auto, auto) { weights += weightOf(op, label); })))
    return failure();
  if (weights == 0)
    return success();
  return forEachLabel(op, y, labels, [&](auto label, auto first, auto stride) {
    double normalizer = logSumExp(y, first, stride);
    for (int64_t c = 0; c < y.channels(); ++c) {
      double p = std::exp(y[first + c * stride] - normalizer);
      double hard = weightOf(op, label) * (p - (c == label));
      double smooth = (allWeights * p - weightOf(op, c)) / y.channels();
      e.result()[first + c * stride] = ((1 - smoothing) * hard + smoothing * smooth) / weights * e.operand(2)[0];
    }
  });
}

void interpreter::attachLossEvaluators(MLIRContext *context) {
  attach<cnn::MeanSquaredErrorOp, evaluateMeanSquaredError>(context);
  attach<cnn::MeanSquaredErrorGradOp, evaluateMeanSquaredErrorGrad>(context);
  attach<cnn::BinaryCrossEntropyOp, evaluateBinaryCrossEntropy>(context);
  attach<cnn::BinaryCrossEntropyGradOp, evaluateBinaryCrossEntropyGrad>(context);
  attach<cnn::PerceptronLossOp, evaluatePerceptronLoss>(context);
  attach<cnn::PerceptronLossGradOp, evaluatePerceptronLossGrad>(context);
  attach<cnn::SoftmaxCrossEntropyOp, evaluateSoftmaxCrossEntropy>(context);
  attach<cnn::SoftmaxCrossEntropyGradOp, evaluateSoftmaxCrossEntropyGrad>(context);
}
