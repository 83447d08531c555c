//===- SumNorm.cpp - norms that are made of sums --------------------------===//

#include "frontends/onnx/convert/SumNorm.h"
#include "frontends/onnx/convert/Broadcast.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;

mlir::Value onnx::meanOver(Call &call, mlir::Value value, llvm::ArrayRef<int64_t> axes, bool isSum) {
  if (!value)
    return value;
  Shape kept(shapeOf(value));
  double count = 1;
  for (int64_t axis : axes) {
    if (kept[axis] == dynamic) {
      call.refuse("sums over the batch of " + text(shapeOf(value)), "give the batch a number in the file or with --shape");
      return {};
    }
    count *= static_cast<double>(kept[axis]);
    kept[axis] = 1;
  }
  mlir::Value sum = call.emit<cnn::ReduceSumOp>(kept, value, axes);
  return isSum || !sum ? sum : call.emit<cnn::AffineOp>(kept, sum, llvm::APFloat(1 / count), llvm::APFloat(0.0));
}

std::optional<Moments> onnx::momentsOver(Call &call, mlir::Value value, llvm::ArrayRef<int64_t> axes) {
  Moments moments;
  Shape shape(shapeOf(value));
  moments.mean = meanOver(call, value, axes);
  mlir::Value repeated = moments.mean ? repeat(call, moments.mean, shape) : moments.mean;
  moments.centred = repeated ? call.emit<cnn::SubOp>(shape, value, repeated) : repeated;
  mlir::Value squares = moments.centred ? call.emit<cnn::MulOp>(shape, moments.centred, moments.centred) : moments.centred;
  moments.variance = meanOver(call, squares, axes);
  return moments.variance ? std::optional(moments) : std::nullopt;
}

/// x divided by its norm along an axis; 0 where that is 0.
static void convertLpNormalization(Call &call) {
  int64_t given = call.integer("axis", -1), p = call.integer("p", 2);
  if (p != 1 && p != 2)
    call.refuse("has a power of " + llvm::Twine(p), "p is 1 or 2");
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  std::optional<size_t> axis = input ? call.axis(given, shapeOf(input).size()) : std::nullopt;
  if (!axis)
    return;
  Shape shape(shapeOf(input));
  mlir::Value powers = p == 1 ? call.emit<cnn::AbsOp>(shape, input) : call.emit<cnn::MulOp>(shape, input, input);
  mlir::Value norm = meanOver(call, powers, {static_cast<int64_t>(*axis)}, /*isSum=*/true);
  if (norm && p == 2)
    norm = call.emit<cnn::SqrtOp>(shapeOf(norm), norm);
  norm = norm ? repeat(call, norm, shape) : norm;
  mlir::Value quotient = norm ? call.emit<cnn::DivOp>(shape, input, norm) : norm;
  mlir::Value isPositive = quotient ? call.emit<cnn::StepOp>(shape, norm) : quotient;
  if (isPositive)
    call.set(0, call.emit<cnn::WhereOp>(shape, isPositive, quotient, input)); // which is 0 there
}

void onnx::addSumNorms(Table &table) { table["LpNormalization"] = convertLpNormalization; }
