//===- NormGradients.cpp - batch norm and softmax -------------------------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

/// Running statistics never reach the loss; batch statistics only by `result`.
static LogicalResult differentiateBatchnormTrain(cnn::BatchnormTrainOp op, Vjp &vjp) {
  if (!vjp.resultGradient(0) || vjp.resultGradient(1) || vjp.resultGradient(2))
    return op.emitOpError("has a gradient by its normalised result alone, but its statistics reach the loss");
  if (!vjp.needs(0) && !vjp.needs(1) && !vjp.needs(2))
    return success();
  auto gradient = cnn::BatchnormGradOp::create(
      vjp.getBuilder(), op.getLoc(), TypeRange{op.getInput().getType(), op.getScale().getType(), op.getShift().getType()},
      op.getInput(), vjp.resultGradient(), op.getScale(), op.getMean(), op.getInverseStd());
  for (unsigned i : {0, 1, 2})
    if (vjp.needs(i))
      vjp.set(i, gradient->getResult(i));
  return success();
}

static void differentiateSoftmax(cnn::SoftmaxOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::SoftmaxGradOp>(op.getType(), op.getResult(), vjp.resultGradient()));
}

void cnnc::attachNormGradients(MLIRContext *context) {
  attachGradient<cnn::BatchnormTrainOp, differentiateBatchnormTrain>(context);
  attachGradient<cnn::SoftmaxOp, differentiateSoftmax>(context);
}
