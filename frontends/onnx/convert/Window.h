//===- Window.h - kernels, strides and pads of ONNX --------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERT_WINDOW_H
#define CNNC_FRONTENDS_ONNX_CONVERT_WINDOW_H

#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// How a window moves over the spatial dimensions of [N, C, D1, …].
struct Window {
  Shape kernel, stride, dilation, low, high;
  std::string autoPad;
  bool ceil = false;

  size_t rank() const { return kernel.size(); }
  /// stride, dilation, pads [top, left, bottom, right] as the cnn dialect has
  /// them; one spatial dimension is taken for the width.
  Shape pads() const;
};

/// Reads kernel_shape, strides, dilations, pads, auto_pad and ceil_mode. The
/// kernel may be left empty, where a weight says it. Errors are reported.
Window readWindow(Call &call);

/// Completes the window for an input of the spatial sizes: defaults, and pads
/// by auto_pad. False after an error.
bool fitWindow(Call &call, Window &window, llvm::ArrayRef<int64_t> sizes, llvm::ArrayRef<int64_t> kernel);

/// The sizes of the result: rounded up with `ceil`, but for windows that start
/// in the padding at the end.
Shape placesOf(const Window &window, llvm::ArrayRef<int64_t> sizes);

/// Makes [N, C, W] into [N, C, 1, W], and the window with it; false after an
/// error, where there are neither one nor two spatial dimensions.
bool asImages(Call &call, mlir::Value &input, Window *window);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERT_WINDOW_H
