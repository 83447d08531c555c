//===- Contraction.cpp - convolution and dense ----------------------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/ShapeMath.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace cnnc::cnn;

//===----------------------------------------------------------------------===//
// conv
//===----------------------------------------------------------------------===//

LogicalResult ConvOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  auto kernel = cast<RankedTensorType>(adaptor.getKernel().getType());
  ArrayRef<int64_t> stride = adaptor.getStride(), pad = adaptor.getPad(), dilation = adaptor.getDilation();
  int64_t groups = adaptor.getGroups();
  // conv_c1
  if (stride.size() != 2 || dilation.size() != 2 || pad.size() != 4 || llvm::any_of(stride, [](int64_t s) { return s < 1; }) ||
      llvm::any_of(dilation, [](int64_t d) { return d < 1; }) || llvm::any_of(pad, [](int64_t p) { return p < 0; }))
    return emitOptionalError(loc, "'cnn.conv' needs two positive strides and dilations and four pads that are not negative");
  int64_t channels = input.getDimSize(1), kernels = kernel.getDimSize(0);
  // conv_c2
  if (groups < 1 || channels % groups || kernels % groups)
    return emitOptionalError(loc, "'cnn.conv' has ", groups, " groups, which do not divide ", channels, " input channels and ",
                             kernels, " output channels");
  // conv_c3
  if (kernel.getDimSize(1) * groups != channels)
    return emitOptionalError(loc, "'cnn.conv' kernel expects ", kernel.getDimSize(1) * groups, " input channels, but the input has ",
                             channels);
  SmallVector<int64_t, 4> shape{input.getDimSize(0), kernels};
  for (int i : {0, 1}) {
    int64_t size = windowPlaces(input.getDimSize(2 + i), kernel.getDimSize(2 + i), stride[i], dilation[i], pad[i], pad[i + 2]);
    // conv_c4
    if (size < 1)
      return emitOptionalError(loc, "'cnn.conv' kernel spans ", dilation[i] * (kernel.getDimSize(2 + i) - 1) + 1,
                               " elements, but the padded input has ", input.getDimSize(2 + i) + pad[i] + pad[i + 2]);
    shape.push_back(size);
  }
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

/// Two per multiply-add; `images` has the output's shape, `kernel` [K, C/G, R, S].
static int64_t convFlops(RankedTensorType images, RankedTensorType kernel) {
  return 2 * images.getDimSize(2) * images.getDimSize(3) * kernel.getNumElements();
}
int64_t ConvOp::getFlopsPerExample() { return convFlops(getType(), getKernel().getType()); }
int64_t ConvInputGradOp::getFlopsPerExample() { return convFlops(getGradient().getType(), getKernel().getType()); }
int64_t ConvKernelGradOp::getFlopsPerExample() { return convFlops(getGradient().getType(), getType()); }

/// What a window over `x` reads beyond it: its padding.
static std::array<int64_t, 4> padReach(ArrayRef<int64_t> pad) { return {pad[0], pad[1], pad[2], pad[3]}; }

std::array<int64_t, 4> ConvOp::getReach(unsigned operand) {
  return operand == 0 ? padReach(getPad()) : std::array<int64_t, 4>{};
}

std::array<int64_t, 4> ConvKernelGradOp::getReach(unsigned operand) {
  return operand == 0 ? padReach(getPad()) : std::array<int64_t, 4>{};
}

std::array<int64_t, 4> ConvInputGradOp::getReach(unsigned operand) {
  std::array<int64_t, 4> reach{};
  if (operand != 0)
    return reach;
  // dx[y] reads dy[(y + pad - r · dilation) / stride].
  for (int i : {0, 1}) {
    int64_t stride = getStride()[i], span = getDilation()[i] * (getKernel().getType().getDimSize(2 + i) - 1);
    int64_t first = llvm::divideFloorSigned(getPad()[i] - span, stride);
    int64_t last = (getType().getDimSize(2 + i) - 1 + getPad()[i]) / stride;
    reach[i] = std::max<int64_t>(0, -first);
    reach[i + 2] = std::max<int64_t>(0, last - (getGradient().getType().getDimSize(2 + i) - 1));
  }
  return reach;
}

//===----------------------------------------------------------------------===//
// dense
//===----------------------------------------------------------------------===//

LogicalResult DenseOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  auto kernel = cast<RankedTensorType>(adaptor.getKernel().getType());
  // dense_c1
  if (kernel.getDimSize(1) != input.getDimSize(1))
    return emitOptionalError(loc, "'cnn.dense' kernel expects ", kernel.getDimSize(1), " features, but the input has ",
                             input.getDimSize(1));
  types.push_back(RankedTensorType::get({input.getDimSize(0), kernel.getDimSize(0)}, input.getElementType()));
  return success();
}

int64_t DenseOp::getFlopsPerExample() { return 2 * getKernel().getType().getNumElements(); }
int64_t DenseInputGradOp::getFlopsPerExample() { return 2 * getKernel().getType().getNumElements(); }
int64_t DenseKernelGradOp::getFlopsPerExample() { return 2 * getType().getNumElements(); }
