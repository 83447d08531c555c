//===- FunctionGradients.cpp - mathematical functions of one operand ------===//
//
// Each derivative in terms of the operand x and the result y.
//
//===----------------------------------------------------------------------===//

#include "passes/grad/Vjp.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;

/// An op whose gradient is dy · derivative(x, y).
template <typename OpTy, Value (*derivative)(Vjp &, Value x, Value y)> static void differentiate(OpTy op, Vjp &vjp) {
  vjp.set(0, vjp.mul(vjp.resultGradient(), derivative(vjp, op.getInput(), op.getResult())));
}
/// One whose gradient is dy / divisor(x, y).
template <typename OpTy, Value (*divisor)(Vjp &, Value x, Value y)> static void differentiateByQuotient(OpTy op, Vjp &vjp) {
  Value dy = vjp.resultGradient();
  vjp.set(0, vjp.apply<cnn::DivOp>(dy, divisor(vjp, op.getInput(), op.getResult())));
}
template <typename OpTy> static void differentiateToZero(OpTy, Vjp &) {}

static Value square(Vjp &vjp, Value x) { return vjp.mul(x, x); }

// Factors
static Value ofExp(Vjp &, Value, Value y) { return y; }
static Value ofRsqrt(Vjp &vjp, Value, Value y) { return vjp.affine(vjp.mul(square(vjp, y), y), -0.5, 0); }
static Value ofReciprocal(Vjp &vjp, Value, Value y) { return vjp.affine(square(vjp, y), -1, 0); }
static Value ofErf(Vjp &vjp, Value x, Value) {
  return vjp.affine(vjp.apply<cnn::ExpOp>(vjp.affine(square(vjp, x), -1, 0)), 2 / std::sqrt(M_PI), 0);
}
static Value ofAbs(Vjp &vjp, Value x, Value) { return vjp.apply<cnn::SignOp>(x); }
static Value ofSin(Vjp &vjp, Value x, Value) { return vjp.apply<cnn::CosOp>(x); }
static Value ofCos(Vjp &vjp, Value x, Value) { return vjp.affine(vjp.apply<cnn::SinOp>(x), -1, 0); }
static Value ofTan(Vjp &vjp, Value, Value y) { return vjp.affine(square(vjp, y), 1, 1); }
static Value ofAsin(Vjp &vjp, Value x, Value) { return vjp.apply<cnn::RsqrtOp>(vjp.affine(square(vjp, x), -1, 1)); }
static Value ofAcos(Vjp &vjp, Value x, Value y) { return vjp.affine(ofAsin(vjp, x, y), -1, 0); }
static Value ofSinh(Vjp &vjp, Value x, Value) { return vjp.apply<cnn::CoshOp>(x); }
static Value ofCosh(Vjp &vjp, Value x, Value) { return vjp.apply<cnn::SinhOp>(x); }
static Value ofAsinh(Vjp &vjp, Value x, Value) { return vjp.apply<cnn::RsqrtOp>(vjp.affine(square(vjp, x), 1, 1)); }
static Value ofAcosh(Vjp &vjp, Value x, Value) { return vjp.apply<cnn::RsqrtOp>(vjp.affine(square(vjp, x), 1, -1)); }

// Divisors
static Value underLog(Vjp &, Value x, Value) { return x; }
static Value underSqrt(Vjp &vjp, Value, Value y) { return vjp.affine(y, 2, 0); }
static Value underAtan(Vjp &vjp, Value x, Value) { return vjp.affine(square(vjp, x), 1, 1); }
static Value underAtanh(Vjp &vjp, Value x, Value) { return vjp.affine(square(vjp, x), -1, 1); }

void cnnc::attachFunctionGradients(MLIRContext *context) {
  attachGradient<cnn::ExpOp, differentiate<cnn::ExpOp, ofExp>>(context);
  attachGradient<cnn::LogOp, differentiateByQuotient<cnn::LogOp, underLog>>(context);
  attachGradient<cnn::SqrtOp, differentiateByQuotient<cnn::SqrtOp, underSqrt>>(context);
  attachGradient<cnn::RsqrtOp, differentiate<cnn::RsqrtOp, ofRsqrt>>(context);
  attachGradient<cnn::ReciprocalOp, differentiate<cnn::ReciprocalOp, ofReciprocal>>(context);
  attachGradient<cnn::ErfOp, differentiate<cnn::ErfOp, ofErf>>(context);
  attachGradient<cnn::AbsOp, differentiate<cnn::AbsOp, ofAbs>>(context);
  attachGradient<cnn::SignOp, differentiateToZero<cnn::SignOp>>(context);
  attachGradient<cnn::FloorOp, differentiateToZero<cnn::FloorOp>>(context);
  attachGradient<cnn::CeilOp, differentiateToZero<cnn::CeilOp>>(context);
  attachGradient<cnn::RoundOp, differentiateToZero<cnn::RoundOp>>(context);
  attachGradient<cnn::SinOp, differentiate<cnn::SinOp, ofSin>>(context);
  attachGradient<cnn::CosOp, differentiate<cnn::CosOp, ofCos>>(context);
  attachGradient<cnn::TanOp, differentiate<cnn::TanOp, ofTan>>(context);
  attachGradient<cnn::AsinOp, differentiate<cnn::AsinOp, ofAsin>>(context);
  attachGradient<cnn::AcosOp, differentiate<cnn::AcosOp, ofAcos>>(context);
  attachGradient<cnn::AtanOp, differentiateByQuotient<cnn::AtanOp, underAtan>>(context);
  attachGradient<cnn::SinhOp, differentiate<cnn::SinhOp, ofSinh>>(context);
  attachGradient<cnn::CoshOp, differentiate<cnn::CoshOp, ofCosh>>(context);
  attachGradient<cnn::AsinhOp, differentiate<cnn::AsinhOp, ofAsinh>>(context);
  attachGradient<cnn::AcoshOp, differentiate<cnn::AcoshOp, ofAcosh>>(context);
  attachGradient<cnn::AtanhOp, differentiateByQuotient<cnn::AtanhOp, underAtanh>>(context);
}
