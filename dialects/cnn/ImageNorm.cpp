//===- ImageNorm.cpp - verifiers of norms of one example ------------------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

template <typename OpTy> static LogicalResult verifySize(OpTy op) {
  if (static_cast<int64_t>(op.getSize()) < 1)
    return op.emitOpError("needs a positive size, got ") << static_cast<int64_t>(op.getSize());
  return success();
}
LogicalResult LrnOp::verify() { return verifySize(*this); }     // lrn_c1
LogicalResult LrnGradOp::verify() { return verifySize(*this); } // lrn_grad_c1

int64_t LrnOp::getFlopsPerExample() {
  int64_t elements = 1;
  for (int64_t size : getType().getShape().drop_front())
    elements *= size;
  return elements * (2 * static_cast<int64_t>(getSize()) + 3);
}

/// What groupnorm and its gradient share.
template <typename OpTy> static LogicalResult verifyGroups(OpTy op) {
  RankedTensorType input = op.getInput().getType(), statistics = op.getMean().getType();
  int64_t channels = input.getDimSize(1), values = op.getScale().getType().getDimSize(0), groups = op.getGroups();
  // groupnorm_c1, groupnorm_grad_c1
  if (values != channels)
    return op.emitOpError("has ") << values << " values for " << channels << " channels";
  // groupnorm_c3, groupnorm_grad_c2
  if (groups < 1 || channels % groups)
    return op.emitOpError("cannot split ") << channels << " channels into " << groups << " groups";
  // groupnorm_c4, groupnorm_grad_c3
  if (statistics.getShape() != input.getShape().take_front(2))
    return op.emitOpError("has statistics of ") << statistics << " for an input of " << input;
  return success();
}

LogicalResult GroupnormOp::verify() {
  // groupnorm_c2
  double epsilon = getEpsilon().convertToDouble();
  if (!(epsilon >= 0))
    return emitOpError("needs an epsilon that is not negative, got ") << epsilon;
  return verifyGroups(*this);
}
LogicalResult GroupnormGradOp::verify() { return verifyGroups(*this); }
