//===- Activations.cpp - functions of one element -------------------------===//

#include "frontends/onnx/convert/Tables.h"
#include <cmath>
#include <limits>

using namespace cnnc;
using namespace cnnc::onnx;

template <typename Op> static void convertPlain(Call &call) {
  if (!call.ready())
    return;
  if (mlir::Value input = call.runtime(0))
    call.set(0, call.emit<Op>(shapeOf(input), input));
}

static mlir::Value affine(Call &call, mlir::Value value, double scale, double offset) {
  return value ? call.emit<cnn::AffineOp>(shapeOf(value), value, llvm::APFloat(scale), llvm::APFloat(offset)) : value;
}

/// max(x, low), min(x, high): one-sided where the other is infinite.
static mlir::Value clip(Call &call, mlir::Value value, double low, double high) {
  auto relu = [&](mlir::Value x) { return x ? call.emit<cnn::ReluOp>(shapeOf(x), x) : x; };
  if (std::isfinite(low)) {
    value = relu(low ? affine(call, value, 1, -low) : value);
    value = low ? affine(call, value, 1, low) : value;
  }
  if (std::isfinite(high))
    value = affine(call, relu(affine(call, value, -1, high)), -1, high);
  return value;
}

static void convertLeakyRelu(Call &call) {
  double slope = call.number("alpha", 0.01);
  if (!call.ready())
    return;
  if (mlir::Value input = call.runtime(0))
    call.set(0, call.emit<cnn::LeakyReluOp>(shapeOf(input), input, llvm::APFloat(slope)));
}

/// A scalar operand that may be left out.
static std::optional<double> bound(Call &call, size_t i, double fallback) {
  if (!call.has(i))
    return fallback;
  const Tensor *tensor = call.constant(i, "a bound");
  if (!tensor)
    return std::nullopt;
  if (tensor->elements() == 1)
    return isReal(tensor->type()) ? tensor->at(0).real : static_cast<double>(tensor->at(0).integer);
  call.refuse("has a bound of " + llvm::Twine(tensor->elements()) + " elements", "bounds are scalars");
  return std::nullopt;
}

/// Bounds were attributes up to version 6, and are operands since 11.
static void convertClip(Call &call) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double low = call.number("min", -infinity), high = call.number("max", infinity);
  if (!call.ready())
    return;
  std::optional<double> min = bound(call, 1, low), max = min ? bound(call, 2, high) : std::nullopt;
  if (!max)
    return;
  // The bounds that stand for none: the largest numbers of the type.
  constexpr double largest = std::numeric_limits<float>::max();
  mlir::Value input = call.runtime(0);
  if (input)
    call.set(0, clip(call, input, *min <= -largest ? -infinity : *min, *max >= largest ? infinity : *max));
}

static mlir::Value hardSigmoid(Call &call, mlir::Value input, double alpha, double beta) { return clip(call, affine(call, input, alpha, beta), 0, 1); }

static void convertHardSigmoid(Call &call) {
  double alpha = call.number("alpha", 0.2), beta = call.number("beta", 0.5);
  if (!call.ready())
    return;
  if (mlir::Value input = call.runtime(0))
    call.set(0, hardSigmoid(call, input, alpha, beta));
}

static void convertHardSwish(Call &call) {
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  mlir::Value gate = input ? hardSigmoid(call, input, 1.0 / 6, 0.5) : input;
  if (gate)
    call.set(0, call.emit<cnn::MulOp>(shapeOf(input), input, gate));
}

static void convertNeg(Call &call) {
  if (!call.ready())
    return;
  if (mlir::Value input = call.runtime(0))
    call.set(0, affine(call, input, -1, 0));
}

void onnx::addActivations(Table &table) {
  table["Relu"] = convertPlain<cnn::ReluOp>;
  table["Sigmoid"] = convertPlain<cnn::SigmoidOp>;
  table["Tanh"] = convertPlain<cnn::TanhOp>;
  table["LeakyRelu"] = convertLeakyRelu;
  table["Clip"] = convertClip;
  table["HardSigmoid"] = convertHardSigmoid;
  table["HardSwish"] = convertHardSwish;
  table["Neg"] = convertNeg;
}
