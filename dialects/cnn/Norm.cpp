//===- Norm.cpp - verifiers of normalisation ------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/ParameterUse.h"

using namespace mlir;
using namespace cnnc::cnn;

/// Checks that `values` has one element per channel of `batch`.
static LogicalResult verifyChannels(Operation *op, Value values, RankedTensorType batch) {
  int64_t count = cast<RankedTensorType>(values.getType()).getDimSize(0);
  if (count != batch.getDimSize(1))
    return op->emitOpError("has ") << count << " values for " << batch.getDimSize(1) << " channels";
  return success();
}

template <typename OpTy> static LogicalResult verifyEpsilon(OpTy op) {
  double epsilon = op.getEpsilon().convertToDouble();
  if (!(epsilon >= 0))
    return op.emitOpError("needs an epsilon that is not negative, got ") << epsilon;
  return success();
}

template <typename OpTy> static LogicalResult verifyMomentum(OpTy op) {
  double momentum = op.getMomentum().convertToDouble();
  if (!(momentum >= 0 && momentum <= 1))
    return op.emitOpError("needs a momentum from 0 to 1, got ") << momentum;
  return success();
}

LogicalResult BatchnormOp::verify() {
  // batchnorm_c1, batchnorm_c2, batchnorm_c3
  return success(succeeded(verifyChannels(*this, getScale(), getType())) && succeeded(verifyEpsilon(*this)) &&
                 succeeded(verifyMomentum(*this)));
}

LogicalResult BatchnormOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // batchnorm_c4
  return success(succeeded(verifyParameterUse(*this, getMeanAttr(), getScale().getType(), symbols)) &&
                 succeeded(verifyParameterUse(*this, getVarianceAttr(), getScale().getType(), symbols)));
}

LogicalResult BatchnormInferOp::verify() {
  // batchnorm_infer_c1, batchnorm_infer_c2
  return success(succeeded(verifyChannels(*this, getScale(), getType())) && succeeded(verifyEpsilon(*this)));
}

LogicalResult BatchnormTrainOp::verify() {
  // batchnorm_train_c1, batchnorm_train_c2, batchnorm_train_c3
  return success(succeeded(verifyChannels(*this, getScale(), getInput().getType())) && succeeded(verifyEpsilon(*this)) &&
                 succeeded(verifyMomentum(*this)));
}

LogicalResult BatchnormGradOp::verify() { return verifyChannels(*this, getScale(), getInput().getType()); } // batchnorm_grad_c1

LogicalResult FoldBatchnormOp::verify() { return verifyEpsilon(*this); } // fold_batchnorm_c1

LogicalResult FoldKernelOp::verify() {
  // fold_kernel_c1
  if (getScale().getType().getDimSize(0) != getKernel().getType().getDimSize(0))
    return emitOpError("has ") << getScale().getType().getDimSize(0) << " values for " << getKernel().getType().getDimSize(0)
                               << " channels";
  return success();
}

LogicalResult ChannelSumOp::verify() { return verifyChannels(*this, getResult(), getInput().getType()); } // channel_sum_c1
