//===- Unpool.cpp - where pools find the largest, and back ----------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

static bool isLarger(double a, double b) { return a > b || (std::isnan(a) && !std::isnan(b)); }

/// Looks through all taps of the window at `place`, counted in row-major order of the result behind its channels.
static void evaluateMaxpoolIndices(cnn::MaxpoolIndicesOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  Tensor &y = e.result();
  int64_t dims = x.rank() - 2, inside = x.elementsFrom(2), places = y.elementsFrom(2);
  int64_t taps = 1;
  for (int64_t size : op.getKernel())
    taps *= size;
  for (int64_t i = 0; i < y.size(); ++i) {
    int64_t first = i / places * inside, best = -1, number = 0;
    for (int64_t tap = 0; tap < taps; ++tap) {
      int64_t restOfPlace = i % places, restOfTap = tap, row = 0, column = 0, rowStep = 1, columnStep = inside;
      bool exists = true;
      for (int64_t d = dims - 1; d >= 0; --d) {
        int64_t size = x.shape[2 + d], kernel = op.getKernel()[d];
        int64_t at = restOfPlace % y.shape[2 + d] * op.getStride()[d] + restOfTap % kernel * op.getDilation()[d] - op.getPad()[d];
        exists &= at >= 0 && at < size;
        restOfPlace /= y.shape[2 + d];
        restOfTap /= kernel;
        columnStep /= size;
        row += at * rowStep;
        column += at * columnStep;
        rowStep *= size;
      }
      if (exists && (best < 0 || isLarger(x[first + row], x[first + best]))) {
        best = row;
        number = op.getColumnMajor() ? column : row;
      }
    }
    y[i] = static_cast<double>(first + number);
  }
}

/// Calls `body(element of the pooled, element of the whole)` for every index that stays in its example.
template <typename Body> static void forEachIndex(const Tensor &indices, const Tensor &whole, Body body) {
  int64_t pooled = indices.elementsFrom(1), all = whole.elementsFrom(1);
  for (int64_t i = 0; i < indices.size(); ++i) {
    auto to = static_cast<int64_t>(indices[i]);
    if (to >= i / pooled * all && to < (i / pooled + 1) * all)
      body(i, to);
  }
}

static void evaluateMaxunpool(cnn::MaxunpoolOp, Evaluation &e) {
  forEachIndex(e.operand(1), e.result(), [&](int64_t from, int64_t to) { e.result()[to] = e.operand(0)[from]; });
}
static void evaluateMaxunpoolGrad(cnn::MaxunpoolGradOp, Evaluation &e) {
  forEachIndex(e.operand(1), e.operand(0), [&](int64_t to, int64_t from) { e.result()[to] = e.operand(0)[from]; });
}

void interpreter::attachUnpoolEvaluators(MLIRContext *context) {
  attach<cnn::MaxpoolIndicesOp, evaluateMaxpoolIndices>(context);
  attach<cnn::MaxunpoolOp, evaluateMaxunpool>(context);
  attach<cnn::MaxunpoolGradOp, evaluateMaxunpoolGrad>(context);
}
