//===- RowNorm.cpp - softmax and layer norm -------------------------------===//

#include "frontends/onnx/convert/Broadcast.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// The product of the sizes from `axis` on.
static int64_t rowFrom(llvm::ArrayRef<int64_t> shape, size_t axis) { return elementsOf(shape.drop_front(axis)); }

/// Softmax along `axis`, which goes to the end and back for it; the channels of images and vectors have an op of their own.
static mlir::Value softmaxAlong(Call &call, mlir::Value input, size_t axis) {
  Shape shape(shapeOf(input));
  if (axis == 1 && (shape.size() == 2 || shape.size() == 4))
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

/// Before version 13 all dimensions from `axis` on are one.
template <mlir::Value (*along)(Call &, mlir::Value, size_t)> static void convertSoftmax(Call &call) {
  bool flattens = call.node.version < 13;
  int64_t given = call.integer("axis", flattens ? 1 : -1);
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input));
  std::optional<size_t> axis = call.axis(given, shape.size());
  if (!axis)
    return;
  if (*axis == 0) {
    call.refuse("works along dimension 0 of " + text(shape), "the batch has no softmax: give another axis");
    return;
  }
  // Dimensions of size 1 behind the axis are none; they may be joined with it.
  Shape joined(shape.begin(), shape.begin() + *axis);
  joined.push_back(rowFrom(shape, *axis));
  bool joins = flattens || joined.back() == shape[*axis];
  mlir::Value rows = joins ? call.reshape(input, joined) : input;
  mlir::Value result = rows ? along(call, rows, *axis) : rows;
  call.set(0, result ? call.reshape(result, shape) : result);
}

/// Everything from `axis` on is one row; then scale and bias, element by element.
static void convertLayerNormalization(Call &call) {
  int64_t given = call.integer("axis", -1);
  double epsilon = call.number("epsilon", 1e-5);
  if (epsilon < 0)
    call.refuse("has epsilon " + text(epsilon), "epsilon is not negative");
  if (!call.ready(2))
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input));
  std::optional<size_t> axis = call.axis(given, shape.size());
  if (!axis)
    return;
  if (*axis == 0) {
    call.refuse("normalises dimension 0 of " + text(shape), "the batch is not normalised: give another axis");
    return;
  }
  Shape joined(shape.begin(), shape.begin() + *axis);
  joined.push_back(rowFrom(shape, *axis));
  mlir::Value rows = call.reshape(input, joined);
  rows = rows ? call.emit<cnn::LayernormOp>(joined, rows, llvm::APFloat(epsilon)) : rows;
  mlir::Value result = rows ? call.reshape(rows, shape) : rows;
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
