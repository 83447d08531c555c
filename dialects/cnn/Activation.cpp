//===- Activation.cpp - verifiers of activations --------------------------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

LogicalResult CeluOp::verify() {
  // celu_c1
  double alpha = getAlpha().convertToDouble();
  if (!(alpha > 0))
    return emitOpError("needs a positive alpha, got ") << alpha;
  return success();
}

LogicalResult PreluOp::verify() {
  // prelu_c1
  int64_t slopes = getSlope().getType().getDimSize(0), channels = cast<RankedTensorType>(getType()).getDimSize(1);
  if (slopes != channels)
    return emitOpError("has ") << slopes << " slopes for " << channels << " channels";
  return success();
}
