//===- Modal.cpp - ops that differ between inference and training ---------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

LogicalResult BatchnormOp::lowerToInference(RewriterBase &rewriter) {
  Type channels = getScale().getType();
  Value mean = ReadOp::create(rewriter, getLoc(), channels, getMeanAttr());
  Value variance = ReadOp::create(rewriter, getLoc(), channels, getVarianceAttr());
  rewriter.replaceOpWithNewOp<BatchnormInferOp>(*this, getType(), getInput(), getScale(), getShift(), mean, variance,
                                                getEpsilonAttr());
  return success();
}

LogicalResult BatchnormOp::lowerToTraining(RewriterBase &rewriter) {
  Type channels = getScale().getType();
  Value mean = ReadOp::create(rewriter, getLoc(), channels, getMeanAttr());
  Value variance = ReadOp::create(rewriter, getLoc(), channels, getVarianceAttr());
  auto train = BatchnormTrainOp::create(rewriter, getLoc(), TypeRange{getType(), channels, channels, channels, channels},
                                        getInput(), getScale(), getShift(), mean, variance, getEpsilonAttr(), getMomentumAttr());
  WriteOp::create(rewriter, getLoc(), getMeanAttr(), train.getNewRunningMean());
  WriteOp::create(rewriter, getLoc(), getVarianceAttr(), train.getNewRunningVariance());
  rewriter.replaceOp(*this, train.getResult());
  return success();
}

LogicalResult DropoutOp::lowerToInference(RewriterBase &rewriter) {
  rewriter.replaceOp(*this, getInput());
  return success();
}

LogicalResult DropoutOp::lowerToTraining(RewriterBase &rewriter) {
  rewriter.replaceOpWithNewOp<DropoutMaskOp>(*this, getType(), getInput(), getRatioAttr(), getIdAttr());
  return success();
}
