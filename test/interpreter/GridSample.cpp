//===- GridSample.cpp - images read at places that are computed -----------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Places.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

namespace {
/// An element along one dimension, its share, and how the share grows with the coordinate of the grid.
struct Tap {
  int64_t element; ///< -1: a zero
  double weight, slope;
};

/// The attributes of a grid_sample or of one of its gradients.
struct Sampling {
  template <typename Op> explicit Sampling(Op op) : mode(op.getMode()), padding(op.getPadding()), aligned(op.getAlignCorners()) {}

  /// Mirrors `x` at the outermost elements; `sign` turns with it.
  double reflected(double x, int64_t size, double &sign) const {
    double low = aligned ? 0 : -0.5, span = aligned ? double(size - 1) : double(size);
    if (span == 0)
      return sign = 0;
    double distance = std::fabs(x - low), rest = std::fmod(distance, span);
    bool turned = std::fmod(std::floor(distance / span), 2) != 0;
    sign *= (x < low) != turned ? -1 : 1;
    return low + (turned ? span - rest : rest);
  }

  std::vector<Tap> taps(double coordinate, int64_t size) const {
    double x = aligned ? (coordinate + 1) / 2 * double(size - 1) : ((coordinate + 1) * double(size) - 1) / 2;
    double slope = aligned ? double(size - 1) / 2 : double(size) / 2, last = double(size - 1);
    if (mode != "cubic" && padding != "zeros") {
      if (padding == "reflection")
        x = reflected(x, size, slope);
      slope *= x > 0 && x < last;
      x = std::clamp(x, 0.0, last);
    }
    if (mode == "nearest")
      return {tap(std::nearbyint(x), size, 1, 0)};
    double first = std::floor(x), t = x - first;
    if (mode == "linear")
      return {tap(first, size, 1 - t, -slope), tap(first + 1, size, t, slope)};
    std::vector<Tap> result;
    for (int i = -1; i <= 2; ++i) {
      double d = std::fabs(t - i), sign = t < i ? -1 : 1;
      constexpr double a = -0.75;
      double weight = d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
      double change = d <= 1 ? (3 * (a + 2) * d - 2 * (a + 3)) * d : (3 * a * d - 10 * a) * d + 8 * a;
      double place = first + i, ignored = 1;
      if (padding == "reflection")
        place = reflected(place, size, ignored);
      if (padding != "zeros")
        place = std::clamp(place, 0.0, last);
      result.push_back(tap(place, size, weight, sign * change * slope));
    }
    return result;
  }

  Tap tap(double place, int64_t size, double weight, double slope) const {
    bool exists = place >= 0 && place < double(size);
    return {exists ? int64_t(std::nearbyint(place)) : -1, weight, slope};
  }

  StringRef mode, padding;
  bool aligned;
};

/// Calls `body(example, element of a channel, weight, slopes)` for every tap of the place number `place` of the grid.
template <typename Body>
void forEachTap(const Sampling &sampling, const Index &images, const Tensor &grid, int64_t place, Body body) {
  int64_t dims = grid.shape.back(), taps = 1;
  std::vector<std::vector<Tap>> along;
  for (int64_t d = 0; d < dims; ++d) {
    along.push_back(sampling.taps(grid[place * dims + dims - 1 - d], images[2 + d]));
    taps *= int64_t(along.back().size());
  }
  for (int64_t number = 0; number < taps; ++number) {
    int64_t element = 0, rest = number;
    double weight = 1;
    std::vector<double> slopes(dims, 1); // by the coordinates in the order of the grid
    bool exists = true;
    for (int64_t d = 0; d < dims; ++d) {
      const Tap &tap = along[d][rest % int64_t(along[d].size())];
      rest /= int64_t(along[d].size());
      exists &= tap.element >= 0;
      element = element * images[2 + d] + tap.element;
      weight *= tap.weight;
      for (int64_t other = 0; other < dims; ++other)
        slopes[dims - 1 - other] *= other == d ? tap.slope : tap.weight;
    }
    if (exists)
      body(element, weight, slopes);
  }
}

/// Calls `body(place of the grid, place in the images without element, place in the samples)`.
template <typename Body> void forEachSample(const Index &images, const Tensor &grid, Body body) {
  int64_t places = grid.elementsFrom(1) / grid.shape.back(), elements = Tensor(images).elementsFrom(2);
  for (int64_t n = 0; n < images[0]; ++n)
    for (int64_t c = 0; c < images[1]; ++c)
      for (int64_t p = 0; p < places; ++p)
        body(n * places + p, (n * images[1] + c) * elements, (n * images[1] + c) * places + p);
}
} // namespace

static void evaluateGridSample(cnn::GridSampleOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &grid = e.operand(1);
  forEachSample(x.shape, grid, [&](int64_t place, int64_t channel, int64_t sample) {
    forEachTap(Sampling(op), x.shape, grid, place,
               [&](int64_t element, double weight, const auto &) { e.result()[sample] += weight * x[channel + element]; });
  });
}
static void evaluateGridSampleInputGrad(cnn::GridSampleInputGradOp op, Evaluation &e) {
  const Tensor &dy = e.operand(0), &grid = e.operand(1);
  forEachSample(e.result().shape, grid, [&](int64_t place, int64_t channel, int64_t sample) {
    forEachTap(Sampling(op), e.result().shape, grid, place,
               [&](int64_t element, double weight, const auto &) { e.result()[channel + element] += weight * dy[sample]; });
  });
}
static void evaluateGridSampleGridGrad(cnn::GridSampleGridGradOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &grid = e.operand(1), &dy = e.operand(2);
  forEachSample(x.shape, grid, [&](int64_t place, int64_t channel, int64_t sample) {
    forEachTap(Sampling(op), x.shape, grid, place, [&](int64_t element, double, const std::vector<double> &slopes) {
      for (size_t d = 0; d < slopes.size(); ++d)
        e.result()[place * int64_t(slopes.size()) + int64_t(d)] += slopes[d] * x[channel + element] * dy[sample];
    });
  });
}

void interpreter::attachGridSampleEvaluators(MLIRContext *context) {
  attach<cnn::GridSampleOp, evaluateGridSample>(context);
  attach<cnn::GridSampleInputGradOp, evaluateGridSampleInputGrad>(context);
  attach<cnn::GridSampleGridGradOp, evaluateGridSampleGridGrad>(context);
}
