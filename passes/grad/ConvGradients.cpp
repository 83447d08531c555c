//===- ConvGradients.cpp - convolution and dense --------------------------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

static void differentiateConv(cnn::ConvOp op, Vjp &vjp) {
  Value dy = vjp.resultGradient();
  if (vjp.needs(0))
    vjp.set(0, vjp.create<cnn::ConvInputGradOp>(op.getInput().getType(), dy, op.getKernel(), op.getStrideAttr(), op.getPadAttr(),
                                                op.getDilationAttr(), op.getGroupsAttr()));
  if (vjp.needs(1))
    vjp.set(1, vjp.create<cnn::ConvKernelGradOp>(op.getKernel().getType(), op.getInput(), dy, op.getStrideAttr(), op.getPadAttr(),
                                                 op.getDilationAttr(), op.getGroupsAttr()));
}

/// A transposed convolution is a convolution with the roles of input and
/// result exchanged; so are its gradients.
static void differentiateConvTranspose(cnn::ConvTransposeOp op, Vjp &vjp) {
  Value dy = vjp.resultGradient();
  if (vjp.needs(0))
    vjp.set(0, vjp.create<cnn::ConvOp>(dy, op.getKernel(), op.getStrideAttr(), op.getPadAttr(), op.getDilationAttr(),
                                       op.getGroupsAttr()));
  if (vjp.needs(1))
    vjp.set(1, vjp.create<cnn::ConvKernelGradOp>(op.getKernel().getType(), dy, op.getInput(), op.getStrideAttr(), op.getPadAttr(),
                                                 op.getDilationAttr(), op.getGroupsAttr()));
}

static void differentiateDense(cnn::DenseOp op, Vjp &vjp) {
  Value dy = vjp.resultGradient();
  if (vjp.needs(0))
    vjp.set(0, vjp.create<cnn::DenseInputGradOp>(op.getInput().getType(), dy, op.getKernel()));
  if (vjp.needs(1))
    vjp.set(1, vjp.create<cnn::DenseKernelGradOp>(op.getKernel().getType(), op.getInput(), dy));
}

void cnnc::attachConvGradients(MLIRContext *context) {
  attachGradient<cnn::ConvOp, differentiateConv>(context);
  attachGradient<cnn::ConvTransposeOp, differentiateConvTranspose>(context);
  attachGradient<cnn::DenseOp, differentiateDense>(context);
}
