//===- RearrangeGradients.cpp - the inverse rearrangements, maxout --------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

static void differentiateDepthToSpace(cnn::DepthToSpaceOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::SpaceToDepthOp>(vjp.resultGradient(), op.getBlockSizeAttr(), op.getChannelsFirstAttr()));
}

static void differentiateSpaceToDepth(cnn::SpaceToDepthOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::DepthToSpaceOp>(vjp.resultGradient(), op.getBlockSizeAttr(), op.getChannelsFirstAttr()));
}

static void differentiateChannelShuffle(cnn::ChannelShuffleOp op, Vjp &vjp) {
  uint64_t channels = op.getType().getDimSize(1);
  vjp.set(0, vjp.create<cnn::ChannelShuffleOp>(op.getType(), vjp.resultGradient(), channels / op.getGroups()));
}

static void differentiateMaxout(cnn::MaxoutOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::MaxoutGradOp>(op.getInput().getType(), op.getInput(), vjp.resultGradient(), op.getPiecesAttr()));
}

void cnnc::attachRearrangeGradients(MLIRContext *context) {
  attachGradient<cnn::DepthToSpaceOp, differentiateDepthToSpace>(context);
  attachGradient<cnn::SpaceToDepthOp, differentiateSpaceToDepth>(context);
  attachGradient<cnn::ChannelShuffleOp, differentiateChannelShuffle>(context);
  attachGradient<cnn::MaxoutOp, differentiateMaxout>(context);
}
