//===- Reduction.cpp - sums, means, extremes over dimensions --------------===//

#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// The axes, which became an operand at version `since`; all if there are none.
static std::optional<Shape> axesOf(Call &call, std::optional<Shape> attribute, size_t rank) {
  Shape given = attribute.value_or(Shape());
  if (call.has(1)) {
    std::optional<Shape> operand = call.constantIntegers(1, "axes");
    if (!operand)
      return std::nullopt;
    given = *operand;
  }
  Shape axes;
  for (int64_t one : given) {
    std::optional<size_t> axis = call.axis(one, rank);
    if (!axis)
      return std::nullopt;
    axes.push_back(*axis);
  }
  for (size_t i = 0; given.empty() && i < rank; ++i)
    axes.push_back(i);
  llvm::sort(axes);
  return axes;
}

template <typename Op> static void convertReduce(Call &call) {
  std::optional<Shape> attribute = call.integers("axes");
  bool keeps = call.flag("keepdims", true), noop = call.flag("noop_with_empty_axes", false);
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input));
  std::optional<Shape> axes = axesOf(call, attribute, shape.size());
  if (!axes)
    return;
  bool none = (!attribute || attribute->empty()) && (!call.has(1) || call.shape(1) == Shape{0});
  if (noop && none) {
    call.set(0, input);
    return;
  }
  Shape spatial;
  for (size_t i = 2; i < shape.size(); ++i)
    spatial.push_back(i);
  if (*axes != spatial || shape.size() < 3) {
    call.refuse("reduces dimensions " + text(*axes) + " of " + text(shape), "reductions over all spatial dimensions are supported");
    return;
  }
  Shape result(shape);
  std::fill(result.begin() + 2, result.end(), 1);
  if (asImages(call, input, nullptr))
    call.set(0, call.reshape(call.emit<Op>({shape[0], shape[1], 1, 1}, input), keeps ? llvm::ArrayRef<int64_t>(result) : llvm::ArrayRef(result).take_front(2)));
}

void onnx::addReductions(Table &table) {
  table["ReduceMean"] = convertReduce<cnn::GlobalAvgpoolOp>;
  table["ReduceMax"] = convertReduce<cnn::GlobalMaxpoolOp>;
}
