//===- Pool.cpp - shapes of pooling ---------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/ShapeMath.h"

using namespace mlir;
using namespace cnnc::cnn;

/// The type of a pooling; `name` is that of the op that is checked.
static LogicalResult inferPool(StringRef name, std::optional<Location> loc, RankedTensorType input, ArrayRef<int64_t> kernel,
                               ArrayRef<int64_t> stride, ArrayRef<int64_t> pad, SmallVectorImpl<Type> &types) {
  // maxpool_c1
  if (kernel.size() != 2 || stride.size() != 2 || pad.size() != 4 || llvm::any_of(kernel, [](int64_t k) { return k < 1; }) ||
      llvm::any_of(stride, [](int64_t s) { return s < 1; }) || llvm::any_of(pad, [](int64_t p) { return p < 0; }))
    return emitOptionalError(loc, "'cnn.", name, "' needs two positive kernel sizes and strides and four pads that are not negative");
  SmallVector<int64_t, 4> shape{input.getDimSize(0), input.getDimSize(1)};
  for (int i : {0, 1}) {
    // maxpool_c2
    if (2 * pad[i] > kernel[i] || 2 * pad[i + 2] > kernel[i])
      return emitOptionalError(loc, "'cnn.", name, "' pads by ", std::max(pad[i], pad[i + 2]), ", more than half of its kernel of ",
                               kernel[i]);
    int64_t size = windowPlaces(input.getDimSize(2 + i), kernel[i], stride[i], 1, pad[i], pad[i + 2]);
    // maxpool_c3
    if (size < 1)
      return emitOptionalError(loc, "'cnn.", name, "' kernel of ", kernel[i], " does not fit in the padded input of ",
                               input.getDimSize(2 + i) + pad[i] + pad[i + 2]);
    shape.push_back(size);
  }
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

LogicalResult MaxpoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  return inferPool("maxpool", loc, cast<RankedTensorType>(adaptor.getInput().getType()), adaptor.getKernel(),
                   adaptor.getStride(), adaptor.getPad(), types);
}
LogicalResult AvgpoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  return inferPool("avgpool", loc, cast<RankedTensorType>(adaptor.getInput().getType()), adaptor.getKernel(),
                   adaptor.getStride(), adaptor.getPad(), types);
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
  if (failed(inferPool(name, op.getLoc(), op.getType(), op.getKernel(), op.getStride(), op.getPad(), types)))
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
