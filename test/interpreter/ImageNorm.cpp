//===- ImageNorm.cpp - local response and group norm ----------------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

//===----------------------------------------------------------------------===//
// Local response
//===----------------------------------------------------------------------===//

namespace {
/// The places of one pixel's channels, and lrn's windows over them.
template <typename OpTy> struct Pixel {
  OpTy op;
  int64_t first, stride, channels;

  int64_t place(int64_t c) { return first + c * stride; }
  /// Calls `body(place)` for the channels in the window of channel c.
  template <typename Body> void forEachInWindow(int64_t c, Body body) {
    int64_t size = op.getSize(), last = std::min(c + size / 2, channels - 1);
    for (int64_t j = std::max<int64_t>(c - (size - 1) / 2, 0); j <= last; ++j)
      body(place(j));
  }
  /// The base of the power.
  double base(const Tensor &x, int64_t c) {
    double sum = 0;
    forEachInWindow(c, [&](auto i) { sum += x[i] * x[i]; });
    return op.getBias().convertToDouble() + op.getAlpha().convertToDouble() / op.getSize() * sum;
  }
};
} // namespace

template <typename OpTy, typename Body> static void forEachPixel(OpTy op, const Tensor &x, Body body) {
  for (int64_t n = 0; n < x.batch(); ++n)
    for (int64_t inner = 0; inner < x.inner(); ++inner)
      body(Pixel<OpTy>{op, n * x.elementsFrom(1) + inner, x.inner(), x.channels()});
}

static void evaluateLrn(cnn::LrnOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  double beta = op.getBeta().convertToDouble();
  forEachPixel(op, x, [&](auto pixel) {
    for (int64_t c = 0; c < x.channels(); ++c)
      e.result()[pixel.place(c)] = x[pixel.place(c)] * std::pow(pixel.base(x, c), -beta);
  });
}

static void evaluateLrnGrad(cnn::LrnGradOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &dy = e.operand(1);
  double beta = op.getBeta().convertToDouble(), factor = 2 * op.getAlpha().convertToDouble() * beta / op.getSize();
  forEachPixel(op, x, [&](auto pixel) {
    for (int64_t c = 0; c < x.channels(); ++c) {
      int64_t at = pixel.place(c);
      double base = pixel.base(x, c);
      e.result()[at] += dy[at] * std::pow(base, -beta);
      pixel.forEachInWindow(c, [&](auto i) { e.result()[i] -= factor * x[i] * dy[at] * x[at] * std::pow(base, -beta - 1); });
    }
  });
}

//===----------------------------------------------------------------------===//
// Group norm
//===----------------------------------------------------------------------===//

/// Calls `body(n, first channel, channels)` for every group of every example.
template <typename Body> static void forEachGroup(const Tensor &x, int64_t groups, Body body) {
  int64_t channels = x.channels() / groups;
  for (int64_t n = 0; n < x.batch(); ++n)
    for (int64_t group = 0; group < groups; ++group)
      body(n, group * channels, channels);
}
/// Calls `body(c, place in [N, C], place in x)` for the elements of a group.
template <typename Body> static void forEachElement(const Tensor &x, int64_t n, int64_t first, int64_t channels, Body body) {
  for (int64_t c = first; c < first + channels; ++c)
    for (int64_t inner = 0; inner < x.inner(); ++inner)
      body(c, n * x.channels() + c, (n * x.channels() + c) * x.inner() + inner);
}

static void evaluateGroupnorm(cnn::GroupnormOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &scale = e.operand(1), &shift = e.operand(2);
  Tensor &y = e.result(0), &means = e.result(1), &inverseStds = e.result(2);
  forEachGroup(x, op.getGroups(), [&](auto n, auto first, auto channels) {
    double count = channels * x.inner(), mean = 0, variance = 0;
    forEachElement(x, n, first, channels, [&](auto, auto, auto i) { mean += x[i] / count; });
    forEachElement(x, n, first, channels, [&](auto, auto, auto i) { variance += (x[i] - mean) * (x[i] - mean) / count; });
    double inverseStd = 1 / std::sqrt(variance + op.getEpsilon().convertToDouble());
    forEachElement(x, n, first, channels, [&](auto c, auto statistic, auto i) {
      means[statistic] = mean;
      inverseStds[statistic] = inverseStd;
      y[i] = scale[c] * (x[i] - mean) * inverseStd + shift[c];
    });
  });
}

static void evaluateGroupnormGrad(cnn::GroupnormGradOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &dy = e.operand(1), &scale = e.operand(2), &mean = e.operand(3), &inverseStd = e.operand(4);
  Tensor &dx = e.result(0), &dscale = e.result(1), &dshift = e.result(2);
  forEachGroup(x, op.getGroups(), [&](auto n, auto first, auto channels) {
    double count = channels * x.inner(), meanGradient = 0, meanProduct = 0;
    forEachElement(x, n, first, channels, [&](auto c, auto statistic, auto i) {
      double normalized = (x[i] - mean[statistic]) * inverseStd[statistic];
      dshift[c] += dy[i];
      dscale[c] += dy[i] * normalized;
      meanGradient += dy[i] * scale[c] / count;
      meanProduct += dy[i] * scale[c] * normalized / count;
    });
    forEachElement(x, n, first, channels, [&](auto c, auto statistic, auto i) {
      double normalized = (x[i] - mean[statistic]) * inverseStd[statistic];
      dx[i] = inverseStd[statistic] * (dy[i] * scale[c] - meanGradient - normalized * meanProduct);
    });
  });
}

void interpreter::attachImageNormEvaluators(MLIRContext *context) {
  attach<cnn::LrnOp, evaluateLrn>(context);
  attach<cnn::LrnGradOp, evaluateLrnGrad>(context);
  attach<cnn::GroupnormOp, evaluateGroupnorm>(context);
  attach<cnn::GroupnormGradOp, evaluateGroupnormGrad>(context);
}
