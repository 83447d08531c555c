//===- ArithmeticGradients.cpp - quotients, powers, extremes, choices -----===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

static Value negated(Vjp &vjp, Value x) { return vjp.affine(x, -1, 0); }

/// dx = dy / y, dy = -dy · result / y
static void differentiateDiv(cnn::DivOp op, Vjp &vjp) {
  Value quotient = vjp.apply<cnn::DivOp>(vjp.resultGradient(), op.getRhs());
  if (vjp.needs(0))
    vjp.set(0, quotient);
  if (vjp.needs(1))
    vjp.set(1, negated(vjp, vjp.mul(quotient, op.getResult())));
}
/// dx = dy, dy = -dy · trunc(x / y)
static void differentiateMod(cnn::ModOp op, Vjp &vjp) {
  Value dy = vjp.resultGradient();
  if (vjp.needs(0))
    vjp.set(0, dy);
  if (vjp.needs(1)) {
    Value whole = vjp.apply<cnn::SubOp>(op.getLhs(), op.getResult());
    vjp.set(1, negated(vjp, vjp.mul(dy, vjp.apply<cnn::DivOp>(whole, op.getRhs()))));
  }
}
/// The whole gradient goes to the operand that wins, half to each of equals, as in PyTorch.
template <typename OpTy> static void differentiateExtreme(OpTy op, Vjp &vjp) {
  Value half = vjp.affine(vjp.apply<cnn::EqualOp>(op.getLhs(), op.getRhs()), 0.5, 0);
  for (unsigned i : {0, 1})
    if (vjp.needs(i)) {
      Value wins = vjp.apply<cnn::EqualOp>(op->getOperand(i), op.getResult());
      vjp.set(i, vjp.mul(vjp.resultGradient(), vjp.apply<cnn::SubOp>(wins, half)));
    }
}
/// dx = dy · y x^(y - 1), 0 where y is 0; dy = dy · x^y ln x, 0 where x is 0 and y is not negative.
static void differentiatePow(cnn::PowOp op, Vjp &vjp) {
  Value x = op.getLhs(), y = op.getRhs(), dy = vjp.resultGradient();
  if (vjp.needs(0)) {
    Value slope = vjp.mul(y, vjp.apply<cnn::PowOp>(x, vjp.affine(y, 1, -1)));
    vjp.set(0, vjp.apply<cnn::WhereOp>(y, vjp.mul(dy, slope), y));
  }
  if (vjp.needs(1)) {
    Value slope = vjp.mul(op.getResult(), vjp.apply<cnn::LogOp>(x));
    Value counts = vjp.apply<cnn::WhereOp>(x, x, vjp.apply<cnn::LessOp>(y, x));
    vjp.set(1, vjp.apply<cnn::WhereOp>(counts, vjp.mul(dy, slope), x));
  }
}
/// dx = dy · exponent · x^(exponent - 1)
static void differentiatePower(cnn::PowerOp op, Vjp &vjp) {
  double exponent = op.getExponent().convertToDouble();
  if (exponent == 0)
    return;
  Value x = op.getInput(), dy = vjp.resultGradient();
  if (exponent == 1)
    return vjp.set(0, dy);
  Value slope = x;
  if (exponent != 2)
    slope = vjp.create<cnn::PowerOp>(x.getType(), x, vjp.getBuilder().getF64FloatAttr(exponent - 1));
  vjp.set(0, vjp.mul(dy, vjp.affine(slope, exponent, 0)));
}
static void differentiateWhere(cnn::WhereOp op, Vjp &vjp) {
  Value isFalse = vjp.apply<cnn::LogicalNotOp>(op.getCondition());
  if (vjp.needs(1))
    vjp.set(1, vjp.mul(vjp.resultGradient(), vjp.affine(isFalse, -1, 1)));
  if (vjp.needs(2))
    vjp.set(2, vjp.mul(vjp.resultGradient(), isFalse));
}
template <typename OpTy> static void differentiateToZero(OpTy, Vjp &) {}

void cnnc::attachArithmeticGradients(MLIRContext *context) {
  attachGradient<cnn::DivOp, differentiateDiv>(context);
  attachGradient<cnn::ModOp, differentiateMod>(context);
  attachGradient<cnn::MinOp, differentiateExtreme<cnn::MinOp>>(context);
  attachGradient<cnn::MaxOp, differentiateExtreme<cnn::MaxOp>>(context);
  attachGradient<cnn::PowOp, differentiatePow>(context);
  attachGradient<cnn::PowerOp, differentiatePower>(context);
  attachGradient<cnn::EqualOp, differentiateToZero<cnn::EqualOp>>(context);
  attachGradient<cnn::LessOp, differentiateToZero<cnn::LessOp>>(context);
  attachGradient<cnn::LogicalNotOp, differentiateToZero<cnn::LogicalNotOp>>(context);
  attachGradient<cnn::WhereOp, differentiateWhere>(context);
  attachGradient<cnn::CastOp, differentiateToZero<cnn::CastOp>>(context);
}
