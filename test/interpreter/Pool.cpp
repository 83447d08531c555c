//===- Pool.cpp - pooling and its gradients -------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

namespace {
/// The rows and columns of an image that a window covers, and how many it has
/// of the padded image.
struct Window {
  std::vector<int64_t> rows, columns;
  int64_t paddedSize = 0;
  int64_t size() const { return rows.size() * columns.size(); }
};
} // namespace

/// Along axis `i`, what window number `p` covers of `size` elements; how many of the padded ones.
template <typename OpTy> static int64_t cover(OpTy op, unsigned i, int64_t p, int64_t size, std::vector<int64_t> &covered) {
  int64_t inPadded = 0;
  for (int64_t tap = 0; tap < op.getKernel()[i]; ++tap) {
    int64_t place = p * op.getStride()[i] + tap * op.getDilation()[i] - op.getPad()[i];
    if (place >= 0 && place < size)
      covered.push_back(place);
    inPadded += place < size + op.getPad()[i + 2];
  }
  return inPadded;
}

/// Calls `body(n, c, p, q, window)` for every window over `image`.
template <typename OpTy, typename Body> static void forEachWindow(OpTy op, const Tensor &image, const Tensor &pooled, Body body) {
  for (int64_t n = 0; n < pooled.shape[0]; ++n)
    for (int64_t c = 0; c < pooled.shape[1]; ++c)
      for (int64_t p = 0; p < pooled.shape[2]; ++p)
        for (int64_t q = 0; q < pooled.shape[3]; ++q) {
          Window window;
          int64_t rows = cover(op, 0, p, image.shape[2], window.rows), columns = cover(op, 1, q, image.shape[3], window.columns);
          window.paddedSize = rows * columns;
          body(n, c, p, q, window);
        }
}

static bool isLarger(double a, double b) { return a > b || (std::isnan(a) && !std::isnan(b)); }

/// The place of the first largest element of a window, in row-major order; NaN is larger than every number.
static std::pair<int64_t, int64_t> findLargest(const Tensor &image, int64_t n, int64_t c, const Window &window) {
  std::pair<int64_t, int64_t> place{window.rows[0], window.columns[0]};
  for (int64_t i : window.rows)
    for (int64_t j : window.columns)
      if (isLarger(image.at(n, c, i, j), image.at(n, c, place.first, place.second)))
        place = {i, j};
  return place;
}

static void evaluateMaxpool(cnn::MaxpoolOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachWindow(op, x, e.result(), [&](auto n, auto c, auto p, auto q, const Window &window) {
    auto [i, j] = findLargest(x, n, c, window);
    e.result().at(n, c, p, q) = x.at(n, c, i, j);
  });
}

static void evaluateMaxpoolGrad(cnn::MaxpoolGradOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &dy = e.operand(1);
  forEachWindow(op, x, dy, [&](auto n, auto c, auto p, auto q, const Window &window) {
    auto [i, j] = findLargest(x, n, c, window);
    e.result().at(n, c, i, j) += dy.at(n, c, p, q);
  });
}

/// What the sum over a window is divided by.
template <typename OpTy> static double countOf(OpTy op, const Window &window) {
  return op.getCountIncludePad() ? window.paddedSize : window.size();
}

static void evaluateAvgpool(cnn::AvgpoolOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachWindow(op, x, e.result(), [&](auto n, auto c, auto p, auto q, const Window &window) {
    double sum = 0;
    for (int64_t i : window.rows)
      for (int64_t j : window.columns)
        sum += x.at(n, c, i, j);
    e.result().at(n, c, p, q) = sum / countOf(op, window);
  });
}

static void evaluateAvgpoolGrad(cnn::AvgpoolGradOp op, Evaluation &e) {
  const Tensor &dy = e.operand(0);
  Tensor &dx = e.result();
  forEachWindow(op, dx, dy, [&](auto n, auto c, auto p, auto q, const Window &window) {
    for (int64_t i : window.rows)
      for (int64_t j : window.columns)
        dx.at(n, c, i, j) += dy.at(n, c, p, q) / countOf(op, window);
  });
}

//===----------------------------------------------------------------------===//
// Over a whole channel
//===----------------------------------------------------------------------===//

template <typename Body> static void forEachChannel(const Tensor &image, Body body) {
  Window whole;
  for (int64_t i = 0; i < image.shape[2]; ++i)
    whole.rows.push_back(i);
  for (int64_t j = 0; j < image.shape[3]; ++j)
    whole.columns.push_back(j);
  for (int64_t n = 0; n < image.shape[0]; ++n)
    for (int64_t c = 0; c < image.shape[1]; ++c)
      body(n, c, whole);
}

static void evaluateGlobalAvgpool(cnn::GlobalAvgpoolOp, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachChannel(x, [&](auto n, auto c, const Window &whole) {
    for (int64_t i : whole.rows)
      for (int64_t j : whole.columns)
        e.result().at(n, c, 0, 0) += x.at(n, c, i, j) / whole.size();
  });
}

static void evaluateGlobalAvgpoolGrad(cnn::GlobalAvgpoolGradOp, Evaluation &e) {
  const Tensor &dy = e.operand(0);
  forEachChannel(e.result(), [&](auto n, auto c, const Window &whole) {
    for (int64_t i : whole.rows)
      for (int64_t j : whole.columns)
        e.result().at(n, c, i, j) = dy.at(n, c, 0, 0) / whole.size();
  });
}

static void evaluateGlobalMaxpool(cnn::GlobalMaxpoolOp, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachChannel(x, [&](auto n, auto c, const Window &whole) {
    auto [i, j] = findLargest(x, n, c, whole);
    e.result().at(n, c, 0, 0) = x.at(n, c, i, j);
  });
}

static void evaluateGlobalMaxpoolGrad(cnn::GlobalMaxpoolGradOp, Evaluation &e) {
  const Tensor &x = e.operand(0), &dy = e.operand(1);
  forEachChannel(x, [&](auto n, auto c, const Window &whole) {
    auto [i, j] = findLargest(x, n, c, whole);
    e.result().at(n, c, i, j) = dy.at(n, c, 0, 0);
  });
}

void interpreter::attachPoolEvaluators(MLIRContext *context) {
  attach<cnn::MaxpoolOp, evaluateMaxpool>(context);
  attach<cnn::MaxpoolGradOp, evaluateMaxpoolGrad>(context);
  attach<cnn::AvgpoolOp, evaluateAvgpool>(context);
  attach<cnn::AvgpoolGradOp, evaluateAvgpoolGrad>(context);
  attach<cnn::GlobalAvgpoolOp, evaluateGlobalAvgpool>(context);
  attach<cnn::GlobalAvgpoolGradOp, evaluateGlobalAvgpoolGrad>(context);
  attach<cnn::GlobalMaxpoolOp, evaluateGlobalMaxpool>(context);
  attach<cnn::GlobalMaxpoolGradOp, evaluateGlobalMaxpoolGrad>(context);
}
