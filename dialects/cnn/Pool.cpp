//===- Pool.cpp - shapes of pooling ---------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/ShapeMath.h"

using namespace mlir;
using namespace cnnc::cnn;

/// The type of a pooling; `name` is that of the op that is checked.
template <typename Attributes>
static LogicalResult inferPool(StringRef name, std::optional<Location> loc, RankedTensorType input, Attributes op,
                               SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> kernel = op.getKernel(), stride = op.getStride(), dilation = op.getDilation(), pad = op.getPad();
  auto isPositive = [](int64_t size) { return size > 0; };
  // maxpool_c1
  if (kernel.size() != 2 || stride.size() != 2 || dilation.size() != 2 || pad.size() != 4 || !llvm::all_of(kernel, isPositive) ||
      !llvm::all_of(stride, isPositive) || !llvm::all_of(dilation, isPositive) ||
      llvm::any_of(pad, [](int64_t p) { return p < 0; }))
    return emitOptionalError(loc, "'cnn.", name,
                             "' needs two positive kernel sizes, strides and dilations and four pads that are not negative");
  SmallVector<int64_t, 4> shape{input.getDimSize(0), input.getDimSize(1)};
  for (int i : {0, 1}) {
    int64_t size = input.getDimSize(2 + i),
            places = poolPlaces(size, kernel[i], stride[i], dilation[i], pad[i], pad[i + 2], op.getCeilMode());
    // maxpool_c3
    if (places < 1)
      return emitOptionalError(loc, "'cnn.", name, "' kernel spans ", dilation[i] * (kernel[i] - 1) + 1,
                               " elements and does not fit in the padded input of ", size + pad[i] + pad[i + 2]);
    // maxpool_c2
    if (!windowsCover(size, kernel[i], stride[i], dilation[i], pad[i], places))
      return emitOptionalError(loc, "'cnn.", name, "' pads ", size, " elements by ", pad[i], " and ", pad[i + 2],
                               ", so that a window of ", kernel[i], " covers none of them: pad by less");
    shape.push_back(places);
  }
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

LogicalResult MaxpoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  return inferPool("maxpool", loc, cast<RankedTensorType>(adaptor.getInput().getType()), adaptor, types);
}
LogicalResult AvgpoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  return inferPool("avgpool", loc, cast<RankedTensorType>(adaptor.getInput().getType()), adaptor, types);
}

template <typename OpTy> static int64_t poolFlops(OpTy op) {
  RankedTensorType type = op.getType();
  return type.getDimSize(1) * type.getDimSize(2) * type.getDimSize(3) * op.getKernel()[0] * op.getKernel()[1];
}
int64_t MaxpoolOp::getFlopsPerExample() { return poolFlops(*this); }
int64_t AvgpoolOp::getFlopsPerExample() { return poolFlops(*this); }

static LogicalResult inferGlobalPool(Type input, SmallVectorImpl<Type> &types) {
  auto images = cast<RankedTensorType>(input);
  types.push_back(RankedTensorType::get({images.getDimSize(0), images.getDimSize(1), 1, 1}, images.getElementType()));
  return success();
}
LogicalResult GlobalAvgpoolOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor adaptor,
                                                SmallVectorImpl<Type> &types) {
  return inferGlobalPool(adaptor.getInput().getType(), types);
}
LogicalResult GlobalMaxpoolOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor adaptor,
                                                SmallVectorImpl<Type> &types) {
  return inferGlobalPool(adaptor.getInput().getType(), types);
}

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

/// Checks that `gradient` has the type of the pooling's result.
static LogicalResult verifyGradientType(Operation *op, Type wanted, Type gradient) {
  if (gradient == wanted)
    return success();
  return op->emitOpError("has a gradient of ") << gradient << ", but its layer gives " << wanted;
}

template <typename OpTy> static LogicalResult verifyPoolGrad(OpTy op) {
  SmallVector<Type> types;
  StringRef name = op->getName().stripDialect();
  if (failed(inferPool(name, op.getLoc(), op.getType(), op, types)))
    return failure();
  return verifyGradientType(op, types.front(), op.getGradient().getType());
}
LogicalResult MaxpoolGradOp::verify() { return verifyPoolGrad(*this); } // maxpool_grad_c1
LogicalResult AvgpoolGradOp::verify() { return verifyPoolGrad(*this); } // avgpool_grad_c1

template <typename OpTy> static LogicalResult verifyGlobalPoolGrad(OpTy op) {
  SmallVector<Type> types;
  return success(succeeded(inferGlobalPool(op.getType(), types)) &&
                 succeeded(verifyGradientType(op, types.front(), op.getGradient().getType())));
}
LogicalResult GlobalAvgpoolGradOp::verify() { return verifyGlobalPoolGrad(*this); } // global_avgpool_grad_c1
LogicalResult GlobalMaxpoolGradOp::verify() { return verifyGlobalPoolGrad(*this); } // global_maxpool_grad_c1
