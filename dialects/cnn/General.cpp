//===- General.cpp - shapes of ops on tensors of any rank -----------------===//

#include "dialects/cnn/Cnn.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/InterleavedRange.h"

using namespace mlir;
using namespace cnnc::cnn;

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  ArrayRef<int64_t> permutation = adaptor.getPermutation();
  SmallVector<int64_t> sorted(permutation), shape;
  llvm::sort(sorted);
  // transpose_c1
  if (!llvm::equal(sorted, llvm::seq<int64_t>(input.getRank())))
    return emitOptionalError(loc, "'cnn.transpose' needs every dimension of ", input, " once, got [",
                             llvm::interleaved(permutation), "]");
  // transpose_c2
  if (input.getRank() && input.isDynamicDim(0) && permutation[0] != 0)
    return emitOptionalError(loc, "'cnn.transpose' moves the batch of ", input,
                             " to another place: compile for a fixed batch size");
  for (int64_t dimension : permutation)
    shape.push_back(input.getDimSize(dimension));
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

LogicalResult BroadcastOp::verify() {
  RankedTensorType from = getInput().getType(), to = getType();
  int64_t added = to.getRank() - from.getRank();
  // broadcast_c1
  bool fits = added >= 0;
  for (int64_t i = 0; fits && i < from.getRank(); ++i)
    fits = from.getDimSize(i) == 1 || from.getDimSize(i) == to.getDimSize(added + i);
  if (!fits)
    return emitOpError("cannot repeat ") << from << " to " << to;
  return success();
}

static LogicalResult inferReduced(StringRef name, std::optional<Location> loc, RankedTensorType input, ArrayRef<int64_t> axes,
                                  SmallVectorImpl<Type> &types) {
  SmallVector<int64_t> shape(input.getShape());
  int64_t previous = -1;
  for (int64_t axis : axes) {
    // reduce_c1
    if (axis <= previous || axis >= input.getRank())
      return emitOptionalError(loc, "'cnn.", name, "' needs ascending dimensions of ", input, ", got [", llvm::interleaved(axes),
                               "]");
    shape[axis] = 1;
    previous = axis;
  }
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}
LogicalResult ReduceSumOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  return inferReduced("reduce_sum", loc, cast<RankedTensorType>(adaptor.getInput().getType()), adaptor.getAxes(), types);
}
LogicalResult ReduceMaxOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  return inferReduced("reduce_max", loc, cast<RankedTensorType>(adaptor.getInput().getType()), adaptor.getAxes(), types);
}
LogicalResult ReduceMinOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  return inferReduced("reduce_min", loc, cast<RankedTensorType>(adaptor.getInput().getType()), adaptor.getAxes(), types);
}
LogicalResult ReduceProdOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                             SmallVectorImpl<Type> &types) {
  return inferReduced("reduce_prod", loc, cast<RankedTensorType>(adaptor.getInput().getType()), adaptor.getAxes(), types);
}

LogicalResult MatmulOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto lhs = cast<RankedTensorType>(adaptor.getLhs().getType()), rhs = cast<RankedTensorType>(adaptor.getRhs().getType());
  int64_t rank = lhs.getRank();
  // matmul_c1
  bool isShared = rhs.getRank() == 2;
  if (rank < 2 || rhs.getRank() < 2 ||
      (!isShared && (rhs.getRank() != rank || lhs.getShape().drop_back(2) != rhs.getShape().drop_back(2))))
    return emitOptionalError(loc, "'cnn.matmul' needs as many products on both sides, got ", lhs, " and ", rhs);
  // matmul_c3
  if (llvm::any_of(lhs.getShape().take_back(2), ShapedType::isDynamic) ||
      llvm::any_of(rhs.getShape().take_back(2), ShapedType::isDynamic))
    return emitOptionalError(loc, "'cnn.matmul' needs matrices without a batch dimension, got ", lhs, " and ", rhs,
                             ": reshape, or compile for a fixed batch size");
  int64_t m = lhs.getDimSize(rank - 2), k = lhs.getDimSize(rank - 1);
  if (adaptor.getTransposeLhs())
    std::swap(m, k);
  // matmul_c2
  if (k != rhs.getDimSize(rhs.getRank() - 2))
    return emitOptionalError(loc, "'cnn.matmul' sums over ", k, " elements of ", lhs, " and ", rhs.getDimSize(rhs.getRank() - 2),
                             " of ", rhs);
  SmallVector<int64_t> shape;
  if (!adaptor.getSumProducts())
    llvm::append_range(shape, lhs.getShape().drop_back(2));
  shape.append({m, rhs.getDimSize(rhs.getRank() - 1)});
  types.push_back(RankedTensorType::get(shape, lhs.getElementType()));
  return success();
}

/// 2 · m · n · k for each product of an example.
int64_t MatmulOp::getFlopsPerExample() {
  RankedTensorType lhs = getLhs().getType();
  int64_t multiplyAdds = cast<RankedTensorType>(getRhs().getType()).getShape().back();
  for (int64_t size : lhs.getShape())
    multiplyAdds *= ShapedType::isDynamic(size) ? 1 : size;
  return 2 * multiplyAdds;
}

/// The type of `input` with `indices` gathered along `axis`, or null after an error.
static RankedTensorType inferGathered(StringRef name, std::optional<Location> loc, RankedTensorType input,
                                      RankedTensorType indices, int64_t axis) {
  // gather_c1
  if (axis < 0 || axis >= input.getRank() || input.isDynamicDim(axis)) {
    (void)emitOptionalError(loc, "'cnn.", name, "' needs a dimension of ", input, " that is not the batch, got ", axis);
    return {};
  }
  // gather_c2
  bool perExample = indices.getRank() && indices.isDynamicDim(0);
  if (perExample && (axis != 0 || input.isDynamicDim(0))) {
    (void)emitOptionalError(loc, "'cnn.", name, "' has indices per example, and ", input,
                            " can only be indexed by those along dimension 0");
    return {};
  }
  SmallVector<int64_t> shape(input.getShape().take_front(axis));
  llvm::append_range(shape, indices.getShape());
  llvm::append_range(shape, input.getShape().drop_front(axis + 1));
  return RankedTensorType::get(shape, input.getElementType());
}
LogicalResult GatherOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto type = inferGathered("gather", loc, cast<RankedTensorType>(adaptor.getInput().getType()),
                            cast<RankedTensorType>(adaptor.getIndices().getType()), adaptor.getAxis());
  if (!type)
    return failure();
  types.push_back(type);
  return success();
}
LogicalResult GatherGradOp::verify() {
  auto gathered = inferGathered("gather_grad", getLoc(), getType(), getIndices().getType(), getAxis());
  if (!gathered)
    return failure();
  // gather_grad_c1
  if (gathered != getGradient().getType())
    return emitOpError("has a gradient of type ") << getGradient().getType() << ", and what is gathered has type " << gathered;
  return success();
}

static LogicalResult verifyRows(Operation *op) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  // row_softmax_c1, row_softmax_grad_c1, layernorm_c1, layernorm_grad_c1
  if (!type.getRank() || type.isDynamicDim(type.getRank() - 1))
    return op->emitOpError("needs rows of a fixed length, got ") << type;
  return success();
}
LogicalResult RowSoftmaxOp::verify() { return verifyRows(*this); }
LogicalResult RowSoftmaxGradOp::verify() { return verifyRows(*this); }
LogicalResult LayernormOp::verify() { return verifyRows(*this); }
LogicalResult LayernormGradOp::verify() { return verifyRows(*this); }
