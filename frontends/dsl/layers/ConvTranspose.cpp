//===- ConvTranspose.cpp - transposed convolution -------------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "frontends/dsl/layers/Layers.h"
#include "frontends/dsl/train/Initializers.h"

using namespace cnnc;
using namespace cnnc::dsl;
using Sizes = llvm::SmallVector<int64_t, 4>;

/// Zeros behind the last rows and columns of `x`.
static std::optional<Tensor> padBehind(LayerContext &context, const Tensor &x, int64_t rows, int64_t columns) {
  std::optional<CheckedShape> shape = context.shape({x.shape[0], x.shape[1], x.shape[2] + rows, x.shape[3] + columns});
  int64_t zeros[] = {0, 0, 0}, high[] = {0, rows, columns};
  return shape ? context.emit<cnn::PadOp>(*shape, x.value, zeros, high, zeros, llvm::APFloat(0.0)) : std::nullopt;
}

static std::optional<Tensor> buildConvTranspose(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsRank(x, 4, "a 4-d tensor [N, C, H, W]"))
    return std::nullopt;
  int64_t channels = context.integer("channels"), groups = context.integer("groups"), inputs = x.shape[1];
  Sizes kernel = context.integers("kernel"), stride = context.integers("stride"), pad = context.integers("pad"),
        more = context.integers("output_padding"), dilation = context.integers("dilation"), behind = {0, 0};
  if (inputs % groups || channels % groups) {
    context
        .error("'conv_transpose' cannot split " + llvm::Twine(inputs) + " input and " + llvm::Twine(channels) + " output channels into " +
               llvm::Twine(groups) + " groups")
        .note(context.cameFrom(x))
        .help("groups divides both");
    return std::nullopt;
  }
  Sizes sizes{x.shape[0], channels};
  for (int axis : {0, 1}) {
    if (more[axis] >= std::max(stride[axis], dilation[axis])) {
      context
          .error("'conv_transpose' has an output padding of " + llvm::Twine(more[axis]) + " with a stride of " + llvm::Twine(stride[axis]) +
                 " and a dilation of " + llvm::Twine(dilation[axis]))
          .help("it is less than one of the two; a 'pad' layer behind this adds zeros");
      return std::nullopt;
    }
    // What no window reaches is zero: less padding cut off first, then a pad.
    int64_t uncut = std::min(std::max<int64_t>(0, more[axis] - stride[axis] + 1), pad[axis + 2]);
    pad[axis + 2] -= uncut;
    more[axis] -= uncut;
    behind[axis] = std::max<int64_t>(0, more[axis] - stride[axis] + 1);
    more[axis] -= behind[axis];
    int64_t size = cnn::transposedSize(x.shape[2 + axis], kernel[axis], stride[axis], dilation[axis], pad[axis] + pad[axis + 2], more[axis]);
    if (size < 1) {
      context
          .error("'conv_transpose' pads by " + llvm::Twine(pad[axis]) + " and " + llvm::Twine(pad[axis + 2]) + ", which leaves nothing of the " +
                 (axis ? "width" : "height"))
          .note(context.cameFrom(x, "input " + x.shape.str()))
          .help("use less padding: it is cut off the result");
      return std::nullopt;
    }
    sizes.push_back(size);
  }
  std::optional<CheckedShape> shape = context.shape(sizes);
  int64_t kernelSizes[] = {inputs, channels / groups, kernel[0], kernel[1]};
  if (!shape || !context.shape(kernelSizes))
    return std::nullopt;
  // PyTorch counts the fan of the kernel as it lies.
  int64_t area = kernel[0] * kernel[1], fanIn = channels / groups * area;
  mlir::Value weight = context.weight("weight", kernelSizes, context.weightStart(fanIn, inputs * area));
  if (!weight)
    return std::nullopt;
  auto y = context.emit<cnn::ConvTransposeOp>(*shape, x.value, weight, llvm::ArrayRef<int64_t>(stride), llvm::ArrayRef<int64_t>(pad),
                                              llvm::ArrayRef<int64_t>(more), llvm::ArrayRef<int64_t>(dilation),
                                              static_cast<uint64_t>(groups));
  if (y && (behind[0] || behind[1]))
    y = padBehind(context, *y, behind[0], behind[1]);
  if (!y || !context.flag("bias"))
    return y;
  mlir::Value bias = context.weight("bias", {channels}, context.biasStart(fanIn));
  return bias ? context.emit<cnn::BiasOp>(y->shape, y->value, bias) : std::nullopt;
}

void dsl::addConvTransposeLayers(Table<Layer> &table) {
  table.add({{"conv_transpose",
              "transposed convolution: what a convolution's gradient does to images",
              {{"x", types::tensor()},
               {"channels", types::integer(1)},
               {"kernel", types::pair(1)},
               {"stride", types::pair(1), 1},
               {"pad", types::padding(), 0},
               {"output_padding", types::pair(0), 0},
               {"dilation", types::pair(1), 1},
               {"groups", types::integer(1), 1},
               {"bias", types::boolean(), true},
               {"init", types::call(initializers()), Value::None()}}},
             /*hasParameters=*/true,
             buildConvTranspose});
}
