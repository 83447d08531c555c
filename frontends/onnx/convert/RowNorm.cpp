//===- RowNorm.cpp - softmax and layer norm -------------------------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Softmax.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// Softmax along `axis`, which goes to the end and back for it; the channels of images and vectors have an op of their own.
mlir::Value onnx::softmaxAlong(Call &call, mlir::Value input, size_t axis) {
  Shape shape(shapeOf(input));
  if (axis == 1 && shape[0] == dynamic && (shape.size() == 2 || shape.size() == 4))
    return call.emit<cnn::SoftmaxOp>(shape, input);
  size_t last = shape.size() - 1;
  Shape order = llvm::to_vector<8>(llvm::seq<int64_t>(shape.size())), turned(shape);
  std::swap(order[axis], order[last]);
  std::swap(turned[axis], turned[last]);
  mlir::Value rows = axis == last ? input : call.emit<cnn::TransposeOp>(turned, input, llvm::ArrayRef<int64_t>(order));
  mlir::Value result = rows ? call.emit<cnn::RowSoftmaxOp>(turned, rows) : rows;
  return !result || axis == last ? result : call.emit<cnn::TransposeOp>(shape, result, llvm::ArrayRef<int64_t>(order));
}

/// The same as x - m - log Σ exp(x - m), with the largest m of each row.
mlir::Value onnx::logSoftmaxAlong(Call &call, mlir::Value input, size_t axis) {
  Shape shape(shapeOf(input)), kept(shape), axes{static_cast<int64_t>(axis)};
  kept[axis] = 1;
  mlir::Value largest = call.emit<cnn::ReduceMaxOp>(kept, input, llvm::ArrayRef<int64_t>(axes));
  mlir::Value repeated = largest ? repeat(call, largest, shape) : largest;
  mlir::Value distance = repeated ? call.emit<cnn::SubOp>(shape, input, repeated) : repeated;
  mlir::Value power = distance ? call.emit<cnn::ExpOp>(shape, distance) : distance;
  mlir::Value sum = power ? call.emit<cnn::ReduceSumOp>(kept, power, llvm::ArrayRef<int64_t>(axes)) : power;
  mlir::Value logarithm = sum ? call.emit<cnn::LogOp>(kept, sum) : sum;
  mlir::Value subtrahend = logarithm ? repeat(call, logarithm, shape) : logarithm;
  return subtrahend ? call.emit<cnn::SubOp>(shape, distance, subtrahend) : subtrahend;
}

/// An operand, the axis its rows start at, and its shape with everything from there on as one dimension.
struct Rows {
  mlir::Value input;
  Shape shape, joined;
  size_t axis;
};

static std::optional<Rows> rowsOf(Call &call, int64_t given) {
  mlir::Value input = call.runtime(0);
  std::optional<size_t> axis = input ? call.axis(given, shapeOf(input).size()) : std::nullopt;
  if (!axis)
    return std::nullopt;
  Shape shape(shapeOf(input)), joined(shape.begin(), shape.begin() + *axis);
  if (shape[*axis] == dynamic) {
    call.refuse("works along dimension 0 of " + text(shape), "the batch is no part of a row: give another axis");
    return std::nullopt;
  }
  joined.push_back(elementsOf(llvm::ArrayRef(shape).drop_front(*axis)));
  return Rows{input, shape, joined, *axis};
}

/// Before version 13 all dimensions from `axis` on are one.
template <mlir::Value (*along)(Call &, mlir::Value, size_t)> static void convertSoftmax(Call &call) {
  bool flattens = call.node.version < 13;
  int64_t given = call.integer("axis", flattens ? 1 : -1);
  std::optional<Rows> rows = call.ready() ? rowsOf(call, given) : std::nullopt;
  if (!rows)
    return;
  // Dimensions of size 1 behind the axis are none; they may be joined with it.
  bool joins = flattens || rows->joined.back() == rows->shape[rows->axis];
  mlir::Value input = joins ? call.reshape(rows->input, rows->joined) : rows->input;
  mlir::Value result = input ? along(call, input, rows->axis) : input;
  call.set(0, result ? call.reshape(result, rows->shape) : result);
}

