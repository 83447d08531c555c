//===- Activations.cpp - functions of one element -------------------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"
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

/// An op whose attributes are numbers.
template <typename Op, typename... Numbers> static void emitWith(Call &call, Numbers... numbers) {
  if (!call.ready())
    return;
  if (mlir::Value input = call.runtime(0))
    call.set(0, call.emit<Op>(shapeOf(input), input, llvm::APFloat(numbers)...));
}

static void convertLeakyRelu(Call &call) { emitWith<cnn::LeakyReluOp>(call, call.number("alpha", 0.01)); }
static void convertElu(Call &call) { emitWith<cnn::EluOp>(call, call.number("alpha", 1)); }
static void convertThresholdedRelu(Call &call) { emitWith<cnn::ThresholdedReluOp>(call, call.number("alpha", 1)); }
static void convertSwish(Call &call) { emitWith<cnn::SwishOp>(call, call.number("alpha", 1)); }
static void convertSelu(Call &call) {
  double alpha = call.number("alpha", 1.67326319217681884765625), gamma = call.number("gamma", 1.05070102214813232421875);
  emitWith<cnn::SeluOp>(call, alpha, gamma);
}
static void convertHardSigmoid(Call &call) {
  double alpha = call.number("alpha", 0.2), beta = call.number("beta", 0.5);
  emitWith<cnn::HardSigmoidOp>(call, alpha, beta);
}
static void convertCelu(Call &call) {
  double alpha = call.number("alpha", 1);
  if (alpha > 0)
    emitWith<cnn::CeluOp>(call, alpha);
  else
    call.refuse("has the alpha " + text(alpha), "alpha is positive");
}
static void convertGelu(Call &call) {
  std::string approximate = call.string("approximate", "none");
  if (approximate != "none" && approximate != "tanh")
    return call.refuse("has the approximation '" + approximate + "'", "there are none and tanh");
  if (!call.ready())
    return;
  if (mlir::Value input = call.runtime(0))
    call.set(0, call.emit<cnn::GeluOp>(shapeOf(input), input, approximate));
}

/// A scalar operand that may be left out.
static std::optional<double> bound(Call &call, size_t i, double fallback) {
  if (!call.has(i))
    return fallback;
  const Tensor *tensor = call.constant(i, "a bound");
  if (!tensor)
    return std::nullopt;
  if (tensor->elements() == 1)
    return tensor->number(0);
  call.refuse("has a bound of " + llvm::Twine(tensor->elements()) + " elements", "bounds are scalars");
  return std::nullopt;
}

/// Bounds were attributes up to version 6, and are operands since 11.
/// Bounds that are constant are part of the op.
static void convertClip(Call &call) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double low = call.number("min", -infinity), high = call.number("max", infinity);
  if (!call.ready())
    return;
  if ((call.has(1) && !call.isConstant(1)) || (call.has(2) && !call.isConstant(2))) {
    Compose compose(call);
    mlir::Value value = call.runtime(0);
    value = call.has(1) ? compose.zip<cnn::MaxOp>(value, compose.number(1)) : value;
    return call.set(0, call.has(2) ? compose.zip<cnn::MinOp>(value, compose.number(2)) : value);
  }
  std::optional<double> min = bound(call, 1, low), max = min ? bound(call, 2, high) : std::nullopt;
  if (!max)
    return;
  // The bounds that stand for none: the largest numbers of the type.
  constexpr double largest = std::numeric_limits<float>::max();
  mlir::OpBuilder &builder = call.conversion.builder;
  mlir::FloatAttr lowest = *min <= -largest ? mlir::FloatAttr() : builder.getF64FloatAttr(*min);
  mlir::FloatAttr highest = *max >= largest ? mlir::FloatAttr() : builder.getF64FloatAttr(*max);
  if (mlir::Value input = call.runtime(0))
    call.set(0, call.emit<cnn::ClipOp>(shapeOf(input), input, lowest, highest));
}

/// A slope per channel, or any that broadcast; slopes are trained.
static void convertPrelu(Call &call) {
  if (!call.ready(2))
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  llvm::ArrayRef<int64_t> shape = shapeOf(input);
  if (std::optional<Tensor> channels = perChannel(call.operand(1), shape); channels && (shape.size() == 2 || shape.size() == 4)) {
    mlir::Value slopes = call.conversion.parameter(*channels, cnn::ParameterKind::Weight, call.node.str());
    return slopes ? call.set(0, call.emit<cnn::PreluOp>(shape, input, slopes)) : void();
  }
  mlir::Value slopes = call.runtime(1);
  if (!slopes)
    return;
  if (broadcast(shapeOf(slopes), shape) != Shape(shape))
    return call.refuse("broadcasts slopes " + text(shapeOf(slopes)) + " to " + text(shape),
                       "sizes, aligned at the last, are equal or 1");
  slopes = repeat(call, slopes, shape);
  mlir::Value low = slopes ? call.emit<cnn::MulOp>(shape, slopes, input) : slopes;
  mlir::Value positive = low ? call.emit<cnn::StepOp>(shape, input) : low;
  if (positive)
    call.set(0, call.emit<cnn::WhereOp>(shape, positive, input, low));
}

