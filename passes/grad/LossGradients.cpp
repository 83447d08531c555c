//===- LossGradients.cpp - losses -----------------------------------------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

/// A target is data: nothing that is learned may lie behind it.
template <typename OpTy> static LogicalResult requireConstantTarget(OpTy op, const Vjp &vjp) {
  return vjp.needs(1) ? op.emitOpError("has no gradient by its target, which depends on a parameter or an input") : success();
}

template <typename OpTy, typename GradOpTy> static LogicalResult differentiateLoss(OpTy op, Vjp &vjp) {
  vjp.set(0, vjp.create<GradOpTy>(op.getPrediction().getType(), op.getPrediction(), op.getTarget(), vjp.resultGradient()));
  return requireConstantTarget(op, vjp);
}

static LogicalResult differentiateBinaryCrossEntropy(cnn::BinaryCrossEntropyOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::BinaryCrossEntropyGradOp>(op.getPrediction().getType(), op.getPrediction(), op.getTarget(),
                                                       vjp.resultGradient(), op.getFromLogitsAttr()));
  return requireConstantTarget(op, vjp);
}

static void differentiateSoftmaxCrossEntropy(cnn::SoftmaxCrossEntropyOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::SoftmaxCrossEntropyGradOp>(op.getPrediction().getType(), op.getPrediction(), op.getLabel(),
                                                        vjp.resultGradient(), op.getLabelSmoothingAttr(),
                                                        op.getClassWeightsAttr(), op.getIgnoreLabelAttr()));
}

void cnnc::attachLossGradients(MLIRContext *context) {
  attachGradient<cnn::MeanSquaredErrorOp, differentiateLoss<cnn::MeanSquaredErrorOp, cnn::MeanSquaredErrorGradOp>>(context);
  attachGradient<cnn::PerceptronLossOp, differentiateLoss<cnn::PerceptronLossOp, cnn::PerceptronLossGradOp>>(context);
  attachGradient<cnn::BinaryCrossEntropyOp, differentiateBinaryCrossEntropy>(context);
  attachGradient<cnn::SoftmaxCrossEntropyOp, differentiateSoftmaxCrossEntropy>(context);
}
