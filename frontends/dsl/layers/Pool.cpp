//===- Pool.cpp - pooling -------------------------------------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "frontends/dsl/layers/Layers.h"

using namespace cnnc;
using namespace cnnc::dsl;

namespace {
struct Windows {
  CheckedShape shape;
  llvm::SmallVector<int64_t, 4> kernel, stride, pad, dilation;
  bool ceilMode;
};
} // namespace

/// Checks the windows of a pool and computes its shape; nothing after an error.
static std::optional<Windows> windowsOf(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsRank(x, 4, "a 4-d tensor [N, C, H, W]"))
    return std::nullopt;
  llvm::StringRef name = context.args.signature->name;
  Windows windows{{}, context.integers("kernel"), {}, context.integers("pad"), context.integers("dilation"), context.flag("ceil_mode")};
  windows.stride = context.given("stride") ? context.integers("stride") : windows.kernel;
  int64_t sizes[] = {x.shape[0], x.shape[1], 0, 0};
  for (int axis : {0, 1}) {
    int64_t size = x.shape[2 + axis], low = windows.pad[axis], high = windows.pad[axis + 2], stride = windows.stride[axis],
            dilation = windows.dilation[axis], span = dilation * (windows.kernel[axis] - 1) + 1;
    if (low > span / 2 || high > span / 2) {
      context
          .error("'" + name + "' pads by " + llvm::Twine(std::max(low, high)) + ", more than half of its window of " + llvm::Twine(span))
          .help("use pad: " + llvm::Twine(span / 2) + " at the most, or a 'pad' layer before this");
      return std::nullopt;
    }
    if (span > size + low + high) {
      context
          .error("'" + name + "' window spans " + llvm::Twine(span) + " elements, but the " + (axis ? "width" : "height") + " is " +
                 llvm::Twine(size) + " with padding " + llvm::Twine(low) + " and " + llvm::Twine(high))
          .note(context.cameFrom(x, "input " + x.shape.str()))
          .help("use a window of at most " + llvm::Twine((size + low + high - 1) / dilation + 1));
      return std::nullopt;
    }
    sizes[2 + axis] = cnn::poolPlaces(size, windows.kernel[axis], stride, dilation, low, high, windows.ceilMode);
    if (!cnn::windowsCover(size, windows.kernel[axis], stride, dilation, low, sizes[2 + axis])) {
      context
          .error("'" + name + "' has a window that covers no element: the " + (axis ? "width" : "height") + " is " + llvm::Twine(size) +
                 " with padding " + llvm::Twine(low) + " and " + llvm::Twine(high))
          .note(context.cameFrom(x, "input " + x.shape.str()))
          .help("use less padding or dilation");
      return std::nullopt;
    }
  }
  std::optional<CheckedShape> shape = context.shape(sizes);
  if (!shape)
    return std::nullopt;
  windows.shape = *shape;
  return windows;
}

static std::optional<Tensor> buildMaxpool(LayerContext &context) {
  std::optional<Windows> windows = windowsOf(context);
  if (!windows)
    return std::nullopt;
  return context.emit<cnn::MaxpoolOp>(windows->shape, context.tensor("x").value, llvm::ArrayRef<int64_t>(windows->kernel),
                                      llvm::ArrayRef<int64_t>(windows->stride), llvm::ArrayRef<int64_t>(windows->pad),
                                      llvm::ArrayRef<int64_t>(windows->dilation), windows->ceilMode);
}

static std::optional<Tensor> buildAvgpool(LayerContext &context) {
  std::optional<Windows> windows = windowsOf(context);
  if (!windows)
    return std::nullopt;
  return context.emit<cnn::AvgpoolOp>(windows->shape, context.tensor("x").value, llvm::ArrayRef<int64_t>(windows->kernel),
                                      llvm::ArrayRef<int64_t>(windows->stride), llvm::ArrayRef<int64_t>(windows->pad),
                                      context.flag("count_include_pad"), llvm::ArrayRef<int64_t>(windows->dilation), windows->ceilMode);
}

template <typename Op> static std::optional<Tensor> buildGlobal(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsRank(x, 4, "a 4-d tensor [N, C, H, W]"))
    return std::nullopt;
  std::optional<CheckedShape> shape = context.shape({x.shape[0], x.shape[1], 1, 1});
  return shape ? context.emit<Op>(*shape, x.value) : std::nullopt;
}

void dsl::addPoolLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor()), kernel("kernel", types::pair(1)), stride("stride", types::pair(1), Value::None()),
      pad("pad", types::padding(), 0), dilation("dilation", types::pair(1), 1), ceilMode("ceil_mode", types::boolean(), false);
  table.add({{"maxpool", "the largest element of each window", {x, kernel, stride, pad, dilation, ceilMode}}, false, buildMaxpool});
  table.add({{"avgpool", "the mean of each window", {x, kernel, stride, pad, {"count_include_pad", types::boolean(), true}, dilation, ceilMode}},
             false,
             buildAvgpool});
  table.add({{"global_avgpool", "the mean of each channel", {x}}, false, buildGlobal<cnn::GlobalAvgpoolOp>});
  table.add({{"global_maxpool", "the largest element of each channel", {x}}, false, buildGlobal<cnn::GlobalMaxpoolOp>});
}
