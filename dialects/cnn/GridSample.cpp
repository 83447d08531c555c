//===- GridSample.cpp - shapes of images read at computed places ----------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

/// The type of `input` sampled at `grid`, or null after an error.
static RankedTensorType inferSampled(StringRef name, std::optional<Location> loc, RankedTensorType input, RankedTensorType grid) {
  int64_t spatial = input.getRank() - 2;
  // grid_sample_c1
  bool fits = spatial >= 1 && spatial <= 3 && grid.getRank() == spatial + 2 && grid.getShape().back() == spatial &&
              grid.getDimSize(0) == input.getDimSize(0);
  if (!fits) {
    (void)emitOptionalError(loc, "'cnn.", name, "' cannot read ", input, " at the places of ", grid);
    return {};
  }
  SmallVector<int64_t> shape(input.getShape().take_front(2));
  llvm::append_range(shape, grid.getShape().drop_front().drop_back());
  return input.clone(shape);
}

LogicalResult GridSampleOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                             SmallVectorImpl<Type> &types) {
  auto type = inferSampled("grid_sample", loc, cast<RankedTensorType>(adaptor.getInput().getType()),
                           cast<RankedTensorType>(adaptor.getGrid().getType()));
  if (!type)
    return failure();
  types.push_back(type);
  return success();
}

static LogicalResult verifyGradient(Operation *op, RankedTensorType gradient, RankedTensorType sampled) {
  if (!sampled)
    return failure();
  // grid_sample_input_grad_c1, grid_sample_grid_grad_c1
  if (gradient != sampled)
    return op->emitOpError("has a gradient of type ") << gradient << ", and what is sampled has type " << sampled;
  return success();
}
LogicalResult GridSampleInputGradOp::verify() {
  return verifyGradient(*this, getGradient().getType(),
                        inferSampled("grid_sample_input_grad", getLoc(), getType(), getGrid().getType()));
}
LogicalResult GridSampleGridGradOp::verify() {
  return verifyGradient(*this, getGradient().getType(),
                        inferSampled("grid_sample_grid_grad", getLoc(), getInput().getType(), getGrid().getType()));
}
