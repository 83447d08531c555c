//===- Conv.cpp - convolution ---------------------------------------------===//

#include "frontends/dsl/layers/Windowed.h"
#include "frontends/dsl/train/Initializers.h"

using namespace cnnc;
using namespace cnnc::dsl;

static std::optional<Tensor> buildConv(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!needsSpatial(context, x))
    return std::nullopt;
  int64_t channels = context.integer("channels"), groups = context.integer("groups"), inputs = x.shape[1];
  std::optional<Windows> windows = windowsOf(context, x, /*isPool=*/false);
  if (!windows)
    return std::nullopt;
  if (inputs % groups || channels % groups) {
    context
        .error("'conv' cannot split " + llvm::Twine(inputs) + " input and " + llvm::Twine(channels) + " output channels into " +
               llvm::Twine(groups) + " groups")
        .note(context.cameFrom(x))
        .help("groups divides both");
    return std::nullopt;
  }
  for (size_t i = 0; i < windows->rank(); ++i) {
    int64_t size = x.shape[2 + i], span = windows->reach(i), low = windows->low[i], high = windows->high[i],
            room = size + low + high;
    if (span > room) {
      context
          .error("'conv' kernel spans " + llvm::Twine(span) + " elements, but the " + dimensionName(i, windows->rank()) + " is " +
                 llvm::Twine(size) + " with padding " + llvm::Twine(low) + " and " + llvm::Twine(high))
          .note(context.cameFrom(x, "input " + x.shape.str()))
          .help("use pad: " + llvm::Twine((span - size + 1) / 2) + " or a kernel of at most " +
                llvm::Twine((room - 1) / windows->dilation[i] + 1));
      return std::nullopt;
    }
  }
  Windows::Sizes kernelSizes{channels, inputs / groups};
  kernelSizes.append(windows->kernel);
  std::optional<CheckedShape> kernel = context.shape(kernelSizes);
  if (!kernel)
    return std::nullopt;
  int64_t area = kernel->elements() / kernel->sizes()[0] / kernel->sizes()[1], fanIn = inputs / groups * area;
  mlir::Value weight = context.weight("weight", kernelSizes, context.weightStart(fanIn, channels / groups * area));
  if (!weight)
    return std::nullopt;
  WindowBuilder builder = builderOf(context);
  mlir::Value y = builder.conv(x.value, weight, /*bias=*/nullptr, *windows, groups);
  if (y && context.flag("bias")) {
    mlir::Value bias = context.weight("bias", {channels}, context.biasStart(fanIn));
    y = bias ? builder.addBias(y, bias) : bias;
  }
  return layered(context, y);
}

void dsl::addConvLayers(Table<Layer> &table) {
  table.add({{"conv",
              "convolution with `channels` kernels",
              {{"x", types::tensor()},
               {"channels", types::integer(1)},
               {"kernel", sizes(1)},
               {"stride", sizes(1), 1},
               {"pad", sizes(0), 0},
               {"dilation", sizes(1), 1},
               {"groups", types::integer(1), 1},
               {"bias", types::boolean(), true},
               {"init", types::call(initializers()), Value::None()}}},
             /*hasParameters=*/true,
             buildConv});
}
