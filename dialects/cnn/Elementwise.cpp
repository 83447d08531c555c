//===- Elementwise.cpp - verifiers and costs of elementwise ops -----------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

/// Channels of a batch: dimension 1.
static int64_t channelsOf(Type type) { return cast<RankedTensorType>(type).getDimSize(1); }

LogicalResult BiasOp::verify() {
  // bias_c1
  if (getBias().getType().getDimSize(0) != channelsOf(getType()))
    return emitOpError("has ") << getBias().getType().getDimSize(0) << " values for " << channelsOf(getType()) << " channels";
  return success();
}

LogicalResult ScaleShiftOp::verify() {
  // scale_shift_c1
  for (Value values : {getScale(), getShift()})
    if (cast<RankedTensorType>(values.getType()).getDimSize(0) != channelsOf(getType()))
      return emitOpError("has ") << cast<RankedTensorType>(values.getType()).getDimSize(0) << " values for "
                                 << channelsOf(getType()) << " channels";
  return success();
}

LogicalResult StandardizeOp::verify() {
  // standardize_c1
  for (ArrayRef<double> values : {getMean(), getStd()})
    if (values.size() != 1 && static_cast<int64_t>(values.size()) != channelsOf(getType()))
      return emitOpError("has ") << values.size() << " values for " << channelsOf(getType()) << " channels";
  // standardize_c2
  for (double std : getStd())
    if (!(std > 0))
      return emitOpError("needs positive standard deviations, got ") << std;
  return success();
}

template <typename OpTy> static LogicalResult verifyRatio(OpTy op) {
  double ratio = op.getRatio().convertToDouble();
  if (!(ratio >= 0 && ratio < 1))
    return op.emitOpError("needs a ratio of at least 0 and below 1, got ") << ratio;
  return success();
}
LogicalResult DropoutOp::verify() { return verifyRatio(*this); }     // dropout_c1
LogicalResult DropoutMaskOp::verify() { return verifyRatio(*this); } // dropout_mask_c1
