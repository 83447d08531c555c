//===- General.cpp - tensors of any rank ----------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Places.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

static void evaluateTranspose(cnn::TransposeOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachElement(e.result().shape, [&](const Index &index, int64_t place) {
    Index from(index.size());
    for (auto [i, dimension] : llvm::enumerate(op.getPermutation()))
      from[dimension] = index[i];
    e.result()[place] = x[placeOf(x.shape, from)];
  });
}

static void evaluateBroadcast(cnn::BroadcastOp, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachElement(e.result().shape, [&](const Index &index, int64_t place) {
    Index from(index.end() - x.rank(), index.end());
    for (int64_t d = 0; d < x.rank(); ++d)
      from[d] = x.shape[d] == 1 ? 0 : from[d];
    e.result()[place] = x[placeOf(x.shape, from)];
  });
}

/// The place in the reduced tensor, whose reduced sizes are 1.
static int64_t reducedPlace(const Tensor &reduced, Index index) {
  for (size_t d = 0; d < index.size(); ++d)
    index[d] = reduced.shape[d] == 1 ? 0 : index[d];
  return placeOf(reduced.shape, index);
}
template <typename Combine> static void reduce(Evaluation &e, double start, Combine combine) {
  Tensor &y = e.result();
  std::fill(y.values.begin(), y.values.end(), start);
  forEachElement(e.operand(0).shape, [&](const Index &index, int64_t place) {
    double &element = y[reducedPlace(y, index)];
    element = combine(element, e.operand(0)[place]);
  });
}
static void evaluateReduceSum(cnn::ReduceSumOp, Evaluation &e) {
  reduce(e, 0, [](double a, double b) { return a + b; });
}
static void evaluateReduceMax(cnn::ReduceMaxOp, Evaluation &e) {
  reduce(e, -std::numeric_limits<double>::infinity(), [](double a, double b) { return b > a || b != b ? b : a; });
}
static void evaluateReduceMin(cnn::ReduceMinOp, Evaluation &e) {
  reduce(e, std::numeric_limits<double>::infinity(), [](double a, double b) { return b < a || b != b ? b : a; });
}
static void evaluateReduceProd(cnn::ReduceProdOp, Evaluation &e) {
  reduce(e, 1, [](double a, double b) { return a * b; });
}

static void evaluateCumsum(cnn::CumsumOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  int64_t axis = op.getAxis(), sign = op.getReverse() ? -1 : 1;
  forEachElement(x.shape, [&](const Index &index, int64_t place) {
    Index from(index);
    for (from[axis] = op.getReverse() ? x.shape[axis] - 1 : 0; from[axis] != index[axis]; from[axis] += sign)
      e.result()[place] += x[placeOf(x.shape, from)];
    e.result()[place] += op.getExclusive() ? 0 : x[place];
  });
}

static void evaluateMatmul(cnn::MatmulOp op, Evaluation &e) {
  const Tensor &a = e.operand(0), &b = e.operand(1);
  int64_t rows = a.shape[a.rank() - 2], columns = a.shape[a.rank() - 1], n = b.shape.back();
  int64_t m = op.getTransposeLhs() ? columns : rows, k = op.getTransposeLhs() ? rows : columns;
  bool isShared = b.rank() == 2;
  for (int64_t product = 0; product < a.size() / (rows * columns); ++product)
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) {
        double sum = 0;
        for (int64_t l = 0; l < k; ++l)
          sum += a[product * rows * columns + (op.getTransposeLhs() ? l * columns + i : i * columns + l)] *
                 b[(isShared ? 0 : product * k * n) + l * n + j];
        e.result()[(op.getSumProducts() ? 0 : product * m * n) + i * n + j] += sum;
      }
}

/// The place in the indexed tensor that an element of the gathered one comes from.
static int64_t gatheredFrom(const Tensor &x, const Tensor &indices, int64_t axis, const Index &index) {
  auto first = index.begin() + axis;
  int64_t number = int64_t(indices[placeOf(indices.shape, Index(first, first + indices.rank()))]), size = x.shape[axis];
  Index from(index.begin(), first);
  from.push_back(std::clamp<int64_t>(number < 0 ? number + size : number, 0, size - 1));
  from.insert(from.end(), first + indices.rank(), index.end());
  return placeOf(x.shape, from);
}
static void evaluateGather(cnn::GatherOp op, Evaluation &e) {
  forEachElement(e.result().shape, [&](const Index &index, int64_t place) {
    e.result()[place] = e.operand(0)[gatheredFrom(e.operand(0), e.operand(1), op.getAxis(), index)];
  });
}
static void evaluateGatherGrad(cnn::GatherGradOp op, Evaluation &e) {
  forEachElement(e.operand(0).shape, [&](const Index &index, int64_t place) {
    e.result()[gatheredFrom(e.result(), e.operand(1), op.getAxis(), index)] += e.operand(0)[place];
  });
}

