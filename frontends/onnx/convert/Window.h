//===- Window.h - kernels, strides and pads of ONNX --------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERT_WINDOW_H
#define CNNC_FRONTENDS_ONNX_CONVERT_WINDOW_H

#include "frontends/Windows.h"
#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// How a window moves over the spatial dimensions of [N, C, D1, …].
struct Window : Windows {
  std::string autoPad;
};

/// Reads kernel_shape, strides, dilations, pads, auto_pad and ceil_mode. The
/// kernel may be left empty, where a weight says it. Errors are reported.
Window readWindow(Call &call);

/// Completes the window for an input of the spatial sizes: defaults, and pads
/// by auto_pad. False after an error.
bool fitWindow(Call &call, Window &window, llvm::ArrayRef<int64_t> sizes, llvm::ArrayRef<int64_t> kernel);

/// True where convolutions over volumes, one over images for each plane of the
/// kernel, are few enough; else an error.
bool hasFewPlanes(Call &call, const Window &window);

/// True for [N, C, D1, …] with one to three spatial dimensions; else an error.
bool isSpatial(Call &call, llvm::ArrayRef<int64_t> shape);

/// Builds layers with windows where the node stands.
WindowBuilder windowsOf(Call &call);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERT_WINDOW_H
