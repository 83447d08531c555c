//===- Index.cpp - shapes of ops on elements by their numbers -------------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

/// True if `axis` is a dimension that is not the batch.
static bool isInner(RankedTensorType type, int64_t axis) {
  return axis >= 0 && axis < type.getRank() && !type.isDynamicDim(axis);
}

LogicalResult CumsumOp::verify() {
  RankedTensorType type = getType();
  int64_t axis = getAxis();
  // cumsum_c1
  if (!isInner(type, axis))
    return emitOpError("needs a dimension of ") << type << " that is not the batch, got " << axis;
  return success();
}

LogicalResult ArgMaxOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  int64_t axis = adaptor.getAxis();
  // arg_max_c1
  if (!isInner(input, axis))
    return emitOptionalError(loc, "'cnn.arg_max' needs a dimension of ", input, " that is not the batch, got ", axis);
  SmallVector<int64_t> shape(input.getShape());
  shape[axis] = 1;
  types.push_back(input.clone(shape));
  return success();
}

LogicalResult TopKOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  int64_t k = adaptor.getK();
  // top_k_c1
  if (!isInner(input, input.getRank() - 1) || k < 1 || k > input.getShape().back())
    return emitOptionalError(loc, "'cnn.top_k' needs at least ", k, " elements in each row, and at least 1, got ", input);
  SmallVector<int64_t> shape(input.getShape());
  shape.back() = k;
  types.push_back(input.clone(shape));
  return success();
}

LogicalResult OneHotOp::verify() {
  RankedTensorType indices = getIndices().getType(), type = getType();
  int64_t axis = getAxis();
  SmallVector<int64_t> rest(type.getShape());
  bool isGood = isInner(type, axis);
  if (isGood)
    rest.erase(rest.begin() + axis);
  // one_hot_c1
  if (!isGood || ArrayRef(rest) != indices.getShape())
    return emitOpError("cannot make ") << type << " of " << indices << " along dimension " << axis;
  return success();
}

/// The type of the elements of `input` that `indices` name along `axis`, or null after an error.
static RankedTensorType inferElements(StringRef name, std::optional<Location> loc, RankedTensorType input,
                                      RankedTensorType indices, int64_t axis) {
  // gather_elements_c1
  if (!isInner(input, axis)) {
    (void)emitOptionalError(loc, "'cnn.", name, "' needs a dimension of ", input, " that is not the batch, got ", axis);
    return {};
  }
  // gather_elements_c2
  bool fits = indices.getRank() == input.getRank();
  for (int64_t d = 0; fits && d < input.getRank(); ++d)
    fits = input.isDynamicDim(d) == indices.isDynamicDim(d) && (d == axis || indices.getDimSize(d) <= input.getDimSize(d));
  if (!fits) {
    (void)emitOptionalError(loc, "'cnn.", name, "' cannot read ", input, " by ", indices, " along dimension ", axis);
    return {};
  }
  return input.clone(indices.getShape());
}

/// The type of the slices of `input` at the places that `indices` hold, or null after an error.
static RankedTensorType inferSlices(StringRef name, std::optional<Location> loc, RankedTensorType input, RankedTensorType indices,
                                    int64_t batchDims) {
  int64_t rank = indices.getRank();
  // gather_nd_c1
  bool fits = batchDims >= 0 && batchDims < rank && batchDims < input.getRank() &&
              input.getShape().take_front(batchDims) == indices.getShape().take_front(batchDims);
  int64_t coordinates = fits ? indices.getShape().back() : 0, end = batchDims + coordinates;
  // gather_nd_c2
  fits = fits && coordinates >= 1 && end <= input.getRank() && !(batchDims == 0 && input.isDynamicDim(0));
  if (!fits) {
    (void)emitOptionalError(loc, "'cnn.", name, "' cannot find places ", indices, " in ", input, " with ", batchDims,
                            " dimensions in common");
    return {};
  }
  SmallVector<int64_t> shape(indices.getShape().drop_back());
  llvm::append_range(shape, input.getShape().drop_front(end));
  return input.clone(shape);
}

LogicalResult GatherElementsOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                 SmallVectorImpl<Type> &types) {
  auto type = inferElements("gather_elements", loc, cast<RankedTensorType>(adaptor.getInput().getType()),
                            cast<RankedTensorType>(adaptor.getIndices().getType()), adaptor.getAxis());
  if (!type)
    return failure();
  types.push_back(type);
  return success();
}
LogicalResult GatherNdOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                           SmallVectorImpl<Type> &types) {
  auto type = inferSlices("gather_nd", loc, cast<RankedTensorType>(adaptor.getInput().getType()),
                          cast<RankedTensorType>(adaptor.getIndices().getType()), adaptor.getBatchDims());
  if (!type)
    return failure();
  types.push_back(type);
  return success();
}

static LogicalResult verifyUpdates(Operation *op, RankedTensorType updates, RankedTensorType gathered) {
  if (!gathered)
    return failure();
  // scatter_elements_c1, scatter_nd_c1
  if (updates != gathered)
    return op->emitOpError("has updates of type ") << updates << ", and its indices name " << gathered;
  return success();
}
LogicalResult ScatterElementsOp::verify() {
  return verifyUpdates(*this, getUpdates().getType(),
                       inferElements("scatter_elements", getLoc(), getType(), getIndices().getType(), getAxis()));
}
LogicalResult ScatterNdOp::verify() {
  return verifyUpdates(*this, getUpdates().getType(),
                       inferSlices("scatter_nd", getLoc(), getType(), getIndices().getType(), getBatchDims()));
}
