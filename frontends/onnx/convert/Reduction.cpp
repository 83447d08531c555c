//===- Reduction.cpp - sums, means, extremes over dimensions --------------===//

#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"
#include <type_traits>

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
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  return axes;
}

/// `Op` over any dimensions, `Pool` over all that are spatial; a mean is a sum divided by the number of its elements.
template <typename Op, typename Pool = void, bool isMean = false> static void convertReduce(Call &call) {
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
  Shape result, kept;
  int64_t count = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    bool isReduced = llvm::is_contained(*axes, static_cast<int64_t>(i));
    if (isReduced && shape[i] == dynamic) {
      call.refuse("reduces dimensions " + text(*axes) + " of " + text(shape), "the batch is not reduced: give the other axes");
      return;
    }
    count *= isReduced ? shape[i] : 1;
    kept.push_back(isReduced ? 1 : shape[i]);
    if (keeps || !isReduced)
      result.push_back(kept.back());
  }
  bool isPool = *axes == spatial && shape.size() >= 3 && !std::is_void_v<Pool>;
  if constexpr (!std::is_void_v<Pool>)
    if (isPool) {
      if (asImages(call, input, nullptr))
        call.set(0, call.reshape(call.emit<Pool>({shape[0], shape[1], 1, 1}, input), result));
      return;
    }
  mlir::Value reduced = call.emit<Op>(kept, input, *axes);
  if (reduced && isMean)
    reduced = call.emit<cnn::AffineOp>(kept, reduced, llvm::APFloat(1.0 / static_cast<double>(count)), llvm::APFloat(0.0));
  call.set(0, call.reshape(reduced, result));
}

void onnx::addReductions(Table &table) {
  table["ReduceMean"] = convertReduce<cnn::ReduceSumOp, cnn::GlobalAvgpoolOp, /*isMean=*/true>;
  table["ReduceMax"] = convertReduce<cnn::ReduceMaxOp, cnn::GlobalMaxpoolOp>;
  table["ReduceMin"] = convertReduce<cnn::ReduceMinOp>;
  table["ReduceSum"] = convertReduce<cnn::ReduceSumOp>;
}
