//===- ElementwiseGradients.cpp - the same thing at every element ---------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

/// `scale · x + offset` by constants.
static Value affine(Vjp &vjp, Value x, double scale, double offset) {
  Builder &builder = vjp.getBuilder();
  return vjp.create<cnn::AffineOp>(x.getType(), x, builder.getF64FloatAttr(scale), builder.getF64FloatAttr(offset));
}
static Value mul(Vjp &vjp, Value x, Value y) { return vjp.create<cnn::MulOp>(x.getType(), x, y); }

static void differentiateRelu(cnn::ReluOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::ReluGradOp>(op.getType(), op.getResult(), vjp.resultGradient()));
}
static void differentiateLeakyRelu(cnn::LeakyReluOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::LeakyReluGradOp>(op.getType(), op.getInput(), vjp.resultGradient(), op.getSlopeAttr()));
}
/// dx = dy · y (1 - y)
static void differentiateSigmoid(cnn::SigmoidOp op, Vjp &vjp) {
  Value y = op.getResult();
  vjp.set(0, mul(vjp, vjp.resultGradient(), mul(vjp, y, affine(vjp, y, -1, 1))));
}
/// dx = dy (1 - y²)
static void differentiateTanh(cnn::TanhOp op, Vjp &vjp) {
  Value y = op.getResult();
  vjp.set(0, mul(vjp, vjp.resultGradient(), affine(vjp, mul(vjp, y, y), -1, 1)));
}
static void differentiateStep(cnn::StepOp, Vjp &) {} // zero wherever it exists

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static void differentiateAffine(cnn::AffineOp op, Vjp &vjp) {
  vjp.set(0, affine(vjp, vjp.resultGradient(), op.getScale().convertToDouble(), 0));
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
    vjp.set(1, affine(vjp, vjp.resultGradient(), -1, 0));
}
static void differentiateMul(cnn::MulOp op, Vjp &vjp) {
  if (vjp.needs(0))
    vjp.set(0, mul(vjp, vjp.resultGradient(), op.getRhs()));
  if (vjp.needs(1))
    vjp.set(1, mul(vjp, vjp.resultGradient(), op.getLhs()));
}
static void differentiateDropoutMask(cnn::DropoutMaskOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::DropoutMaskOp>(op.getType(), vjp.resultGradient(), op.getRatioAttr(), op.getIdAttr()));
}

//===----------------------------------------------------------------------===//
// Per channel
//===----------------------------------------------------------------------===//

static Value channelSum(Vjp &vjp, Type channels, Value x) { return vjp.create<cnn::ChannelSumOp>(channels, x); }

/// `dy · scale[c]`
static Value scaleChannels(Vjp &vjp, Value dy, Value scale) {
  auto channels = cast<RankedTensorType>(scale.getType());
  Value zero = vjp.constant(channels, SmallVector<double>(channels.getNumElements(), 0.0));
  return vjp.create<cnn::ScaleShiftOp>(dy.getType(), dy, scale, zero);
}

static void differentiateBias(cnn::BiasOp op, Vjp &vjp) {
  if (vjp.needs(0))
    vjp.set(0, vjp.resultGradient());
  if (vjp.needs(1))
    vjp.set(1, channelSum(vjp, op.getBias().getType(), vjp.resultGradient()));
}
static void differentiateScaleShift(cnn::ScaleShiftOp op, Vjp &vjp) {
  Value dy = vjp.resultGradient();
  if (vjp.needs(0))
    vjp.set(0, scaleChannels(vjp, dy, op.getScale()));
  if (vjp.needs(1))
    vjp.set(1, channelSum(vjp, op.getScale().getType(), mul(vjp, dy, op.getInput())));
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
  vjp.set(0, scaleChannels(vjp, vjp.resultGradient(), vjp.constant(channels, factors)));
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
