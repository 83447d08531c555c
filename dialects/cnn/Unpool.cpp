//===- Unpool.cpp - shapes of indices and of what they undo ---------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/ShapeMath.h"

using namespace mlir;
using namespace cnnc::cnn;

LogicalResult MaxpoolIndicesOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc, Adaptor op,
                                                 SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(op.getInput().getType());
  size_t dims = std::max<int64_t>(input.getRank(), 2) - 2;
  ArrayRef<int64_t> kernel = op.getKernel(), stride = op.getStride(), dilation = op.getDilation(), pad = op.getPad();
  auto isPositive = [](int64_t size) { return size > 0; };
  // maxpool_indices_c1
  for (ArrayRef<int64_t> sizes : {kernel, stride, dilation})
    if (dims == 0 || sizes.size() != dims || !llvm::all_of(sizes, isPositive))
      return emitOptionalError(loc, "'cnn.maxpool_indices' needs ", dims,
                               " positive kernel sizes, strides and dilations, one for each dimension behind the channels");
  if (pad.size() != 2 * dims || llvm::any_of(pad, [](int64_t p) { return p < 0; }))
    return emitOptionalError(loc, "'cnn.maxpool_indices' needs ", 2 * dims, " pads that are not negative");
  SmallVector<int64_t, 6> shape(input.getShape());
  for (size_t i = 0; i < dims; ++i) {
    int64_t size = shape[2 + i],
            places = poolPlaces(size, kernel[i], stride[i], dilation[i], pad[i], pad[dims + i], op.getCeilMode());
    // maxpool_indices_c3
    if (places < 1)
      return emitOptionalError(loc, "'cnn.maxpool_indices' kernel spans ", dilation[i] * (kernel[i] - 1) + 1,
                               " elements and does not fit in the padded input of ", size + pad[i] + pad[dims + i]);
    // maxpool_indices_c2
    if (!windowsCover(size, kernel[i], stride[i], dilation[i], pad[i], places))
      return emitOptionalError(loc, "'cnn.maxpool_indices' pads ", size, " elements by ", pad[i], " and ", pad[dims + i],
                               ", so that a window of ", kernel[i], " covers none of them: pad by less");
    shape[2 + i] = places;
  }
  types.push_back(RankedTensorType::get(shape, IntegerType::get(context, 32)));
  return success();
}

/// `pooled` and `whole` have the same first size, and `indices` the shape of `pooled`.
static LogicalResult verifyUnpool(Operation *op, RankedTensorType pooled, RankedTensorType indices, RankedTensorType whole) {
  // maxunpool_c1, maxunpool_grad_c1
  if (pooled.getShape() != indices.getShape())
    return op->emitOpError("has ") << indices << " indices of " << pooled;
  // maxunpool_c2, maxunpool_grad_c2
  if (pooled.getRank() == 0 || whole.getRank() == 0 || pooled.getDimSize(0) != whole.getDimSize(0))
    return op->emitOpError("joins ") << pooled << " and " << whole << ", which have another batch";
  return success();
}
LogicalResult MaxunpoolOp::verify() { return verifyUnpool(*this, getInput().getType(), getIndices().getType(), getType()); }
LogicalResult MaxunpoolGradOp::verify() {
  return verifyUnpool(*this, getType(), getIndices().getType(), getGradient().getType());
}
