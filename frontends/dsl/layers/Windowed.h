//===- Windowed.h - layers over one to three dimensions ----------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_LAYERS_WINDOWED_H
#define CNNC_FRONTENDS_DSL_LAYERS_WINDOWED_H

#include "frontends/Windows.h"
#include "frontends/dsl/layers/Layers.h"

namespace cnnc::dsl {

/// Checks that `tensor` is [N, C, L], [N, C, H, W] or [N, C, D, H, W].
bool needsSpatial(LayerContext &context, const Tensor &tensor);
/// Checks that `tensor` has channels and at most three dimensions behind them.
bool needsPlaces(LayerContext &context, const Tensor &tensor);

/// The argument `name`, which is one integer or one for each spatial dimension of `x`; with `both` that many for each
/// end, or two at once. Nothing after an error.
std::optional<Windows::Sizes> sizesOf(LayerContext &context, const Tensor &x, llvm::StringRef name, bool both = false);
/// The arguments kernel, stride, dilation and pad, and ceil_mode with `isPool`; nothing after an error.
std::optional<Windows> windowsOf(LayerContext &context, const Tensor &x, bool isPool);
/// "height": spatial dimension `i` of `rank`.
llvm::StringRef dimensionName(size_t i, size_t rank);

/// Builds ops at the call.
WindowBuilder builderOf(LayerContext &context);
/// What was built, as the layer's result; nothing for null.
std::optional<Tensor> layered(LayerContext &context, mlir::Value value);
/// `op` of all places of each channel as an image.
std::optional<Tensor> onImages(LayerContext &context, const Tensor &x, llvm::function_ref<mlir::Value(mlir::Value)> op);

/// Where windows get no parameters: kernel, stride, pad, dilation as a signature has them.
inline ArgumentType sizes(double min) { return {ArgumentType::Kind::Sizes, min, types::maxSize}; }

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_LAYERS_WINDOWED_H
