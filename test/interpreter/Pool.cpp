//===- Pool.cpp - pooling and its gradients -------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"
#include <limits>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

namespace {
/// The part of a window that lies inside the image: [top, bottom) × [left, right).
struct Window {
  int64_t top, bottom, left, right;
  int64_t size() const { return (bottom - top) * (right - left); }
};
} // namespace

/// Calls `body(n, c, p, q, window)` for every window over `image`.
template <typename OpTy, typename Body> static void forEachWindow(OpTy op, const Tensor &image, const Tensor &pooled, Body body) {
  ArrayRef<int64_t> kernel = op.getKernel(), stride = op.getStride(), pad = op.getPad();
  for (int64_t n = 0; n < pooled.shape[0]; ++n)
    for (int64_t c = 0; c < pooled.shape[1]; ++c)
      for (int64_t p = 0; p < pooled.shape[2]; ++p)
        for (int64_t q = 0; q < pooled.shape[3]; ++q) {
          int64_t top = p * stride[0] - pad[0], left = q * stride[1] - pad[1];
          body(n, c, p, q,
               Window{std::max<int64_t>(top, 0), std::min(top + kernel[0], image.shape[2]), std::max<int64_t>(left, 0),
                      std::min(left + kernel[1], image.shape[3])});
        }
}

/// The place of the first largest element of a window, in row-major order.
static std::pair<int64_t, int64_t> findLargest(const Tensor &image, int64_t n, int64_t c, Window window) {
  std::pair<int64_t, int64_t> place{window.top, window.left};
  for (int64_t i = window.top; i < window.bottom; ++i)
    for (int64_t j = window.left; j < window.right; ++j)
      if (image.at(n, c, i, j) > image.at(n, c, place.first, place.second))
        place = {i, j};
  return place;
}

static void evaluateMaxpool(cnn::MaxpoolOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachWindow(op, x, e.result(), [&](auto n, auto c, auto p, auto q, Window window) {
    auto [i, j] = findLargest(x, n, c, window);
    e.result().at(n, c, p, q) = x.at(n, c, i, j);
  });
}

static void evaluateMaxpoolGrad(cnn::MaxpoolGradOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &dy = e.operand(1);
  forEachWindow(op, x, dy, [&](auto n, auto c, auto p, auto q, Window window) {
    auto [i, j] = findLargest(x, n, c, window);
    e.result().at(n, c, i, j) += dy.at(n, c, p, q);
  });
}

/// What the sum over a window is divided by.
template <typename OpTy> static double countOf(OpTy op, Window window) {
  return op.getCountIncludePad() ? op.getKernel()[0] * op.getKernel()[1] : window.size();
}

static void evaluateAvgpool(cnn::AvgpoolOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachWindow(op, x, e.result(), [&](auto n, auto c, auto p, auto q, Window window) {
    double sum = 0;
    for (int64_t i = window.top; i < window.bottom; ++i)
      for (int64_t j = window.left; j < window.right; ++j)
        sum += x.at(n, c, i, j);
    e.result().at(n, c, p, q) = sum / countOf(op, window);
  });
}

static void evaluateAvgpoolGrad(cnn::AvgpoolGradOp op, Evaluation &e) {
  const Tensor &dy = e.operand(0);
  Tensor &dx = e.result();
  forEachWindow(op, dx, dy, [&](auto n, auto c, auto p, auto q, Window window) {
    for (int64_t i = window.top; i < window.bottom; ++i)
      for (int64_t j = window.left; j < window.right; ++j)
        dx.at(n, c, i, j) += dy.at(n, c, p, q) / countOf(op, window);
  });
}

//===----------------------------------------------------------------------===//
// Over a whole channel
//===----------------------------------------------------------------------===//

template <typename Body> static void forEachChannel(const Tensor &image, Body body) {
  Window whole{0, image.shape[2], 0, image.shape[3]};
  for (int64_t n = 0; n < image.shape[0]; ++n)
    for (int64_t c = 0; c < image.shape[1]; ++c)
      body(n, c, whole);
}

static void evaluateGlobalAvgpool(cnn::GlobalAvgpoolOp, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachChannel(x, [&](auto n, auto c, Window whole) {
    for (int64_t i = 0; i < whole.bottom; ++i)
      for (int64_t j = 0; j < whole.right; ++j)
        e.result().at(n, c, 0, 0) += x.at(n, c, i, j) / whole.size();
  });
}

static void evaluateGlobalAvgpoolGrad(cnn::GlobalAvgpoolGradOp, Evaluation &e) {
  const Tensor &dy = e.operand(0);
  forEachChannel(e.result(), [&](auto n, auto c, Window whole) {
    for (int64_t i = 0; i < whole.bottom; ++i)
      for (int64_t j = 0; j < whole.right; ++j)
        e.result().at(n, c, i, j) = dy.at(n, c, 0, 0) / whole.size();
  });
}

static void evaluateGlobalMaxpool(cnn::GlobalMaxpoolOp, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachChannel(x, [&](auto n, auto c, Window whole) {
    auto [i, j] = findLargest(x, n, c, whole);
    e.result().at(n, c, 0, 0) = x.at(n, c, i, j);
  });
}

static void evaluateGlobalMaxpoolGrad(cnn::GlobalMaxpoolGradOp, Evaluation &e) {
  const Tensor &x = e.operand(0), &dy = e.operand(1);
  forEachChannel(x, [&](auto n, auto c, Window whole) {
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
