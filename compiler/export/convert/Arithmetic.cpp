//===- Arithmetic.cpp - sums, products, choices -------------------------------===//

#include "compiler/export/Converters.h"
#include "dialects/cnn/ShapeMath.h"

using namespace cnnc;
using namespace cnnc::exporting;

/// What a broadcast repeats, through several of them, or the value itself.
static mlir::Value sourceOf(mlir::Value value) {
  while (auto repeated = value.getDefiningOp<cnn::BroadcastOp>())
    value = repeated.getInput();
  return value;
}

static bool isElementwise(mlir::Operation *op) {
  return llvm::isa<cnn::AddOp, cnn::SubOp, cnn::MulOp, cnn::DivOp, cnn::ModOp, cnn::MinOp, cnn::MaxOp, cnn::PowOp, cnn::EqualOp,
                   cnn::LessOp, cnn::WhereOp>(op);
}

/// True where the operands have the op's shape without being repeated first.
static bool broadcasts(mlir::Operation *op) {
  if (!isElementwise(op))
    return false;
  std::optional<llvm::SmallVector<int64_t, 6>> shape(std::in_place);
  for (mlir::Value operand : op->getOperands())
    shape = shape ? cnn::broadcast(*shape, shapeOf(sourceOf(operand))) : std::nullopt;
  return shape && llvm::ArrayRef(*shape) == shapeOf(op->getResult(0));
}

bool exporting::isAbsorbed(cnn::BroadcastOp op) {
  return llvm::all_of(op->getUsers(), [](mlir::Operation *user) {
    auto further = llvm::dyn_cast<cnn::BroadcastOp>(user);
    return further ? isAbsorbed(further) : broadcasts(user);
  });
}

static std::string elementwiseOperand(Call &call, unsigned i) {
  mlir::Value operand = call.op->getOperand(i);
  return call.value(broadcasts(call.op) ? sourceOf(operand) : operand);
}

void exporting::convertPlain(Call &call) {
  std::vector<std::string> inputs;
  for (unsigned i = 0; i < call.op->getNumOperands(); ++i)
    inputs.push_back(elementwiseOperand(call, i));
  call.finish(call.type, inputs);
}

static void convertMod(Call &call) {
  call.finish("Mod", {elementwiseOperand(call, 0), elementwiseOperand(call, 1)}).integer("fmod", 1);
}

static void convertPower(Call &call) {
  double exponent = llvm::cast<cnn::PowerOp>(call.op).getExponent().convertToDouble();
  call.finish("Pow", {call.operand(0), call.scalar("exponent", exponent)});
}

/// `scale · x + offset`, without what changes nothing.
static void convertAffine(Call &call) {
  auto op = llvm::cast<cnn::AffineOp>(call.op);
  double scale = op.getScale().convertToDouble(), offset = op.getOffset().convertToDouble();
  std::string value = call.operand(0);
  if (scale == 1 && offset == 0) {
    call.finish("Identity", {value});
  } else if (scale == -1 && offset == 0) {
    call.finish("Neg", {value});
  } else if (offset == 0) {
    call.finish("Mul", {value, call.scalar("scale", scale)});
  } else {
    if (scale != 1)
      value = call.add("Mul", {value, call.scalar("scale", scale)}).result();
    call.finish("Add", {value, call.scalar("offset", offset)});
  }
}

//===----------------------------------------------------------------------===//
// Truth: ONNX has a type for it, the dialect has 1 and 0
//===----------------------------------------------------------------------===//

static void convertCast(Call &call) {
  call.finish("Cast", {call.operand(0)}).integer("to", dataType(mlir::getElementTypeOrSelf(call.op->getResult(0))));
}

static void castToFloat(Call &call, std::string truth) {
  call.finish("Cast", {std::move(truth)}).integer("to", ::onnx::TensorProto::FLOAT);
}

static void convertComparison(Call &call) {
  castToFloat(call, call.add(call.type, {elementwiseOperand(call, 0), elementwiseOperand(call, 1)}).result());
}
static void convertStep(Call &call) {
  castToFloat(call, call.add("Greater", {call.operand(0), call.scalar("zero", 0)}).result());
}
static void convertNot(Call &call) { castToFloat(call, call.add("Equal", {call.operand(0), call.scalar("zero", 0)}).result()); }
static void convertWhere(Call &call) {
  std::string condition = call.add("Cast", {elementwiseOperand(call, 0)}).integer("to", ::onnx::TensorProto::BOOL).result();
  call.finish("Where", {condition, elementwiseOperand(call, 1), elementwiseOperand(call, 2)});
}

void exporting::addArithmetic(Table &table) {
  table.add<cnn::AddOp>(convertPlain, "Add");
  table.add<cnn::SubOp>(convertPlain, "Sub");
  table.add<cnn::MulOp>(convertPlain, "Mul");
  table.add<cnn::DivOp>(convertPlain, "Div");
  table.add<cnn::MinOp>(convertPlain, "Min");
  table.add<cnn::MaxOp>(convertPlain, "Max");
  table.add<cnn::PowOp>(convertPlain, "Pow");
  table.add<cnn::ModOp>(convertMod);
  table.add<cnn::PowerOp>(convertPower);
  table.add<cnn::AffineOp>(convertAffine);
  table.add<cnn::EqualOp>(convertComparison, "Equal");
  table.add<cnn::LessOp>(convertComparison, "Less");
  table.add<cnn::LogicalNotOp>(convertNot);
  table.add<cnn::StepOp>(convertStep);
  table.add<cnn::CastOp>(convertCast);
  table.add<cnn::WhereOp>(convertWhere);
}
