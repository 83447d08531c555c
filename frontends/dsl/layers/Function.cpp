//===- Function.cpp - mathematical functions of one operand ---------------===//

#include "frontends/dsl/layers/Plain.h"

using namespace cnnc;
using namespace cnnc::dsl;

template <typename Op> static void addFunction(Table<Layer> &table, llvm::StringRef name, llvm::StringRef summary) {
  table.add({{name, summary, {{"x", types::tensor()}}}, false, buildUnary<Op>});
}

void dsl::addFunctionLayers(Table<Layer> &table) {
  addFunction<cnn::ExpOp>(table, "exp", "e^x");
  addFunction<cnn::LogOp>(table, "log", "natural logarithm");
  addFunction<cnn::SqrtOp>(table, "sqrt", "square root");
  addFunction<cnn::RsqrtOp>(table, "rsqrt", "1 / √x");
  addFunction<cnn::ReciprocalOp>(table, "reciprocal", "1 / x");
  addFunction<cnn::ErfOp>(table, "erf", "error function");
  addFunction<cnn::AbsOp>(table, "abs", "|x|");
  addFunction<cnn::SignOp>(table, "sign", "-1, 0 or 1");
  addFunction<cnn::FloorOp>(table, "floor", "the largest whole number not above x");
  addFunction<cnn::CeilOp>(table, "ceil", "the smallest whole number not below x");
  addFunction<cnn::RoundOp>(table, "round", "the nearest whole number, halves to even");
  addFunction<cnn::SinOp>(table, "sin", "sine of radians");
  addFunction<cnn::CosOp>(table, "cos", "cosine of radians");
  addFunction<cnn::TanOp>(table, "tan", "tangent of radians");
  addFunction<cnn::AsinOp>(table, "asin", "inverse sine");
  addFunction<cnn::AcosOp>(table, "acos", "inverse cosine");
  addFunction<cnn::AtanOp>(table, "atan", "inverse tangent");
  addFunction<cnn::SinhOp>(table, "sinh", "hyperbolic sine");
  addFunction<cnn::CoshOp>(table, "cosh", "hyperbolic cosine");
  addFunction<cnn::AsinhOp>(table, "asinh", "inverse hyperbolic sine");
  addFunction<cnn::AcoshOp>(table, "acosh", "inverse hyperbolic cosine");
  addFunction<cnn::AtanhOp>(table, "atanh", "inverse hyperbolic tangent");
}
