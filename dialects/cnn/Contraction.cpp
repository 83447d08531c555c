//===- Contraction.cpp - convolution and dense ----------------------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/ShapeMath.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace cnnc::cnn;

//===----------------------------------------------------------------------===//
// conv
//===----------------------------------------------------------------------===//

/// The shape of a convolution; `name` is that of the op that is checked.
static LogicalResult inferConv(StringRef name, std::optional<Location> loc, RankedTensorType input, RankedTensorType kernel,
                               ArrayRef<int64_t> stride, ArrayRef<int64_t> pad, ArrayRef<int64_t> dilation, int64_t groups,
                               SmallVectorImpl<int64_t> &shape) {
  // conv_c1
  if (stride.size() != 2 || dilation.size() != 2 || pad.size() != 4 || llvm::any_of(stride, [](int64_t s) { return s < 1; }) ||
      llvm::any_of(dilation, [](int64_t d) { return d < 1; }) || llvm::any_of(pad, [](int64_t p) { return p < 0; }))
    return emitOptionalError(loc, "'", name, "' needs two positive strides and dilations and four pads that are not negative");
  int64_t channels = input.getDimSize(1), kernels = kernel.getDimSize(0);
  // conv_c2
  if (groups < 1 || channels % groups || kernels % groups)
    return emitOptionalError(loc, "'", name, "' has ", groups, " groups, which do not divide ", channels, " input channels and ",
                             kernels, " output channels");
  // conv_c3
  if (kernel.getDimSize(1) * groups != channels)
    return emitOptionalError(loc, "'", name, "' kernel expects ", kernel.getDimSize(1) * groups,
                             " input channels, but the input has ", channels);
  shape.assign({input.getDimSize(0), kernels});
  for (int i : {0, 1}) {
    int64_t size = windowPlaces(input.getDimSize(2 + i), kernel.getDimSize(2 + i), stride[i], dilation[i], pad[i], pad[i + 2]);
    // conv_c4
    if (size < 1)
      return emitOptionalError(loc, "'", name, "' kernel spans ", dilation[i] * (kernel.getDimSize(2 + i) - 1) + 1,
                               " elements, but the padded input has ", input.getDimSize(2 + i) + pad[i] + pad[i + 2]);
    shape.push_back(size);
  }
  return success();
}

LogicalResult ConvOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  SmallVector<int64_t, 4> shape;
  if (failed(inferConv("cnn.conv", loc, input, cast<RankedTensorType>(adaptor.getKernel().getType()), adaptor.getStride(),
                       adaptor.getPad(), adaptor.getDilation(), adaptor.getGroups(), shape)))
    return failure();
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

/// Checks that the layer whose gradient `op` is has a result of `gradient`'s shape.
static LogicalResult verifyGradientShape(Operation *op, ArrayRef<int64_t> wanted, RankedTensorType gradient) {
  if (gradient.getShape() == wanted)
    return success();
  return op->emitOpError("has a gradient of ")
         << gradient << ", but its layer gives " << RankedTensorType::get(wanted, gradient.getElementType());
}

template <typename OpTy> static LogicalResult verifyConvGrad(OpTy op, RankedTensorType input, RankedTensorType kernel) {
  SmallVector<int64_t, 4> shape;
  if (failed(inferConv(op->getName().getStringRef(), op.getLoc(), input, kernel, op.getStride(), op.getPad(), op.getDilation(),
                       op.getGroups(), shape)))
    return failure();
  return verifyGradientShape(op, shape, op.getGradient().getType());
}
LogicalResult ConvInputGradOp::verify() { return verifyConvGrad(*this, getType(), getKernel().getType()); } // conv_input_grad_c1
LogicalResult ConvKernelGradOp::verify() { return verifyConvGrad(*this, getInput().getType(), getType()); } // conv_kernel_grad_c1

/// Two per multiply-add; `images` has the output's shape, `kernel` [K, C/G, R, S].
static int64_t convFlops(RankedTensorType images, RankedTensorType kernel) {
  return 2 * images.getDimSize(2) * images.getDimSize(3) * kernel.getNumElements();
}
int64_t ConvOp::getFlopsPerExample() { return convFlops(getType(), getKernel().getType()); }
int64_t ConvInputGradOp::getFlopsPerExample() { return convFlops(getGradient().getType(), getKernel().getType()); }
int64_t ConvKernelGradOp::getFlopsPerExample() { return convFlops(getGradient().getType(), getType()); }

/// What a window over `x` reads beyond it: its padding.
static std::array<int64_t, 4> padReach(ArrayRef<int64_t> pad) { return {pad[0], pad[1], pad[2], pad[3]}; }

std::array<int64_t, 4> ConvOp::getReach(unsigned operand) { return operand == 0 ? padReach(getPad()) : std::array<int64_t, 4>{}; }

std::array<int64_t, 4> ConvKernelGradOp::getReach(unsigned operand) {
  return operand == 0 ? padReach(getPad()) : std::array<int64_t, 4>{};
}

