//===- Arithmetic.cpp - sums, quotients, powers, extremes, choices --------===//

#include "frontends/dsl/layers/Plain.h"

using namespace cnnc;
using namespace cnnc::dsl;

static std::optional<Tensor> buildAffine(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  return context.emit<cnn::AffineOp>(x.shape, x.value, llvm::APFloat(context.number("scale")),
                                     llvm::APFloat(context.number("offset")));
}

static std::optional<Tensor> buildPower(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  return context.emit<cnn::PowerOp>(x.shape, x.value, llvm::APFloat(context.number("exponent")));
}

static std::optional<Tensor> buildWhere(LayerContext &context) {
  const Tensor &condition = context.tensor("condition"), &x = context.tensor("x"), &y = context.tensor("y");
  if (!context.needsEqualShapes(condition, x) || !context.needsEqualShapes(x, y))
    return std::nullopt;
  return context.emit<cnn::WhereOp>(x.shape, condition.value, x.value, y.value);
}

void dsl::addArithmeticLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor()), y("y", types::tensor()), condition("condition", types::tensor());
  table.add({{"add", "x + y", {x, y}}, false, buildBinary<cnn::AddOp>});
  table.add({{"sub", "x - y", {x, y}}, false, buildBinary<cnn::SubOp>});
  table.add({{"mul", "x · y", {x, y}}, false, buildBinary<cnn::MulOp>});
  table.add({{"div", "x / y", {x, y}}, false, buildBinary<cnn::DivOp>});
  table.add({{"mod", "x - y · trunc(x / y)", {x, y}}, false, buildBinary<cnn::ModOp>});
  table.add({{"min", "the smaller", {x, y}}, false, buildBinary<cnn::MinOp>});
  table.add({{"max", "the larger", {x, y}}, false, buildBinary<cnn::MaxOp>});
  table.add({{"pow", "x^y", {x, y}}, false, buildBinary<cnn::PowOp>});
  table.add({{"power", "x^exponent", {x, {"exponent", types::number()}}}, false, buildPower});
  table.add({{"affine", "scale · x + offset", {x, {"scale", types::number(), 1.0}, {"offset", types::number(), 0.0}}},
             false,
             buildAffine});
  table.add({{"equal", "1 where x = y, else 0", {x, y}}, false, buildBinary<cnn::EqualOp>});
  table.add({{"less", "1 where x < y, else 0", {x, y}}, false, buildBinary<cnn::LessOp>});
  table.add({{"logical_not", "1 where x = 0, else 0", {x}}, false, buildUnary<cnn::LogicalNotOp>});
  table.add({{"where", "x where condition is not 0, y elsewhere", {condition, x, y}}, false, buildWhere});
}