/// Scale and bias, operands 1 and 2, where they are; null after an error.
static mlir::Value scaleRows(Call &call, mlir::Value value, llvm::ArrayRef<int64_t> shape) {
  Compose compose(call);
  for (size_t i : {1, 2}) {
    if (!value || !call.has(i))
      continue;
    std::optional<Shape> whole = broadcast(shape, call.shape(i));
    if (!whole || llvm::ArrayRef<int64_t>(*whole) != shape) {
      call.refuse("scales " + text(shape) + " by " + text(call.shape(i)), "scale and bias have the shape that is normalised");
      return {};
    }
    mlir::Value operand = call.runtime(i);
    value = i == 1 ? compose.mul(value, operand) : compose.add(value, operand);
  }
  return value;
}

static double readEpsilon(Call &call) {
  double epsilon = call.number("epsilon", 1e-5);
  if (epsilon < 0)
    call.refuse("has epsilon " + text(epsilon), "epsilon is not negative");
  return epsilon;
}

/// 1 / √(mean(x²) + ε) of each row.
static mlir::Value inverseSize(Compose &compose, mlir::Value rows, double epsilon) {
  int64_t last = static_cast<int64_t>(shapeOf(rows).size()) - 1;
  return compose.map<cnn::RsqrtOp>(compose.affine(compose.mean(compose.mul(rows, rows), {last}), 1, epsilon));
}

/// Everything from `axis` on is one row; then scale and bias, element by element. Further results are the mean and
/// 1 / √(variance + ε) of each row.
static void convertLayerNormalization(Call &call) {
  int64_t given = call.integer("axis", -1);
  double epsilon = readEpsilon(call);
  std::optional<Rows> rows = call.ready(2) ? rowsOf(call, given) : std::nullopt;
  if (!rows)
    return;
  Compose compose(call);
  mlir::Value joined = compose.reshape(rows->input, rows->joined);
  mlir::Value result = compose.map<cnn::LayernormOp>(joined, llvm::APFloat(epsilon));
  call.set(0, scaleRows(call, compose.reshape(result, rows->shape), rows->shape));
  auto isWanted = [&](size_t i) { return i < call.node.outputs.size() && !call.node.outputs[i].empty(); };
  if (!joined || (!isWanted(1) && !isWanted(2)))
    return;
  Shape kept(rows->shape);
  std::fill(kept.begin() + rows->axis, kept.end(), 1);
  mlir::Value mean = compose.mean(joined, {static_cast<int64_t>(rows->joined.size()) - 1}), centred = compose.sub(joined, mean);
  call.set(1, compose.reshape(mean, kept));
  if (isWanted(2) && centred)
    call.set(2, compose.reshape(inverseSize(compose, centred, epsilon), kept));
}

/// x / √(mean(x²) + ε) over everything from `axis` on, times a scale.
static void convertRmsNormalization(Call &call) {
  int64_t given = call.integer("axis", -1);
  double epsilon = readEpsilon(call);
  std::optional<Rows> rows = call.ready(2) ? rowsOf(call, given) : std::nullopt;
  if (!rows)
    return;
  Compose compose(call);
  mlir::Value joined = compose.reshape(rows->input, rows->joined);
  mlir::Value result = joined ? compose.mul(joined, inverseSize(compose, joined, epsilon)) : joined;
  call.set(0, scaleRows(call, compose.reshape(result, rows->shape), rows->shape));
}

/// (x - mean) / (√variance + 1e-9) over `axes`.
static void convertMeanVarianceNormalization(Call &call) {
  Shape axes = call.integers("axes").value_or(Shape{0, 2, 3});
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  llvm::ArrayRef<int64_t> shape = shapeOf(input);
  for (int64_t &one : axes) {
    std::optional<size_t> axis = call.axis(one, shape.size());
    if (!axis)
      return;
    if (shape[*axis] == dynamic)
      return call.refuse("normalises over the batch of " + text(shape), "give other axes");
    one = static_cast<int64_t>(*axis);
  }
  llvm::sort(axes);
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  Compose compose(call);
  mlir::Value centred = compose.sub(input, compose.mean(input, axes));
  mlir::Value deviation = compose.map<cnn::SqrtOp>(compose.mean(compose.mul(centred, centred), axes));
  call.set(0, compose.div(centred, compose.affine(deviation, 1, 1e-9)));
}

void onnx::addRowNorms(Table &table) {
  table["LayerNormalization"] = convertLayerNormalization;
  table["MeanVarianceNormalization"] = convertMeanVarianceNormalization;
  table["RMSNormalization"] = convertRmsNormalization;
  table["LogSoftmax"] = convertSoftmax<logSoftmaxAlong>;
  table["Softmax"] = convertSoftmax<softmaxAlong>;
}
