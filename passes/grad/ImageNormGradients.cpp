//===- ImageNormGradients.cpp - local response and group norm -------------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

static void differentiateLrn(cnn::LrnOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::LrnGradOp>(op.getType(), op.getInput(), vjp.resultGradient(), op.getSizeAttr(), op.getAlphaAttr(),
                                        op.getBetaAttr(), op.getBiasAttr()));
}

/// Statistics are for the gradient: they reach the loss by `result` alone.
static LogicalResult differentiateGroupnorm(cnn::GroupnormOp op, Vjp &vjp) {
  if (!vjp.resultGradient(0) || vjp.resultGradient(1) || vjp.resultGradient(2))
    return op.emitOpError("has a gradient by its normalised result alone, but its statistics reach the loss");
  auto gradient = cnn::GroupnormGradOp::create(
      vjp.getBuilder(), op.getLoc(), TypeRange{op.getInput().getType(), op.getScale().getType(), op.getShift().getType()},
      op.getInput(), vjp.resultGradient(), op.getScale(), op.getMean(), op.getInverseStd(), op.getGroupsAttr());
  for (unsigned i : {0, 1, 2})
    if (vjp.needs(i))
      vjp.set(i, gradient->getResult(i));
  return success();
}

void cnnc::attachImageNormGradients(MLIRContext *context) {
  attachGradient<cnn::LrnOp, differentiateLrn>(context);
  attachGradient<cnn::GroupnormOp, differentiateGroupnorm>(context);
}
