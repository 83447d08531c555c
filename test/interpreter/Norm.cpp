//===- Norm.cpp - batch norm, softmax, sums over channels -----------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

/// Calls `body(c, place)` for every element of `x`, seen as [N, C, inner].
template <typename Body> static void forEachElement(const Tensor &x, Body body) {
  for (int64_t n = 0, i = 0; n < x.batch(); ++n)
    for (int64_t c = 0; c < x.channels(); ++c)
      for (int64_t inner = 0; inner < x.inner(); ++inner, ++i)
        body(c, i);
}

//===----------------------------------------------------------------------===//
// Batch norm
//===----------------------------------------------------------------------===//

static void evaluateBatchnormInfer(cnn::BatchnormInferOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &scale = e.operand(1), &shift = e.operand(2), &mean = e.operand(3), &variance = e.operand(4);
  double epsilon = op.getEpsilon().convertToDouble();
  forEachElement(
      x, [&](auto c, auto i) { e.result()[i] = scale[c] * (x[i] - mean[c]) / std::sqrt(variance[c] + epsilon) + shift[c]; });
}

static void evaluateBatchnormTrain(cnn::BatchnormTrainOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &scale = e.operand(1), &shift = e.operand(2), &runningMean = e.operand(3),
               &runningVariance = e.operand(4);
  Tensor &y = e.result(0), &mean = e.result(1), &inverseStd = e.result(2), &newMean = e.result(3), &newVariance = e.result(4);
  double count = x.batch() * x.inner(), epsilon = op.getEpsilon().convertToDouble(),
         momentum = op.getMomentum().convertToDouble();
  std::vector<double> variance(x.channels());
  forEachElement(x, [&](auto c, auto i) { mean[c] += x[i] / count; });
  forEachElement(x, [&](auto c, auto i) { variance[c] += (x[i] - mean[c]) * (x[i] - mean[c]) / count; });
  for (int64_t c = 0; c < x.channels(); ++c) {
    inverseStd[c] = 1 / std::sqrt(variance[c] + epsilon);
    double unbiased = count > 1 ? variance[c] * count / (count - 1) : variance[c];
    newMean[c] = (1 - momentum) * runningMean[c] + momentum * mean[c];
    newVariance[c] = (1 - momentum) * runningVariance[c] + momentum * unbiased;
  }
  forEachElement(x, [&](auto c, auto i) { y[i] = scale[c] * (x[i] - mean[c]) * inverseStd[c] + shift[c]; });
}

static void evaluateBatchnormGrad(cnn::BatchnormGradOp, Evaluation &e) {
  const Tensor &x = e.operand(0), &dy = e.operand(1), &scale = e.operand(2), &mean = e.operand(3), &inverseStd = e.operand(4);
  Tensor &dx = e.result(0), &dscale = e.result(1), &dshift = e.result(2);
  double count = x.batch() * x.inner();
  auto normalized = [&](auto c, auto i) { return (x[i] - mean[c]) * inverseStd[c]; };
  forEachElement(x, [&](auto c, auto i) {
    dshift[c] += dy[i];
    dscale[c] += dy[i] * normalized(c, i);
  });
  forEachElement(x, [&](auto c, auto i) {
    dx[i] = scale[c] * inverseStd[c] * (dy[i] - dshift[c] / count - normalized(c, i) * dscale[c] / count);
  });
}

static void evaluateFoldBatchnorm(cnn::FoldBatchnormOp op, Evaluation &e) {
  const Tensor &scale = e.operand(0), &shift = e.operand(1), &mean = e.operand(2), &variance = e.operand(3);
  for (int64_t c = 0; c < scale.size(); ++c) {
    e.result(0)[c] = scale[c] / std::sqrt(variance[c] + op.getEpsilon().convertToDouble());
    e.result(1)[c] = shift[c] - mean[c] * e.result(0)[c];
  }
}

static void evaluateFoldKernel(cnn::FoldKernelOp, Evaluation &e) {
  const Tensor &kernel = e.operand(0), &scale = e.operand(1);
  for (int64_t i = 0; i < kernel.size(); ++i)
    e.result()[i] = kernel[i] * scale[i / kernel.elementsFrom(1)];
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// Calls `body(first, stride)` for every pixel: its channels lie at
/// first + c · stride.
template <typename Body> static void forEachPixel(const Tensor &x, Body body) {
  for (int64_t n = 0; n < x.batch(); ++n)
    for (int64_t inner = 0; inner < x.inner(); ++inner)
      body(n * x.elementsFrom(1) + inner, x.inner());
}

static void evaluateSoftmax(cnn::SoftmaxOp, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachPixel(x, [&](auto first, auto stride) {
    double largest = x[first], sum = 0;
    for (int64_t c = 0; c < x.channels(); ++c)
      largest = std::max(largest, x[first + c * stride]);
    for (int64_t c = 0; c < x.channels(); ++c)
      sum += std::exp(x[first + c * stride] - largest);
    for (int64_t c = 0; c < x.channels(); ++c)
      e.result()[first + c * stride] = std::exp(x[first + c * stride] - largest) / sum;
  });
}

static void evaluateSoftmaxGrad(cnn::SoftmaxGradOp, Evaluation &e) {
  const Tensor &y = e.operand(0), &dy = e.operand(1);
  forEachPixel(y, [&](auto first, auto stride) {
    double sum = 0;
    for (int64_t c = 0; c < y.channels(); ++c)
      sum += dy[first + c * stride] * y[first + c * stride];
    for (int64_t c = 0; c < y.channels(); ++c)
      e.result()[first + c * stride] = y[first + c * stride] * (dy[first + c * stride] - sum);
  });
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

static void evaluateChannelSum(cnn::ChannelSumOp, Evaluation &e) {
  forEachElement(e.operand(0), [&](auto c, auto i) { e.result()[c] += e.operand(0)[i]; });
}

static void evaluateSumOfSquares(cnn::SumOfSquaresOp, Evaluation &e) {
  for (const Tensor *operand : e.operands)
    for (double x : operand->values)
      e.result()[0] += x * x;
}

static void evaluateClipFactor(cnn::ClipFactorOp, Evaluation &e) {
  e.result()[0] = std::min(1.0, e.operand(1)[0] / (std::sqrt(e.operand(0)[0]) + 1e-6));
}

void interpreter::attachNormEvaluators(MLIRContext *context) {
  attach<cnn::BatchnormInferOp, evaluateBatchnormInfer>(context);
  attach<cnn::BatchnormTrainOp, evaluateBatchnormTrain>(context);
  attach<cnn::BatchnormGradOp, evaluateBatchnormGrad>(context);
  attach<cnn::FoldBatchnormOp, evaluateFoldBatchnorm>(context);
  attach<cnn::FoldKernelOp, evaluateFoldKernel>(context);
  attach<cnn::SoftmaxOp, evaluateSoftmax>(context);
  attach<cnn::SoftmaxGradOp, evaluateSoftmaxGrad>(context);
  attach<cnn::ChannelSumOp, evaluateChannelSum>(context);
  attach<cnn::SumOfSquaresOp, evaluateSumOfSquares>(context);
  attach<cnn::ClipFactorOp, evaluateClipFactor>(context);
}
