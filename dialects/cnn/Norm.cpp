//===- Norm.cpp - verifiers of normalisation ------------------------------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

LogicalResult BatchnormOp::verify() {
  auto channels = cast<RankedTensorType>(getInput().getType()).getDimSize(1);
  for (Value values : {getScale(), getShift()})
    if (cast<RankedTensorType>(values.getType()).getDimSize(0) != channels)
      return emitOpError("has ") << cast<RankedTensorType>(values.getType()).getDimSize(0) << " values for " << channels << " channels";
  return success();
}
