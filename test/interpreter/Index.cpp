//===- Index.cpp - elements by their numbers ------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Places.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

static void evaluateArgMax(cnn::ArgMaxOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  forEachElement(e.result().shape, [&](Index index, int64_t place) {
    double largest = -std::numeric_limits<double>::infinity();
    for (int64_t i = 0; i < x.shape[op.getAxis()]; ++i) {
      index[op.getAxis()] = i;
      double element = x[placeOf(x.shape, index)];
      if (op.getLast() ? element >= largest : element > largest) {
        largest = element;
        e.result()[place] = double(i);
      }
    }
  });
}

static void evaluateTopK(cnn::TopKOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  int64_t length = x.shape.back(), k = op.getK();
  for (int64_t row = 0; row < x.size() / length; ++row) {
    std::vector<int64_t> order(length);
    for (int64_t i = 0; i < length; ++i)
      order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return x[row * length + a] > x[row * length + b]; });
    for (int64_t i = 0; i < k; ++i)
      e.result()[row * k + i] = double(order[i]);
  }
}

static void evaluateOneHot(cnn::OneHotOp op, Evaluation &e) {
  int64_t axis = op.getAxis(), depth = e.result().shape[axis];
  forEachElement(e.result().shape, [&](const Index &index, int64_t place) {
    Index from(index);
    from.erase(from.begin() + axis);
    double number = e.operand(0)[placeOf(e.operand(0).shape, from)];
    bool isIgnored = op.getIgnore() && number == double(int64_t(*op.getIgnore()));
    e.result()[place] = !isIgnored && (number == index[axis] || number == index[axis] - depth);
  });
}

//===----------------------------------------------------------------------===//
// Gather and scatter
//===----------------------------------------------------------------------===//

static int64_t wrapped(double number, int64_t size) {
  return std::clamp<int64_t>(int64_t(number) + (number < 0 ? size : 0), 0, size - 1);
}

/// The place in a tensor of `shape` that index number `place` of gather_elements and scatter_elements means.
static int64_t elementPlace(const Index &shape, const Tensor &indices, int64_t axis, Index index, int64_t place) {
  index[axis] = wrapped(indices[place], shape[axis]);
  return placeOf(shape, index);
}

/// The same for an element of the slices of gather_nd and scatter_nd.
static int64_t slicePlace(const Index &shape, const Tensor &indices, int64_t batchDims, const Index &index) {
  int64_t places = indices.rank() - 1, coordinates = indices.shape.back();
  int64_t first =
      placeOf(Index(indices.shape.begin(), indices.shape.end() - 1), Index(index.begin(), index.begin() + places)) * coordinates;
  Index from(index.begin(), index.begin() + batchDims);
  for (int64_t i = 0; i < coordinates; ++i)
    from.push_back(wrapped(indices[first + i], shape[batchDims + i]));
  from.insert(from.end(), index.begin() + places, index.end());
  return placeOf(shape, from);
}

static void evaluateGatherElements(cnn::GatherElementsOp op, Evaluation &e) {
  forEachElement(e.result().shape, [&](const Index &index, int64_t place) {
    e.result()[place] = e.operand(0)[elementPlace(e.operand(0).shape, e.operand(1), op.getAxis(), index, place)];
  });
}
static void evaluateGatherNd(cnn::GatherNdOp op, Evaluation &e) {
  forEachElement(e.result().shape, [&](const Index &index, int64_t place) {
    e.result()[place] = e.operand(0)[slicePlace(e.operand(0).shape, e.operand(1), op.getBatchDims(), index)];
  });
}

static double combined(StringRef reduction, double old, double update) {
  if (reduction == "add")
    return old + update;
  if (reduction == "mul")
    return old * update;
  if (reduction == "max")
    return std::max(old, update);
  return reduction == "min" ? std::min(old, update) : update;
}
static void evaluateScatterElements(cnn::ScatterElementsOp op, Evaluation &e) {
  e.result().values = e.operand(0).values;
  forEachElement(e.operand(2).shape, [&](const Index &index, int64_t place) {
    double &element = e.result()[elementPlace(e.result().shape, e.operand(1), op.getAxis(), index, place)];
    element = combined(op.getReduction(), element, e.operand(2)[place]);
  });
}
static void evaluateScatterNd(cnn::ScatterNdOp op, Evaluation &e) {
  e.result().values = e.operand(0).values;
  forEachElement(e.operand(2).shape, [&](const Index &index, int64_t place) {
    double &element = e.result()[slicePlace(e.result().shape, e.operand(1), op.getBatchDims(), index)];
    element = combined(op.getReduction(), element, e.operand(2)[place]);
  });
}

void interpreter::attachIndexEvaluators(MLIRContext *context) {
  attach<cnn::ArgMaxOp, evaluateArgMax>(context);
  attach<cnn::TopKOp, evaluateTopK>(context);
  attach<cnn::OneHotOp, evaluateOneHot>(context);
  attach<cnn::GatherElementsOp, evaluateGatherElements>(context);
  attach<cnn::GatherNdOp, evaluateGatherNd>(context);
  attach<cnn::ScatterElementsOp, evaluateScatterElements>(context);
  attach<cnn::ScatterNdOp, evaluateScatterNd>(context);
}
