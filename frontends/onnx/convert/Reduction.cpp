//===- Reduction.cpp - sums, means, extremes over dimensions --------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"
#include <type_traits>

using namespace cnnc;
using namespace cnnc::onnx;

/// What is reduced: the axes, the shape with them as 1, and the shape of the result.
struct Reduced {
  mlir::Value input;
  Shape shape, axes, kept, result;
  int64_t count = 1; ///< elements of each result
};

/// Reads attributes and axes; nothing after an error, or where the node is the identity, which is set.
static std::optional<Reduced> reducedBy(Call &call) {
  std::optional<Shape> attribute = call.integers("axes");
  bool keeps = call.flag("keepdims", true), noop = call.flag("noop_with_empty_axes", false);
  if (!call.ready())
    return std::nullopt;
  Reduced reduced;
  reduced.input = call.runtime(0);
  if (!reduced.input)
    return std::nullopt;
  reduced.shape = Shape(shapeOf(reduced.input));
  std::optional<Shape> axes = call.axes(attribute, reduced.shape.size());
  if (!axes)
    return std::nullopt;
  axes->erase(std::unique(axes->begin(), axes->end()), axes->end());
  bool none = (!attribute || attribute->empty()) && (!call.has(1) || call.shape(1) == Shape{0});
  if (noop && none) {
    call.set(0, reduced.input);
    return std::nullopt;
  }
  if (none)
    axes = llvm::to_vector<8>(llvm::seq<int64_t>(reduced.shape.size()));
  reduced.axes = *axes;
  for (size_t i = 0; i < reduced.shape.size(); ++i) {
    int64_t size = reduced.shape[i];
    bool isReduced = llvm::is_contained(*axes, static_cast<int64_t>(i));
    if (isReduced && size == dynamic) {
      call.refuse("reduces dimensions " + text(*axes) + " of " + text(reduced.shape),
                  "the batch is not reduced: give the other axes");
      return std::nullopt;
    }
    reduced.count *= isReduced ? size : 1;
    reduced.kept.push_back(isReduced ? 1 : size);
    if (keeps || !isReduced)
      reduced.result.push_back(reduced.kept.back());
  }
  return reduced;
}

/// The result of integers is one: what lies behind the point is cut off.
static void setReduced(Call &call, mlir::Value value, const Reduced &reduced, bool isWhole) {
  value = value && !isWhole && !isReal(call.type(0)) ? truncate(call, value) : value;
  call.set(0, call.reshape(value, reduced.result));
}

/// `Op` over any dimensions, `Pool` over all that are spatial; a mean is a sum divided by the number of its elements.
template <typename Op, typename Pool = void, bool isMean = false> static void convertReduce(Call &call) {
  std::optional<Reduced> reduced = reducedBy(call);
  if (!reduced)
    return;
  if constexpr (!std::is_void_v<Pool>) {
    Shape spatial = llvm::to_vector<8>(llvm::seq<int64_t>(2, std::max<size_t>(2, reduced->shape.size())));
    if (reduced->axes == spatial && reduced->shape.size() >= 3 && (!isMean || isReal(call.type(0)))) {
      auto pool = [&](mlir::Value images) { return call.emit<Pool>({reduced->shape[0], reduced->shape[1], 1, 1}, images); };
      return setReduced(call, windowsOf(call).toPlace(reduced->input, pool), *reduced, !isMean);
    }
  }
  mlir::Value value = call.emit<Op>(reduced->kept, reduced->input, reduced->axes);
  Compose compose(call);
  if (value && isMean && !isReal(call.type(0))) // a factor of 1 / 3 is no third of an integer
    value = compose.div(value, compose.splat({1}, static_cast<double>(reduced->count)));
  else if (value && isMean)
    value = call.emit<cnn::AffineOp>(reduced->kept, value, llvm::APFloat(1.0 / static_cast<double>(reduced->count)),
                                     llvm::APFloat(0.0));
  setReduced(call, value, *reduced, !isMean);
}

/// `After`(the sum of `Before`(x)); void stands for x itself.
template <typename Before, typename After> static void convertSumOf(Call &call) {
  std::optional<Reduced> reduced = reducedBy(call);
  if (!reduced)
    return;
  mlir::Value value = reduced->input;
  if constexpr (std::is_same_v<Before, cnn::MulOp>)
    value = call.emit<cnn::MulOp>(reduced->shape, value, value);
  else if constexpr (!std::is_void_v<Before>)
    value = call.emit<Before>(reduced->shape, value);
  value = value ? call.emit<cnn::ReduceSumOp>(reduced->kept, value, reduced->axes) : value;
  if constexpr (!std::is_void_v<After>)
    value = value ? call.emit<After>(reduced->kept, value) : value;
  setReduced(call, value, *reduced, std::is_void_v<After>);
}

/// log Σ exp(x) as m + log Σ exp(x - m), with the largest m, which cannot overflow.
static void convertLogSumExp(Call &call) {
  std::optional<Reduced> reduced = reducedBy(call);
  mlir::Value largest = reduced ? call.emit<cnn::ReduceMaxOp>(reduced->kept, reduced->input, reduced->axes) : mlir::Value();
  mlir::Value repeated = largest ? repeat(call, largest, reduced->shape) : largest;
  mlir::Value distance = repeated ? call.emit<cnn::SubOp>(reduced->shape, reduced->input, repeated) : repeated;
  mlir::Value power = distance ? call.emit<cnn::ExpOp>(reduced->shape, distance) : distance;
  mlir::Value sum = power ? call.emit<cnn::ReduceSumOp>(reduced->kept, power, reduced->axes) : power;
  mlir::Value logarithm = sum ? call.emit<cnn::LogOp>(reduced->kept, sum) : sum;
  if (logarithm)
    setReduced(call, call.emit<cnn::AddOp>(reduced->kept, logarithm, largest), *reduced, /*isWhole=*/false);
}

void onnx::addReductions(Table &table) {
  table["ReduceMean"] = convertReduce<cnn::ReduceSumOp, cnn::GlobalAvgpoolOp, /*isMean=*/true>;
  table["ReduceMax"] = convertReduce<cnn::ReduceMaxOp, cnn::GlobalMaxpoolOp>;
  table["ReduceMin"] = convertReduce<cnn::ReduceMinOp>;
  table["ReduceL1"] = convertSumOf<cnn::AbsOp, void>;
  table["ReduceL2"] = convertSumOf<cnn::MulOp, cnn::SqrtOp>;
  table["ReduceLogSum"] = convertSumOf<void, cnn::LogOp>;
  table["ReduceLogSumExp"] = convertLogSumExp;
  table["ReduceSumSquare"] = convertSumOf<cnn::MulOp, void>;
  table["ReduceProd"] = convertReduce<cnn::ReduceProdOp>;
  table["ReduceSum"] = convertReduce<cnn::ReduceSumOp>;
}
