//===- RowNorm.cpp - softmax and layer norm -------------------------------===//

#include "frontends/onnx/convert/Broadcast.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// Softmax along `axis`, which goes to the end and back for it; the channels of images and vectors have an op of their own.
static mlir::Value softmaxAlong(Call &call, mlir::Value input, size_t axis) {
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
static mlir::Value logSoftmaxAlong(Call &call, mlir::Value input, size_t axis) {
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

/// Everything from `axis` on is one row; then scale and bias, element by element.
static void convertLayerNormalization(Call &call) {
  int64_t given = call.integer("axis", -1);
  double epsilon = call.number("epsilon", 1e-5);
  if (epsilon < 0)
    call.refuse("has epsilon " + text(epsilon), "epsilon is not negative");
  std::optional<Rows> rows = call.ready(2) ? rowsOf(call, given) : std::nullopt;
  if (!rows)
    return;
  const Shape &shape = rows->shape;
  mlir::Value joined = call.reshape(rows->input, rows->joined);
  joined = joined ? call.emit<cnn::LayernormOp>(rows->joined, joined, llvm::APFloat(epsilon)) : joined;
  mlir::Value result = joined ? call.reshape(joined, shape) : joined;
  for (size_t i : {1, 2}) {
    if (!result || !call.has(i))
      continue;
    std::optional<Shape> whole = broadcast(shape, call.shape(i));
    if (!whole || *whole != shape) {
      call.refuse("scales " + text(shape) + " by " + text(call.shape(i)), "scale and bias have the shape that is normalised");
      return;
    }
    mlir::Value operand = call.runtime(i);
    operand = operand ? repeat(call, operand, shape) : operand;
    if (!operand)
      return;
    result = i == 1 ? call.emit<cnn::MulOp>(shape, result, operand) : call.emit<cnn::AddOp>(shape, result, operand);
  }
  call.set(0, result);
}

void onnx::addRowNorms(Table &table) {
  table["LayerNormalization"] = convertLayerNormalization;
  table["LogSoftmax"] = convertSoftmax<logSoftmaxAlong>;
  table["Softmax"] = convertSoftmax<softmaxAlong>;
}