/// Calls `body(first, last)` for every row.
template <typename Body> static void forEachRow(const Tensor &x, Body body) {
  int64_t length = x.shape.back();
  for (int64_t first = 0; first < x.size(); first += length)
    body(first, first + length);
}
template <typename Term> static double sumOver(int64_t first, int64_t last, Term term) {
  double sum = 0;
  for (int64_t i = first; i < last; ++i)
    sum += term(i);
  return sum;
}

static void evaluateRowSoftmax(cnn::RowSoftmaxOp, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachRow(x, [&](int64_t first, int64_t last) {
    double largest = *std::max_element(x.values.begin() + first, x.values.begin() + last);
    double sum = sumOver(first, last, [&](int64_t i) { return std::exp(x[i] - largest); });
    for (int64_t i = first; i < last; ++i)
      e.result()[i] = std::exp(x[i] - largest) / sum;
  });
}
static void evaluateRowSoftmaxGrad(cnn::RowSoftmaxGradOp, Evaluation &e) {
  const Tensor &y = e.operand(0), &dy = e.operand(1);
  forEachRow(y, [&](int64_t first, int64_t last) {
    double sum = sumOver(first, last, [&](int64_t i) { return y[i] * dy[i]; });
    for (int64_t i = first; i < last; ++i)
      e.result()[i] = y[i] * (dy[i] - sum);
  });
}

/// Mean and 1 / √(variance + ε) of a row.
static std::pair<double, double> moments(const Tensor &x, int64_t first, int64_t last, double epsilon) {
  double mean = sumOver(first, last, [&](int64_t i) { return x[i]; }) / (last - first);
  double variance = sumOver(first, last, [&](int64_t i) { return (x[i] - mean) * (x[i] - mean); }) / (last - first);
  return {mean, 1 / std::sqrt(variance + epsilon)};
}
static void evaluateLayernorm(cnn::LayernormOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachRow(x, [&](int64_t first, int64_t last) {
    auto [mean, inverse] = moments(x, first, last, op.getEpsilon().convertToDouble());
    for (int64_t i = first; i < last; ++i)
      e.result()[i] = (x[i] - mean) * inverse;
  });
}
static void evaluateLayernormGrad(cnn::LayernormGradOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &dy = e.operand(1);
  forEachRow(x, [&](int64_t first, int64_t last) {
    auto [mean, inverse] = moments(x, first, last, op.getEpsilon().convertToDouble());
    auto y = [&, mean = mean, inverse = inverse](int64_t i) { return (x[i] - mean) * inverse; };
    double meanGradient = sumOver(first, last, [&](int64_t i) { return dy[i]; }) / (last - first);
    double meanProduct = sumOver(first, last, [&](int64_t i) { return dy[i] * y(i); }) / (last - first);
    for (int64_t i = first; i < last; ++i)
      e.result()[i] = (dy[i] - meanGradient - y(i) * meanProduct) * inverse;
  });
}

void interpreter::attachGeneralEvaluators(MLIRContext *context) {
  attach<cnn::RowSoftmaxOp, evaluateRowSoftmax>(context);
  attach<cnn::RowSoftmaxGradOp, evaluateRowSoftmaxGrad>(context);
  attach<cnn::LayernormOp, evaluateLayernorm>(context);
  attach<cnn::LayernormGradOp, evaluateLayernormGrad>(context);
  attach<cnn::TransposeOp, evaluateTranspose>(context);
  attach<cnn::BroadcastOp, evaluateBroadcast>(context);
  attach<cnn::ReduceSumOp, evaluateReduceSum>(context);
  attach<cnn::ReduceProdOp, evaluateReduceProd>(context);
  attach<cnn::CumsumOp, evaluateCumsum>(context);
  attach<cnn::ReduceMaxOp, evaluateReduceMax>(context);
  attach<cnn::ReduceMinOp, evaluateReduceMin>(context);
  attach<cnn::MatmulOp, evaluateMatmul>(context);
  attach<cnn::GatherOp, evaluateGather>(context);
  attach<cnn::GatherGradOp, evaluateGatherGrad>(context);
}
