//===- Elements.cpp - powers, extremes, choices ---------------------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::onnx;

/// All operands in the shape that they broadcast to; nothing after an error.
static std::optional<llvm::SmallVector<mlir::Value>> broadcastOperands(Call &call, size_t count) {
  llvm::SmallVector<mlir::Value> values;
  Shape whole;
  for (size_t i = 0; i < count; ++i) {
    mlir::Value value = call.runtime(i);
    if (!value)
      return std::nullopt;
    std::optional<Shape> both = broadcast(whole, shapeOf(value));
    if (!both) {
      call.refuse("broadcasts " + text(whole) + " and " + text(shapeOf(value)), "sizes, aligned at the last, are equal or 1");
      return std::nullopt;
    }
    whole = *both;
    values.push_back(value);
  }
  for (mlir::Value &value : values)
    if (!(value = repeat(call, value, whole)))
      return std::nullopt;
  return values;
}

static void convertPow(Call &call) {
  if (!call.ready(2))
    return;
  std::optional<double> exponent = scalarOf(call.operand(1));
  mlir::Value power;
  if (!exponent || call.shape(1).size() > call.shape(0).size()) {
    if (auto values = broadcastOperands(call, 2))
      power = call.emit<cnn::PowOp>(shapeOf((*values)[0]), (*values)[0], (*values)[1]);
  } else if (mlir::Value base = call.runtime(0)) {
    power = call.emit<cnn::PowerOp>(shapeOf(base), base, llvm::APFloat(*exponent));
  }
  if (!power || isReal(call.type(0)))
    return call.set(0, power);
  // A power of integers is computed by logarithms, and is the integer next to them; of another exponent it is cut off.
  constexpr double error = 1 + 1.0 / (1 << 21);
  Compose compose(call);
  bool isWhole = !isReal(call.type(1)) || (exponent && *exponent == std::floor(*exponent));
  call.set(0, isWhole ? compose.map<cnn::RoundOp>(power) : truncate(call, compose.affine(power, error)));
}

/// C's remainder has the sign of the dividend; Python's the sign of the divisor.
static void convertMod(Call &call) {
  bool isC = call.flag("fmod", false);
  if (!call.ready(2))
    return;
  auto values = broadcastOperands(call, 2);
  if (!values)
    return;
  mlir::Value x = (*values)[0], y = (*values)[1];
  Shape shape(shapeOf(x));
  mlir::Value rest = call.emit<cnn::ModOp>(shape, x, y);
  if (isC || !rest)
    return call.set(0, rest);
  mlir::Value ofRest = call.emit<cnn::SignOp>(shape, rest), ofDivisor = ofRest ? call.emit<cnn::SignOp>(shape, y) : ofRest;
  mlir::Value signs = ofDivisor ? call.emit<cnn::MulOp>(shape, ofRest, ofDivisor) : ofDivisor;
  mlir::Value opposite = signs ? call.emit<cnn::AffineOp>(shape, signs, llvm::APFloat(-1.0), llvm::APFloat(0.0)) : signs;
  mlir::Value differs = opposite ? call.emit<cnn::StepOp>(shape, opposite) : opposite;
  mlir::Value more = differs ? call.emit<cnn::AddOp>(shape, rest, y) : differs;
  call.set(0, more ? call.emit<cnn::WhereOp>(shape, differs, more, rest) : more);
}

/// Any number of operands.
template <typename Op> static void convertExtreme(Call &call) {
  if (!call.ready())
    return;
  auto values = broadcastOperands(call, call.operands());
  if (!values)
    return;
  mlir::Value extreme = values->front();
  for (mlir::Value value : llvm::drop_begin(*values))
    if (extreme)
      extreme = call.emit<Op>(shapeOf(value), extreme, value);
  if (extreme)
    call.set(0, extreme);
}

static void convertWhere(Call &call) {
  if (!call.ready(3))
    return;
  if (auto values = broadcastOperands(call, 3))
    call.set(0, call.emit<cnn::WhereOp>(shapeOf((*values)[0]), (*values)[0], (*values)[1], (*values)[2]), call.type(1));
}

void onnx::addElements(Table &table) {
  table["Pow"] = convertPow;
  table["Mod"] = convertMod;
  table["Min"] = convertExtreme<cnn::MinOp>;
  table["Max"] = convertExtreme<cnn::MaxOp>;
  table["Where"] = convertWhere;
}