/// What the gradient of a convolution by its input, or a transposed
/// convolution, reads beyond the edges of `gradient`.
template <typename OpTy> static std::array<int64_t, 4> transposedReach(OpTy op, RankedTensorType gradient) {
  std::array<int64_t, 4> reach{};
  // dx[y] reads dy[(y + pad - r · dilation) / stride].
  for (int i : {0, 1}) {
    int64_t stride = op.getStride()[i], span = op.getDilation()[i] * (op.getKernel().getType().getDimSize(2 + i) - 1);
    int64_t first = llvm::divideFloorSigned(op.getPad()[i] - span, stride);
    int64_t last = (op.getType().getDimSize(2 + i) - 1 + op.getPad()[i]) / stride;
    reach[i] = std::max<int64_t>(0, -first);
    reach[i + 2] = std::max<int64_t>(0, last - (gradient.getDimSize(2 + i) - 1));
  }
  return reach;
}

std::array<int64_t, 4> ConvInputGradOp::getReach(unsigned operand) {
  return operand == 0 ? transposedReach(*this, getGradient().getType()) : std::array<int64_t, 4>{};
}

//===----------------------------------------------------------------------===//
// conv_transpose
//===----------------------------------------------------------------------===//

LogicalResult ConvTransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType()),
       kernel = cast<RankedTensorType>(adaptor.getKernel().getType());
  ArrayRef<int64_t> stride = adaptor.getStride(), dilation = adaptor.getDilation(), pad = adaptor.getPad(),
                    more = adaptor.getOutputPadding();
  auto isNegative = [](int64_t size) { return size < 0; };
  // conv_transpose_c1
  if (stride.size() != 2 || dilation.size() != 2 || pad.size() != 4 || more.size() != 2 ||
      llvm::any_of(stride, [](int64_t s) { return s < 1; }) || llvm::any_of(dilation, [](int64_t d) { return d < 1; }) ||
      llvm::any_of(pad, isNegative) || llvm::any_of(more, isNegative))
    return emitOptionalError(
        loc, "'cnn.conv_transpose' needs two positive strides and dilations, four pads and two output paddings that "
             "are not negative");
  int64_t channels = input.getDimSize(1), kernels = kernel.getDimSize(0), groups = adaptor.getGroups();
  // conv_transpose_c2
  if (kernels != channels)
    return emitOptionalError(loc, "'cnn.conv_transpose' kernel expects ", kernels, " input channels, but the input has ",
                             channels);
  if (groups < 1 || channels % groups)
    return emitOptionalError(loc, "'cnn.conv_transpose' has ", groups, " groups, which do not divide ", channels,
                             " input channels");
  SmallVector<int64_t, 4> shape{input.getDimSize(0), kernel.getDimSize(1) * groups};
  for (int i : {0, 1}) {
    // conv_transpose_c3
    if (more[i] >= stride[i])
      return emitOptionalError(loc, "'cnn.conv_transpose' has an output padding of ", more[i], " with a stride of ", stride[i],
                               ", which leaves zeros: use a pad for them");
    int64_t size =
        transposedSize(input.getDimSize(2 + i), kernel.getDimSize(2 + i), stride[i], dilation[i], pad[i] + pad[i + 2], more[i]);
    // conv_transpose_c4
    if (size < 1)
      return emitOptionalError(loc, "'cnn.conv_transpose' pads by ", pad[i], " and ", pad[i + 2], ", which leaves ", size,
                               " elements");
    shape.push_back(size);
  }
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

int64_t ConvTransposeOp::getFlopsPerExample() { return convFlops(getInput().getType(), getKernel().getType()); }

std::array<int64_t, 4> ConvTransposeOp::getReach(unsigned operand) {
  return operand == 0 ? transposedReach(*this, getInput().getType()) : std::array<int64_t, 4>{};
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

static LogicalResult verifyDenseGrad(Operation *op, RankedTensorType input, RankedTensorType kernel, RankedTensorType gradient) {
  if (kernel.getDimSize(1) != input.getDimSize(1))
    return op->emitOpError("kernel expects ") << kernel.getDimSize(1) << " features, but the input has " << input.getDimSize(1);
  return verifyGradientShape(op, {input.getDimSize(0), kernel.getDimSize(0)}, gradient);
}
LogicalResult DenseInputGradOp::verify() { // dense_input_grad_c1
  return verifyDenseGrad(*this, getType(), getKernel().getType(), getGradient().getType());
}
LogicalResult DenseKernelGradOp::verify() { // dense_kernel_grad_c1
  return verifyDenseGrad(*this, getInput().getType(), getType(), getGradient().getType());
}

int64_t DenseOp::getFlopsPerExample() { return 2 * getKernel().getType().getNumElements(); }
int64_t DenseInputGradOp::getFlopsPerExample() { return 2 * getKernel().getType().getNumElements(); }
int64_t DenseKernelGradOp::getFlopsPerExample() { return 2 * getType().getNumElements(); }
