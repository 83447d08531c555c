//===- Conv.cpp - convolution ---------------------------------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "frontends/dsl/layers/Layers.h"
#include "frontends/dsl/train/Initializers.h"

using namespace cnnc;
using namespace cnnc::dsl;

static std::optional<Tensor> buildConv(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsRank(x, 4, "a 4-d tensor [N, C, H, W]"))
    return std::nullopt;
  int64_t channels = context.integer("channels"), groups = context.integer("groups"), inputs = x.shape[1];
  auto kernel = context.integers("kernel"), stride = context.integers("stride"), pad = context.integers("pad"),
       dilation = context.integers("dilation");
  if (inputs % groups || channels % groups) {
    context
        .error("'conv' cannot split " + llvm::Twine(inputs) + " input and " + llvm::Twine(channels) + " output channels into " +
               llvm::Twine(groups) + " groups")
        .note(context.cameFrom(x))
        .help("groups divides both");
    return std::nullopt;
  }
  int64_t sizes[] = {x.shape[0], channels, 0, 0};
  for (int axis : {0, 1}) {
    int64_t size = x.shape[2 + axis], span = dilation[axis] * (kernel[axis] - 1) + 1, room = size + pad[axis] + pad[axis + 2];
    if (span > room) {
      context
          .error("'conv' kernel spans " + llvm::Twine(span) + " elements, but the " + (axis ? "width" : "height") + " is " +
                 llvm::Twine(size) + " with padding " + llvm::Twine(pad[axis]) + " and " + llvm::Twine(pad[axis + 2]))
          .note(context.cameFrom(x, "input " + x.shape.str()))
          .help("use pad: " + llvm::Twine((span - size + 1) / 2) + " or a kernel of at most " +
                llvm::Twine((room - 1) / dilation[axis] + 1));
      return std::nullopt;
    }
    sizes[2 + axis] = cnn::windowPlaces(size, kernel[axis], stride[axis], dilation[axis], pad[axis], pad[axis + 2]);
  }
  std::optional<CheckedShape> shape = context.shape(sizes);
  int64_t kernelSizes[] = {channels, inputs / groups, kernel[0], kernel[1]};
  if (!shape || !context.shape(kernelSizes))
    return std::nullopt;
  int64_t area = kernel[0] * kernel[1], fanIn = inputs / groups * area;
  mlir::Value weight = context.weight("weight", kernelSizes, context.weightStart(fanIn, channels / groups * area));
  if (!weight)
    return std::nullopt;
  std::optional<Tensor> y = context.emit<cnn::ConvOp>(*shape, x.value, weight, llvm::ArrayRef<int64_t>(stride),
                                                      llvm::ArrayRef<int64_t>(pad), llvm::ArrayRef<int64_t>(dilation),
                                                      static_cast<uint64_t>(groups));
  if (!y || !context.flag("bias"))
    return y;
  mlir::Value bias = context.weight("bias", {channels}, context.biasStart(fanIn));
  return bias ? context.emit<cnn::BiasOp>(*shape, y->value, bias) : std::nullopt;
}

void dsl::addConvLayers(Table<Layer> &table) {
  table.add({{"conv",
              "convolution with `channels` kernels",
              {{"x", types::tensor()},
               {"channels", types::integer(1)},
               {"kernel", types::pair(1)},
               {"stride", types::pair(1), 1},
               {"pad", types::padding(), 0},
               {"dilation", types::pair(1), 1},
               {"groups", types::integer(1), 1},
               {"bias", types::boolean(), true},
               {"init", types::call(initializers()), Value::None()}}},
             /*hasParameters=*/true,
             buildConv});
}
