//===- Rearrange.cpp - shapes where channels become places ----------------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

static bool divides(int64_t divisor, int64_t size) { return divisor > 0 && size % divisor == 0; }

LogicalResult DepthToSpaceOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                               SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  int64_t block = adaptor.getBlockSize(), channels = input.getDimSize(1);
  // depth_to_space_c1
  if (!divides(block, channels) || !divides(block, channels / block))
    return emitOptionalError(loc, "'cnn.depth_to_space' cannot make squares of ", block, " by ", block, " of ", channels,
                             " channels");
  types.push_back(RankedTensorType::get(
      {input.getDimSize(0), channels / block / block, input.getDimSize(2) * block, input.getDimSize(3) * block},
      input.getElementType()));
  return success();
}

LogicalResult SpaceToDepthOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                               SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  int64_t block = adaptor.getBlockSize(), height = input.getDimSize(2), width = input.getDimSize(3);
  // space_to_depth_c1
  if (!divides(block, height) || !divides(block, width))
    return emitOptionalError(loc, "'cnn.space_to_depth' cannot cut ", height, " by ", width, " places into squares of ", block,
                             " by ", block);
  types.push_back(RankedTensorType::get({input.getDimSize(0), input.getDimSize(1) * block * block, height / block, width / block},
                                        input.getElementType()));
  return success();
}

LogicalResult ChannelShuffleOp::verify() {
  // channel_shuffle_c1
  if (!divides(getGroups(), getType().getDimSize(1)))
    return emitOpError("cannot split ") << getType().getDimSize(1) << " channels into " << static_cast<int64_t>(getGroups())
                                        << " groups";
  return success();
}

static LogicalResult inferMaxout(StringRef name, std::optional<Location> loc, RankedTensorType input, int64_t pieces,
                                 SmallVectorImpl<Type> &types) {
  // maxout_c1
  if (!divides(pieces, input.getDimSize(1)))
    return emitOptionalError(loc, "'cnn.", name, "' cannot split ", input.getDimSize(1), " channels into ", pieces,
                             " pieces each");
  SmallVector<int64_t, 4> shape(input.getShape());
  shape[1] /= pieces;
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

LogicalResult MaxoutOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  return inferMaxout("maxout", loc, cast<RankedTensorType>(adaptor.getInput().getType()), adaptor.getPieces(), types);
}

LogicalResult MaxoutGradOp::verify() {
  // maxout_grad_c1
  SmallVector<Type> types;
  if (failed(inferMaxout("maxout_grad", getLoc(), getType(), getPieces(), types)))
    return failure();
  if (types.front() != getGradient().getType())
    return emitOpError("has a gradient of ") << getGradient().getType() << ", but its layer gives " << types.front();
  return success();
}
