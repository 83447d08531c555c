//===- ConvTranspose.cpp - transposed convolution -------------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "frontends/dsl/layers/Windowed.h"
#include "frontends/dsl/train/Initializers.h"

using namespace cnnc;
using namespace cnnc::dsl;

static std::optional<Tensor> buildConvTranspose(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!needsSpatial(context, x))
    return std::nullopt;
  int64_t channels = context.integer("channels"), groups = context.integer("groups"), inputs = x.shape[1];
  std::optional<Windows> windows = windowsOf(context, x, /*isPool=*/false);
  std::optional<Windows::Sizes> more = windows ? sizesOf(context, x, "output_padding") : std::nullopt;
  if (!more)
    return std::nullopt;
  if (inputs % groups || channels % groups) {
    context
        .error("'conv_transpose' cannot split " + llvm::Twine(inputs) + " input and " + llvm::Twine(channels) +
               " output channels into " + llvm::Twine(groups) + " groups")
        .note(context.cameFrom(x))
        .help("groups divides both");
    return std::nullopt;
  }
  for (size_t i = 0; i < windows->rank(); ++i) {
    int64_t added = (*more)[i], stride = windows->stride[i], dilation = windows->dilation[i], low = windows->low[i],
            high = windows->high[i];
    if (added >= std::max(stride, dilation)) {
      context
          .error("'conv_transpose' has an output padding of " + llvm::Twine(added) + " with a stride of " + llvm::Twine(stride) +
                 " and a dilation of " + llvm::Twine(dilation))
          .help("it is less than one of the two; a 'pad' layer behind this adds zeros");
      return std::nullopt;
    }
    if (cnn::transposedSize(x.shape[2 + i], windows->kernel[i], stride, dilation, low + high, added) < 1) {
      context
          .error("'conv_transpose' pads by " + llvm::Twine(low) + " and " + llvm::Twine(high) + ", which leaves nothing of the " +
                 dimensionName(i, windows->rank()))
          .note(context.cameFrom(x, "input " + x.shape.str()))
          .help("use less padding: it is cut off the result");
      return std::nullopt;
    }
  }
  Windows::Sizes kernelSizes{inputs, channels / groups};
  kernelSizes.append(windows->kernel);
  std::optional<CheckedShape> kernel = context.shape(kernelSizes);
  if (!kernel)
    return std::nullopt;
  // PyTorch counts the fan of the kernel as it lies.
  int64_t area = kernel->elements() / kernel->sizes()[0] / kernel->sizes()[1], fanIn = channels / groups * area;
  mlir::Value weight = context.weight("weight", kernelSizes, context.weightStart(fanIn, inputs * area));
  if (!weight)
    return std::nullopt;
  WindowBuilder builder = builderOf(context);
  mlir::Value y = builder.convTranspose(x.value, weight, /*bias=*/nullptr, *windows, *more, groups);
  if (y && context.flag("bias")) {
    mlir::Value bias = context.weight("bias", {channels}, context.biasStart(fanIn));
    y = bias ? builder.addBias(y, bias) : bias;
  }
  return layered(context, y);
}

void dsl::addConvTransposeLayers(Table<Layer> &table) {
  table.add({{"conv_transpose",
              "transposed convolution: what a convolution's gradient does to images",
              {{"x", types::tensor()},
               {"channels", types::integer(1)},
               {"kernel", sizes(1)},
               {"stride", sizes(1), 1},
               {"pad", sizes(0), 0},
               {"output_padding", sizes(0), 0},
               {"dilation", sizes(1), 1},
               {"groups", types::integer(1), 1},
               {"bias", types::boolean(), true},
               {"init", types::call(initializers()), Value::None()}}},
             /*hasParameters=*/true,
             buildConvTranspose});
}
