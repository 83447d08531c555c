//===- Functions.cpp - mathematical functions of one operand ------------------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

static void convertRsqrt(Call &call) { call.finish("Reciprocal", {call.add("Sqrt", {call.operand(0)}).result()}); }

void exporting::addFunctions(Table &table) {
  table.add<cnn::ExpOp>(convertPlain, "Exp");
  table.add<cnn::LogOp>(convertPlain, "Log");
  table.add<cnn::SqrtOp>(convertPlain, "Sqrt");
  table.add<cnn::RsqrtOp>(convertRsqrt);
  table.add<cnn::ReciprocalOp>(convertPlain, "Reciprocal");
  table.add<cnn::ErfOp>(convertPlain, "Erf");
  table.add<cnn::AbsOp>(convertPlain, "Abs");
  table.add<cnn::SignOp>(convertPlain, "Sign");
  table.add<cnn::FloorOp>(convertPlain, "Floor");
  table.add<cnn::CeilOp>(convertPlain, "Ceil");
  table.add<cnn::RoundOp>(convertPlain, "Round");
  table.add<cnn::SinOp>(convertPlain, "Sin");
  table.add<cnn::CosOp>(convertPlain, "Cos");
  table.add<cnn::TanOp>(convertPlain, "Tan");
  table.add<cnn::AsinOp>(convertPlain, "Asin");
  table.add<cnn::AcosOp>(convertPlain, "Acos");
  table.add<cnn::AtanOp>(convertPlain, "Atan");
  table.add<cnn::SinhOp>(convertPlain, "Sinh");
  table.add<cnn::CoshOp>(convertPlain, "Cosh");
  table.add<cnn::AsinhOp>(convertPlain, "Asinh");
  table.add<cnn::AcoshOp>(convertPlain, "Acosh");
  table.add<cnn::AtanhOp>(convertPlain, "Atanh");
}