/// x + bias below -lambd, x - bias above lambd, 0 between them.
static void convertShrink(Call &call) {
  double threshold = call.number("lambd", 0.5), bias = call.number("bias", 0);
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  Shape shape(shapeOf(input));
  auto choose = [&](mlir::Value value, mlir::Value otherwise, double sign) {
    mlir::Value beyond = otherwise ? affine(call, input, sign, -threshold) : otherwise;
    mlir::Value condition = beyond ? call.emit<cnn::StepOp>(shape, beyond) : beyond;
    return condition ? call.emit<cnn::WhereOp>(shape, condition, value, otherwise) : condition;
  };
  mlir::Value low = affine(call, input, 1, bias), high = low ? affine(call, input, 1, -bias) : low;
  mlir::Value size = high ? call.emit<cnn::AbsOp>(shape, input) : high, negative = affine(call, size, -1, 0);
  mlir::Value zero = negative ? call.emit<cnn::StepOp>(shape, negative) : negative;
  call.set(0, choose(high, choose(low, zero, -1), 1));
}

static void convertNeg(Call &call) {
  if (!call.ready())
    return;
  if (mlir::Value input = call.runtime(0))
    call.set(0, affine(call, input, -1, 0));
}

/// The second operand behind the gate that the first opens.
static void convertSwiGlu(Call &call) {
  double alpha = call.number("alpha", 1);
  mlir::Value gate = call.ready(2) ? call.runtime(0) : mlir::Value(), value = gate ? call.runtime(1) : gate;
  if (!value)
    return;
  if (shapeOf(gate) != shapeOf(value))
    return call.refuse("multiplies " + text(shapeOf(gate)) + " and " + text(shapeOf(value)), "both have one shape");
  mlir::Value open = call.emit<cnn::SwishOp>(shapeOf(gate), gate, llvm::APFloat(alpha));
  call.set(0, open ? call.emit<cnn::MulOp>(shapeOf(value), open, value) : open);
}

void onnx::addActivations(Table &table) {
  table["Relu"] = convertPlain<cnn::ReluOp>;
  table["Sigmoid"] = convertPlain<cnn::SigmoidOp>;
  table["Tanh"] = convertPlain<cnn::TanhOp>;
  table["Softplus"] = convertPlain<cnn::SoftplusOp>;
  table["Softsign"] = convertPlain<cnn::SoftsignOp>;
  table["Mish"] = convertPlain<cnn::MishOp>;
  table["HardSwish"] = convertPlain<cnn::HardSwishOp>;
  table["Exp"] = convertPlain<cnn::ExpOp>;
  table["Log"] = convertPlain<cnn::LogOp>;
  table["Sqrt"] = convertPlain<cnn::SqrtOp>;
  table["Reciprocal"] = convertPlain<cnn::ReciprocalOp>;
  table["Erf"] = convertPlain<cnn::ErfOp>;
  table["Abs"] = convertPlain<cnn::AbsOp>;
  table["Sign"] = convertPlain<cnn::SignOp>;
  table["Floor"] = convertPlain<cnn::FloorOp>;
  table["Ceil"] = convertPlain<cnn::CeilOp>;
  table["Round"] = convertPlain<cnn::RoundOp>;
  table["Sin"] = convertPlain<cnn::SinOp>;
  table["Cos"] = convertPlain<cnn::CosOp>;
  table["Tan"] = convertPlain<cnn::TanOp>;
  table["Asin"] = convertPlain<cnn::AsinOp>;
  table["Acos"] = convertPlain<cnn::AcosOp>;
  table["Atan"] = convertPlain<cnn::AtanOp>;
  table["Sinh"] = convertPlain<cnn::SinhOp>;
  table["Cosh"] = convertPlain<cnn::CoshOp>;
  table["Asinh"] = convertPlain<cnn::AsinhOp>;
  table["Acosh"] = convertPlain<cnn::AcoshOp>;
  table["Atanh"] = convertPlain<cnn::AtanhOp>;
  table["LeakyRelu"] = convertLeakyRelu;
  table["PRelu"] = convertPrelu;
  table["Elu"] = convertElu;
  table["Selu"] = convertSelu;
  table["Celu"] = convertCelu;
  table["ThresholdedRelu"] = convertThresholdedRelu;
  table["Swish"] = convertSwish;
  table["SwiGLU"] = convertSwiGlu;
  table["Gelu"] = convertGelu;
  table["HardSigmoid"] = convertHardSigmoid;
  table["Clip"] = convertClip;
  table["Shrink"] = convertShrink;
  table["Neg"] = convertNeg;
}
