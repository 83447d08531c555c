//===- Function.cpp - mathematical functions of one operand ---------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Maps.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

static double rsqrt(double x) { return 1 / std::sqrt(x); }
static double reciprocal(double x) { return 1 / x; }
static double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

template <typename OpTy, double (*function)(double)> static void evaluate(OpTy, Evaluation &e) { map(e, function); }
template <typename OpTy, double (*function)(double)> static void attachFunction(MLIRContext *context) {
  attach<OpTy, evaluate<OpTy, function>>(context);
}

void interpreter::attachFunctionEvaluators(MLIRContext *context) {
  attachFunction<cnn::ExpOp, std::exp>(context);
  attachFunction<cnn::LogOp, std::log>(context);
  attachFunction<cnn::SqrtOp, std::sqrt>(context);
  attachFunction<cnn::RsqrtOp, rsqrt>(context);
  attachFunction<cnn::ReciprocalOp, reciprocal>(context);
  attachFunction<cnn::ErfOp, std::erf>(context);
  attachFunction<cnn::AbsOp, std::fabs>(context);
  attachFunction<cnn::SignOp, sign>(context);
  attachFunction<cnn::FloorOp, std::floor>(context);
  attachFunction<cnn::CeilOp, std::ceil>(context);
  attachFunction<cnn::RoundOp, std::nearbyint>(context); // halves to even
  attachFunction<cnn::SinOp, std::sin>(context);
  attachFunction<cnn::CosOp, std::cos>(context);
  attachFunction<cnn::TanOp, std::tan>(context);
  attachFunction<cnn::AsinOp, std::asin>(context);
  attachFunction<cnn::AcosOp, std::acos>(context);
  attachFunction<cnn::AtanOp, std::atan>(context);
  attachFunction<cnn::SinhOp, std::sinh>(context);
  attachFunction<cnn::CoshOp, std::cosh>(context);
  attachFunction<cnn::AsinhOp, std::asinh>(context);
  attachFunction<cnn::AcoshOp, std::acosh>(context);
  attachFunction<cnn::AtanhOp, std::atanh>(context);
}
