//===- PoolGradients.cpp - pooling ----------------------------------------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

static void differentiateMaxpool(cnn::MaxpoolOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::MaxpoolGradOp>(op.getInput().getType(), op.getInput(), vjp.resultGradient(), op.getKernelAttr(),
                                            op.getStrideAttr(), op.getPadAttr(), op.getDilationAttr(), op.getCeilModeAttr()));
}

static void differentiateAvgpool(cnn::AvgpoolOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::AvgpoolGradOp>(op.getInput().getType(), vjp.resultGradient(), op.getKernelAttr(), op.getStrideAttr(),
                                            op.getPadAttr(), op.getCountIncludePadAttr(), op.getDilationAttr(), op.getCeilModeAttr()));
}

static void differentiateGlobalMaxpool(cnn::GlobalMaxpoolOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::GlobalMaxpoolGradOp>(op.getInput().getType(), op.getInput(), vjp.resultGradient()));
}

static void differentiateGlobalAvgpool(cnn::GlobalAvgpoolOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::GlobalAvgpoolGradOp>(op.getInput().getType(), vjp.resultGradient()));
}

void cnnc::attachPoolGradients(MLIRContext *context) {
  attachGradient<cnn::MaxpoolOp, differentiateMaxpool>(context);
  attachGradient<cnn::AvgpoolOp, differentiateAvgpool>(context);
  attachGradient<cnn::GlobalMaxpoolOp, differentiateGlobalMaxpool>(context);
  attachGradient<cnn::GlobalAvgpoolOp, differentiateGlobalAvgpool>(context);
}
