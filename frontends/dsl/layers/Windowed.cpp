//===- Windowed.cpp - layers over one to three dimensions -----------------===//

#include "frontends/dsl/layers/Windowed.h"

using namespace cnnc;
using namespace cnnc::dsl;
using Sizes = Windows::Sizes;

bool dsl::needsSpatial(LayerContext &context, const Tensor &tensor) {
  size_t rank = tensor.shape.rank();
  return (rank >= 3 && rank <= 5) || context.needsRank(tensor, 4, "a tensor [N, C, L], [N, C, H, W] or [N, C, D, H, W]");
}

bool dsl::needsPlaces(LayerContext &context, const Tensor &tensor) {
  size_t rank = tensor.shape.rank();
  return (rank >= 2 && rank <= 5) ||
         context.needsRank(tensor, 4, "a tensor [N, features] or [N, C, …] with at most three dimensions behind the channels");
}

llvm::StringRef dsl::dimensionName(size_t i, size_t rank) {
  static constexpr llvm::StringLiteral names[] = {"depth", "height", "width"};
  return rank == 1 ? "length" : names[3 - rank + i].data();
}

std::optional<Sizes> dsl::sizesOf(LayerContext &context, const Tensor &x, llvm::StringRef name, bool both) {
  size_t rank = x.shape.rank() - 2, wanted = both ? 2 * rank : rank;
  Sizes sizes(context.integers(name));
  size_t given = sizes.size();
  if (given != 1 && given != rank && given != wanted) {
    context
        .error("'" + context.args.signature->name + "' has " + llvm::Twine(given) + " sizes in '" + name + "' for " +
               llvm::Twine(rank) + " spatial dimensions")
        .note(context.cameFrom(x, "input " + x.shape.str()))
        .help(both ? "give one, one per dimension, or all at the beginning, then all at the end"
                   : "give one, or one per dimension");
    return std::nullopt;
  }
  for (size_t i = given; i < wanted; ++i)
    sizes.push_back(sizes[i - given]);
  return sizes;
}

std::optional<Windows> dsl::windowsOf(LayerContext &context, const Tensor &x, bool isPool) {
  std::optional<Sizes> kernel = sizesOf(context, x, "kernel"), pad = kernel ? sizesOf(context, x, "pad", /*both=*/true) : kernel,
                       dilation = pad ? sizesOf(context, x, "dilation") : pad,
                       stride = !dilation                 ? dilation
                                : context.given("stride") ? sizesOf(context, x, "stride")
                                                          : kernel;
  if (!stride)
    return std::nullopt;
  size_t rank = kernel->size();
  llvm::ArrayRef<int64_t> pads(*pad);
  return Windows{*kernel,
                 *stride,
                 *dilation,
                 Sizes(pads.take_front(rank)),
                 Sizes(pads.drop_front(rank)),
                 isPool && context.flag("ceil_mode")};
}

WindowBuilder dsl::builderOf(LayerContext &context) {
  return WindowBuilder(context.model.ops(), context.location(),
                       [&context](llvm::ArrayRef<int64_t> sizes) { return context.typeOf(sizes); });
}

std::optional<Tensor> dsl::layered(LayerContext &context, mlir::Value value) {
  if (!value)
    return std::nullopt;
  std::optional<CheckedShape> shape = context.shape(llvm::cast<mlir::RankedTensorType>(value.getType()).getShape());
  return shape ? std::optional(context.take(value, *shape)) : std::nullopt;
}

std::optional<Tensor> dsl::onImages(LayerContext &context, const Tensor &x, llvm::function_ref<mlir::Value(mlir::Value)> op) {
  return layered(context, builderOf(context).onImages(x.value, op));
}
