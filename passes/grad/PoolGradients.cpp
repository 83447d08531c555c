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
                                            op.getPadAttr(), op.getCountIncludePadAttr(), op.getDilationAttr(),
                                            op.getCeilModeAttr()));
}

static void differentiateGlobalMaxpool(cnn::GlobalMaxpoolOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::GlobalMaxpoolGradOp>(op.getInput().getType(), op.getInput(), vjp.resultGradient()));
}

static void differentiateGlobalAvgpool(cnn::GlobalAvgpoolOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::GlobalAvgpoolGradOp>(op.getInput().getType(), vjp.resultGradient()));
}

static void differentiateMaxpoolIndices(cnn::MaxpoolIndicesOp, Vjp &) {} // whole numbers

static void differentiateMaxunpool(cnn::MaxunpoolOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::MaxunpoolGradOp>(op.getInput().getType(), vjp.resultGradient(), op.getIndices()));
}

void cnnc::attachPoolGradients(MLIRContext *context) {
  attachGradient<cnn::MaxpoolOp, differentiateMaxpool>(context);
  attachGradient<cnn::MaxpoolIndicesOp, differentiateMaxpoolIndices>(context);
  attachGradient<cnn::MaxunpoolOp, differentiateMaxunpool>(context);
  attachGradient<cnn::AvgpoolOp, differentiateAvgpool>(context);
  attachGradient<cnn::GlobalMaxpoolOp, differentiateGlobalMaxpool>(context);
  attachGradient<cnn::GlobalAvgpoolOp, differentiateGlobalAvgpool>(context);
}
