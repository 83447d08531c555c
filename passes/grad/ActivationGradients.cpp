//===- ActivationGradients.cpp - activations with and without constants ---===//

#include "passes/grad/Vjp.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;

/// `ofPositive` where x is positive, else `otherwise`.
static Value wherePositive(Vjp &vjp, Value x, Value ofPositive, Value otherwise) {
  return vjp.apply<cnn::WhereOp>(vjp.apply<cnn::StepOp>(x), ofPositive, otherwise);
}
/// 1 where low < x < high, else 0.
static Value isBetween(Vjp &vjp, Value x, double low, double high) {
  return vjp.mul(vjp.apply<cnn::StepOp>(vjp.affine(x, 1, -low)), vjp.apply<cnn::StepOp>(vjp.affine(x, -1, high)));
}

/// dx = dy (y + alpha) below 0
static void differentiateElu(cnn::EluOp op, Vjp &vjp) {
  Value dy = vjp.resultGradient(), low = vjp.mul(dy, vjp.affine(op.getResult(), 1, op.getAlpha().convertToDouble()));
  vjp.set(0, wherePositive(vjp, op.getInput(), dy, low));
}
/// dx = gamma dy above 0, dy (y + alpha gamma) below
static void differentiateSelu(cnn::SeluOp op, Vjp &vjp) {
  double alpha = op.getAlpha().convertToDouble(), gamma = op.getGamma().convertToDouble();
  Value dy = vjp.resultGradient(), low = vjp.mul(dy, vjp.affine(op.getResult(), 1, alpha * gamma));
  vjp.set(0, wherePositive(vjp, op.getInput(), vjp.affine(dy, gamma, 0), low));
}
/// dx = dy (y / alpha + 1) below 0
static void differentiateCelu(cnn::CeluOp op, Vjp &vjp) {
  Value dy = vjp.resultGradient(), low = vjp.mul(dy, vjp.affine(op.getResult(), 1 / op.getAlpha().convertToDouble(), 1));
  vjp.set(0, wherePositive(vjp, op.getInput(), dy, low));
}
/// dx = dy · sigmoid(x)
static void differentiateSoftplus(cnn::SoftplusOp op, Vjp &vjp) {
  vjp.set(0, vjp.mul(vjp.resultGradient(), vjp.apply<cnn::SigmoidOp>(op.getInput())));
}
/// dx = dy / (1 + |x|)²
static void differentiateSoftsign(cnn::SoftsignOp op, Vjp &vjp) {
  Value root = vjp.affine(vjp.apply<cnn::AbsOp>(op.getInput()), 1, 1);
  vjp.set(0, vjp.apply<cnn::DivOp>(vjp.resultGradient(), vjp.mul(root, root)));
}
/// dx = dy (t + x (1 - t²) sigmoid(x)), t = tanh(softplus(x))
static void differentiateMish(cnn::MishOp op, Vjp &vjp) {
  Value x = op.getInput(), t = vjp.apply<cnn::TanhOp>(vjp.apply<cnn::SoftplusOp>(x));
  Value slope = vjp.mul(vjp.mul(x, vjp.apply<cnn::SigmoidOp>(x)), vjp.affine(vjp.mul(t, t), -1, 1));
  vjp.set(0, vjp.mul(vjp.resultGradient(), vjp.apply<cnn::AddOp>(t, slope)));
}
/// dx = alpha dy where 0 < y < 1
static void differentiateHardSigmoid(cnn::HardSigmoidOp op, Vjp &vjp) {
  Value inside = isBetween(vjp, op.getResult(), 0, 1);
  vjp.set(0, vjp.mul(vjp.resultGradient(), vjp.affine(inside, op.getAlpha().convertToDouble(), 0)));
}
/// dx = dy (h + x / 6 where -3 < x < 3), h the hard sigmoid
static void differentiateHardSwish(cnn::HardSwishOp op, Vjp &vjp) {
  Value x = op.getInput(), inside = isBetween(vjp, x, -3, 3);
  FloatAttr alpha = vjp.getBuilder().getF64FloatAttr(1.0 / 6), beta = vjp.getBuilder().getF64FloatAttr(0.5);
  Value h = vjp.create<cnn::HardSigmoidOp>(x.getType(), x, alpha, beta);
  Value slope = vjp.apply<cnn::AddOp>(h, vjp.mul(inside, vjp.affine(x, 1.0 / 6, 0)));
  vjp.set(0, vjp.mul(vjp.resultGradient(), slope));
}
/// dx = dy (s + beta y (1 - s)), s = sigmoid(beta x)
static void differentiateSwish(cnn::SwishOp op, Vjp &vjp) {
  double beta = op.getBeta().convertToDouble();
  Value s = vjp.apply<cnn::SigmoidOp>(vjp.affine(op.getInput(), beta, 0));
  Value rest = vjp.mul(vjp.affine(op.getResult(), beta, 0), vjp.affine(s, -1, 1));
  vjp.set(0, vjp.mul(vjp.resultGradient(), vjp.apply<cnn::AddOp>(s, rest)));
}
/// dx = dy (Φ(x) + x φ(x)), Φ(x) = (1 + erf(x / √2)) / 2, φ its derivative; or the same of the approximation
/// Φ(x) = (1 + tanh(u)) / 2, u = √(2/π) (x + 0.044715 x³)
static void differentiateGelu(cnn::GeluOp op, Vjp &vjp) {
  Value x = op.getInput(), square = vjp.mul(x, x), distribution, density;
  if (op.getApproximate() == "tanh") {
    constexpr double cubic = 0.044715;
    double factor = std::sqrt(2 / M_PI);
    Value t = vjp.apply<cnn::TanhOp>(vjp.mul(x, vjp.affine(square, factor * cubic, factor)));
    distribution = vjp.affine(t, 0.5, 0.5);
    density = vjp.mul(vjp.affine(vjp.mul(t, t), -0.5, 0.5), vjp.affine(square, 3 * factor * cubic, factor));
  } else {
    distribution = vjp.affine(vjp.apply<cnn::ErfOp>(vjp.affine(x, std::sqrt(0.5), 0)), 0.5, 0.5);
    density = vjp.affine(vjp.apply<cnn::ExpOp>(vjp.affine(square, -0.5, 0)), 1 / std::sqrt(2 * M_PI), 0);
  }
  vjp.set(0, vjp.mul(vjp.resultGradient(), vjp.apply<cnn::AddOp>(distribution, vjp.mul(x, density))));
}
static void differentiateThresholdedRelu(cnn::ThresholdedReluOp op, Vjp &vjp) {
  Value above = vjp.apply<cnn::StepOp>(vjp.affine(op.getInput(), 1, -op.getAlpha().convertToDouble()));
  vjp.set(0, vjp.mul(vjp.resultGradient(), above));
}
/// At the bounds themselves the gradient passes, as in PyTorch.
static void differentiateClip(cnn::ClipOp op, Vjp &vjp) {
  vjp.set(0, vjp.mul(vjp.resultGradient(), vjp.apply<cnn::EqualOp>(op.getResult(), op.getInput())));
}
/// dx = dy above 0, slope[c] dy below; dslope[c] = Σ dy min(x, 0)
static void differentiatePrelu(cnn::PreluOp op, Vjp &vjp) {
  Value x = op.getInput(), dy = vjp.resultGradient();
  if (vjp.needs(0))
    vjp.set(0, wherePositive(vjp, x, dy, vjp.scaleChannels(dy, op.getSlope())));
  if (vjp.needs(1)) {
    Value low = vjp.create<cnn::ClipOp>(x.getType(), x, FloatAttr(), vjp.getBuilder().getF64FloatAttr(0));
    vjp.set(1, vjp.create<cnn::ChannelSumOp>(op.getSlope().getType(), vjp.mul(dy, low)));
  }
}

void cnnc::attachActivationGradients(MLIRContext *context) {
  attachGradient<cnn::EluOp, differentiateElu>(context);
  attachGradient<cnn::SeluOp, differentiateSelu>(context);
  attachGradient<cnn::CeluOp, differentiateCelu>(context);
  attachGradient<cnn::SoftplusOp, differentiateSoftplus>(context);
  attachGradient<cnn::SoftsignOp, differentiateSoftsign>(context);
  attachGradient<cnn::MishOp, differentiateMish>(context);
  attachGradient<cnn::HardSigmoidOp, differentiateHardSigmoid>(context);
  attachGradient<cnn::HardSwishOp, differentiateHardSwish>(context);
  attachGradient<cnn::SwishOp, differentiateSwish>(context);
  attachGradient<cnn::GeluOp, differentiateGelu>(context);
  attachGradient<cnn::ThresholdedReluOp, differentiateThresholdedRelu>(context);
  attachGradient<cnn::ClipOp, differentiateClip>(context);
  attachGradient<cnn::PreluOp, differentiatePrelu>(context);
}
