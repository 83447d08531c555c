//===- Elements.cpp - powers, extremes, choices ---------------------------===//

#include "frontends/onnx/convert/Broadcast.h"
#include "frontends/onnx/convert/Tables.h"

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

template <typename Op> static void convertPair(Call &call) {
  if (!call.ready(2))
    return;
  if (auto values = broadcastOperands(call, 2))
    call.set(0, call.emit<Op>(shapeOf((*values)[0]), (*values)[0], (*values)[1]));
}

static void convertPow(Call &call) {
  if (!call.ready(2))
    return;
  std::optional<double> exponent = scalarOf(call.operand(1));
  if (!exponent || call.shape(1).size() > call.shape(0).size())
    return convertPair<cnn::PowOp>(call);
  if (mlir::Value base = call.runtime(0))
    call.set(0, call.emit<cnn::PowerOp>(shapeOf(base), base, llvm::APFloat(*exponent)));
}

/// Of floats there is only C's remainder.
static void convertMod(Call &call) {
  if (!call.flag("fmod", false))
    call.refuse("takes an integer remainder of floats", "set fmod to 1 where the model is made");
  else
    convertPair<cnn::ModOp>(call);
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
    call.set(0, call.emit<cnn::WhereOp>(shapeOf((*values)[0]), (*values)[0], (*values)[1], (*values)[2]));
}

void onnx::addElements(Table &table) {
  table["Pow"] = convertPow;
  table["Mod"] = convertMod;
  table["Min"] = convertExtreme<cnn::MinOp>;
  table["Max"] = convertExtreme<cnn::MaxOp>;
  table["Where"] = convertWhere;
}
