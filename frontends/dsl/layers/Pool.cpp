//===- Pool.cpp - pooling -------------------------------------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "frontends/dsl/layers/Windowed.h"

using namespace cnnc;
using namespace cnnc::dsl;

/// The windows of a pool, which fit; nothing after an error.
static std::optional<Windows> poolOf(LayerContext &context, const Tensor &x) {
  if (!needsSpatial(context, x))
    return std::nullopt;
  llvm::StringRef name = context.args.signature->name;
  std::optional<Windows> windows = windowsOf(context, x, /*isPool=*/true);
  for (size_t i = 0; windows && i < windows->rank(); ++i) {
    int64_t size = x.shape[2 + i], low = windows->low[i], high = windows->high[i], stride = windows->stride[i],
            dilation = windows->dilation[i], span = windows->reach(i);
    if (low > span / 2 || high > span / 2) {
      context
          .error("'" + name + "' pads by " + llvm::Twine(std::max(low, high)) + ", more than half of its window of " +
                 llvm::Twine(span))
          .help("use pad: " + llvm::Twine(span / 2) + " at the most, or a 'pad' layer before this");
      return std::nullopt;
    }
    if (span > size + low + high) {
      context
          .error("'" + name + "' window spans " + llvm::Twine(span) + " elements, but the " + dimensionName(i, windows->rank()) +
                 " is " + llvm::Twine(size) + " with padding " + llvm::Twine(low) + " and " + llvm::Twine(high))
          .note(context.cameFrom(x, "input " + x.shape.str()))
          .help("use a window of at most " + llvm::Twine((size + low + high - 1) / dilation + 1));
      return std::nullopt;
    }
    int64_t places = cnn::poolPlaces(size, windows->kernel[i], stride, dilation, low, high, windows->ceilMode);
    if (!cnn::windowsCover(size, windows->kernel[i], stride, dilation, low, places)) {
      context
          .error("'" + name + "' has a window that covers no element: the " + dimensionName(i, windows->rank()) + " is " +
                 llvm::Twine(size) + " with padding " + llvm::Twine(low) + " and " + llvm::Twine(high))
          .note(context.cameFrom(x, "input " + x.shape.str()))
          .help("use less padding or dilation");
      return std::nullopt;
    }
  }
  return windows;
}

static std::optional<Tensor> buildMaxpool(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  std::optional<Windows> windows = poolOf(context, x);
  return windows ? layered(context, builderOf(context).maxpool(x.value, *windows)) : std::nullopt;
}

static std::optional<Tensor> buildAvgpool(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  std::optional<Windows> windows = poolOf(context, x);
  return windows ? layered(context, builderOf(context).avgpool(x.value, *windows, context.flag("count_include_pad")))
                 : std::nullopt;
}

static std::optional<Tensor> buildLppool(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  std::optional<Windows> windows = poolOf(context, x);
  return windows ? layered(context, builderOf(context).lppool(x.value, *windows, context.number("p"))) : std::nullopt;
}

/// Where a pool of `like` finds the largest, each element of `x` stays; all else is 0.
static std::optional<Tensor> buildMaxunpool(LayerContext &context) {
  const Tensor &x = context.tensor("x"), &like = context.tensor("like");
  std::optional<Windows> windows = poolOf(context, like);
  if (!windows)
    return std::nullopt;
  mlir::OpBuilder &b = context.model.ops();
  Windows::Sizes sizes(like.shape.sizes()), pads = windows->pads();
  for (size_t i = 0; i < windows->rank(); ++i)
    sizes[2 + i] = cnn::poolPlaces(sizes[2 + i], windows->kernel[i], windows->stride[i], windows->dilation[i], windows->low[i],
                                   windows->high[i], windows->ceilMode);
  std::optional<CheckedShape> pooled = context.shape(sizes);
  if (!pooled)
    return std::nullopt;
  if (!(x.shape == *pooled)) {
    context.error("'maxunpool' has an input " + x.shape.str() + ", but the pool of 'like' gives " + pooled->str())
        .note(context.cameFrom(x, "the input"))
        .note(context.cameFrom(like, "'like'"))
        .help("give the windows of the pool that it undoes");
    return std::nullopt;
  }
  auto numbers = mlir::RankedTensorType::get(sizes, b.getI32Type());
  mlir::Value indices =
      cnn::MaxpoolIndicesOp::create(b, context.location(), numbers, like.value, windows->kernel, windows->stride, pads,
                                    windows->dilation, windows->ceilMode, /*column_major=*/false);
  return context.emit<cnn::MaxunpoolOp>(like.shape, x.value, indices);
}

template <typename Op> static std::optional<Tensor> buildGlobal(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!needsSpatial(context, x))
    return std::nullopt;
  return layered(context, builderOf(context).toPlace(x.value, [&](mlir::Value images) -> mlir::Value {
    mlir::RankedTensorType type = context.typeOf({x.shape[0], x.shape[1], 1, 1});
    return type ? Op::create(context.model.ops(), context.location(), type, images).getResult() : mlir::Value();
  }));
}

void dsl::addPoolLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor()), kernel("kernel", sizes(1)), stride("stride", sizes(1), Value::None()),
      pad("pad", sizes(0), 0), dilation("dilation", sizes(1), 1), ceilMode("ceil_mode", types::boolean(), false);
  table.add(
      {{"maxpool", "the largest element of each window", {x, kernel, stride, pad, dilation, ceilMode}}, false, buildMaxpool});
  table.add({{"avgpool",
              "the mean of each window",
              {x, kernel, stride, pad, {"count_include_pad", types::boolean(), true}, dilation, ceilMode}},
             false,
             buildAvgpool});
  table.add({{"lppool",
              "the root of the sum of powers of each window",
              {x, kernel, stride, pad, {"p", types::number(1), 2.0}, dilation, ceilMode}},
             false,
             buildLppool});
  table.add({{"maxunpool",
              "elements where a maxpool of `like` finds the largest, zeros elsewhere",
              {x, {"like", types::tensor()}, kernel, stride, pad, dilation, ceilMode}},
             false,
             buildMaxunpool});
  table.add({{"global_avgpool", "the mean of each channel", {x}}, false, buildGlobal<cnn::GlobalAvgpoolOp>});
  table.add({{"global_maxpool", "the largest element of each channel", {x}}, false, buildGlobal<cnn::GlobalMaxpoolOp>});
}
