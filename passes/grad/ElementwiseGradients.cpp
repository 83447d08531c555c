//===- ElementwiseGradients.cpp - the same thing at every element ---------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

static void differentiateRelu(cnn::ReluOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::ReluGradOp>(op.getType(), op.getResult(), vjp.resultGradient()));
}
static void differentiateLeakyRelu(cnn::LeakyReluOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::LeakyReluGradOp>(op.getType(), op.getInput(), vjp.resultGradient(), op.getSlopeAttr()));
}
/// dx = dy · y (1 - y)
static void differentiateSigmoid(cnn::SigmoidOp op, Vjp &vjp) {
  Value y = op.getResult();
  vjp.set(0, vjp.mul(vjp.resultGradient(), vjp.mul(y, vjp.affine(y, -1, 1))));
}
/// dx = dy (1 - y²)
static void differentiateTanh(cnn::TanhOp op, Vjp &vjp) {
  Value y = op.getResult();
  vjp.set(0, vjp.mul(vjp.resultGradient(), vjp.affine(vjp.mul(y, y), -1, 1)));
}
static void differentiateStep(cnn::StepOp, Vjp &) {} // zero wherever it exists

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static void differentiateAffine(cnn::AffineOp op, Vjp &vjp) {
  vjp.set(0, vjp.affine(vjp.resultGradient(), op.getScale().convertToDouble(), 0));
}
static void differentiateAdd(cnn::AddOp, Vjp &vjp) {
  for (unsigned i : {0, 1})
    if (vjp.needs(i))
      vjp.set(i, vjp.resultGradient());
}
static void differentiateSub(cnn::SubOp, Vjp &vjp) {
  if (vjp.needs(0))
    vjp.set(0, vjp.resultGradient());
  if (vjp.needs(1))
    vjp.set(1, vjp.affine(vjp.resultGradient(), -1, 0));
}
static void differentiateMul(cnn::MulOp op, Vjp &vjp) {
  if (vjp.needs(0))
    vjp.set(0, vjp.mul(vjp.resultGradient(), op.getRhs()));
  if (vjp.needs(1))
    vjp.set(1, vjp.mul(vjp.resultGradient(), op.getLhs()));
}
static void differentiateDropoutMask(cnn::DropoutMaskOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::DropoutMaskOp>(op.getType(), vjp.resultGradient(), op.getRatioAttr(), op.getIdAttr()));
}

//===----------------------------------------------------------------------===//
// Per channel
//===----------------------------------------------------------------------===//

static Value channelSum(Vjp &vjp, Type channels, Value x) { return vjp.create<cnn::ChannelSumOp>(channels, x); }

static void differentiateBias(cnn::BiasOp op, Vjp &vjp) {
  if (vjp.needs(0))
    vjp.set(0, vjp.resultGradient());
  if (vjp.needs(1))
    vjp.set(1, channelSum(vjp, op.getBias().getType(), vjp.resultGradient()));
}
static void differentiateScaleShift(cnn::ScaleShiftOp op, Vjp &vjp) {
  Value dy = vjp.resultGradient();
  if (vjp.needs(0))
    vjp.set(0, vjp.scaleChannels(dy, op.getScale()));
  if (vjp.needs(1))
    vjp.set(1, channelSum(vjp, op.getScale().getType(), vjp.mul(dy, op.getInput())));
  if (vjp.needs(2))
    vjp.set(2, channelSum(vjp, op.getShift().getType(), dy));
}
/// dx = dy / (255 std[c])
static void differentiateStandardize(cnn::StandardizeOp op, Vjp &vjp) {
  auto type = cast<RankedTensorType>(op.getType());
  SmallVector<double> factors;
  for (int64_t c = 0; c < type.getDimSize(1); ++c)
    factors.push_back(1 / (255 * op.getStd()[op.getStd().size() == 1 ? 0 : c]));
  auto channels = RankedTensorType::get({type.getDimSize(1)}, type.getElementType());
  vjp.set(0, vjp.scaleChannels(vjp.resultGradient(), vjp.constant(channels, factors)));
}

void cnnc::attachElementwiseGradients(MLIRContext *context) {
  attachGradient<cnn::ReluOp, differentiateRelu>(context);
  attachGradient<cnn::LeakyReluOp, differentiateLeakyRelu>(context);
  attachGradient<cnn::SigmoidOp, differentiateSigmoid>(context);
  attachGradient<cnn::TanhOp, differentiateTanh>(context);
  attachGradient<cnn::StepOp, differentiateStep>(context);
  attachGradient<cnn::AffineOp, differentiateAffine>(context);
  attachGradient<cnn::AddOp, differentiateAdd>(context);
  attachGradient<cnn::SubOp, differentiateSub>(context);
  attachGradient<cnn::MulOp, differentiateMul>(context);
  attachGradient<cnn::DropoutMaskOp, differentiateDropoutMask>(context);
  attachGradient<cnn::BiasOp, differentiateBias>(context);
  attachGradient<cnn::ScaleShiftOp, differentiateScaleShift>(context);
  attachGradient<cnn::StandardizeOp, differentiateStandardize>(context);
}
