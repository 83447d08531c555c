//===- Shape.cpp - shapes of ops that move elements -----------------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/Images.h"

using namespace mlir;
using namespace cnnc::cnn;

LogicalResult ReshapeOp::verify() {
  auto hasBatch = [](RankedTensorType type) { return type.getRank() && type.isDynamicDim(0); };
  auto elements = [&](RankedTensorType type) {
    int64_t product = 1;
    for (int64_t size : type.getShape().drop_front(hasBatch(type)))
      product *= size;
    return product;
  };
  RankedTensorType input = getInput().getType(), result = getType();
  if (hasBatch(input) != hasBatch(result)) {
    // reshape_c2
    int64_t batch = fixedBatch(getOperation());
    int64_t before = elements(input) * (hasBatch(input) ? batch : 1), after = elements(result) * (hasBatch(result) ? batch : 1);
    if (batch == 0 || before != after)
      return emitOpError("turns ") << input << " into " << result << ", which is another batch";
    return success();
  }
  // reshape_c1
  if (elements(input) != elements(result))
    return emitOpError("turns ") << elements(input) << (hasBatch(input) ? " elements per example into " : " elements into ")
                                 << elements(result);
  return success();
}

/// Ops on images of channels have kernels in blocks; all others work on rows.
static FusionKind kindFor(Value tensor) {
  return isImages(cast<RankedTensorType>(tensor.getType())) ? FusionKind::Window : FusionKind::General;
}
FusionKind ConcatOp::getFusionKind() { return getAxis() == 1 ? kindFor(getResult()) : FusionKind::General; }
FusionKind PadOp::getFusionKind() { return kindFor(getResult()); }
FusionKind SliceOp::getFusionKind() { return kindFor(getResult()); }

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  // concat_c1
  if (adaptor.getInputs().empty())
    return emitOptionalError(loc, "'cnn.concat' needs at least one operand");
  auto first = cast<RankedTensorType>(adaptor.getInputs()[0].getType());
  int64_t axis = adaptor.getAxis();
  // concat_c2
  if (axis < 0 || axis >= first.getRank() || first.isDynamicDim(axis))
    return emitOptionalError(loc, "'cnn.concat' needs a dimension of ", first, " that is not the batch, got ", axis);
  SmallVector<int64_t, 4> shape(first.getShape());
  for (Value input : adaptor.getInputs().drop_front()) {
    auto type = cast<RankedTensorType>(input.getType());
    if (type.getRank() != first.getRank() || type.getShape().take_front(axis) != first.getShape().take_front(axis) ||
        type.getShape().drop_front(axis + 1) != first.getShape().drop_front(axis + 1))
      return emitOptionalError(loc, "'cnn.concat' needs equal shapes but for ", axis == 1 ? "the channels" : "its axis", ", got ",
                               first, " and ", type);
    shape[axis] += type.getDimSize(axis);
  }
  types.push_back(RankedTensorType::get(shape, first.getElementType()));
  return success();
}

LogicalResult PadOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  size_t dims = input.getRank() - 1;
  SmallVector<int64_t, 4> shape(input.getShape());
  // pad_c1
  for (ArrayRef<int64_t> sizes : {adaptor.getLow(), adaptor.getHigh(), adaptor.getInterior()})
    if (sizes.size() != dims || llvm::any_of(sizes, [](int64_t size) { return size < 0; }))
      return emitOptionalError(loc, "'cnn.pad' needs ", dims, " sizes that are not negative");
  for (size_t i = 0; i < dims; ++i)
    shape[i + 1] += adaptor.getLow()[i] + adaptor.getHigh()[i] + (shape[i + 1] - 1) * adaptor.getInterior()[i];
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

LogicalResult SliceOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  size_t dims = input.getRank() - 1;
  ArrayRef<int64_t> start = adaptor.getStart(), stop = adaptor.getStop(), step = adaptor.getStep();
  // slice_c1
  if (start.size() != dims || stop.size() != dims || step.size() != dims)
    return emitOptionalError(loc, "'cnn.slice' needs ", dims, " starts, stops and steps");
  SmallVector<int64_t, 4> shape(input.getShape());
  for (size_t i = 0; i < dims; ++i) {
    // slice_c2
    if (start[i] < 0 || start[i] >= stop[i] || stop[i] > shape[i + 1] || step[i] < 1)
      return emitOptionalError(loc, "'cnn.slice' from ", start[i], " to ", stop[i], " by ", step[i], " does not fit in ",
                               shape[i + 1], " elements");
    shape[i + 1] = (stop[i] - start[i] - 1) / step[i] + 1;
  }
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}
