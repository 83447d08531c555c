//===- Window.cpp - kernels, strides and pads of ONNX ---------------------===//

#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

constexpr int64_t maxExtent = int64_t(1) << 31;

Window onnx::readWindow(Call &call) {
  Window window;
  window.kernel = call.integers("kernel_shape").value_or(Shape());
  window.stride = call.integers("strides").value_or(Shape());
  window.dilation = call.integers("dilations").value_or(Shape());
  window.autoPad = call.string("auto_pad", "NOTSET");
  window.ceilMode = call.flag("ceil_mode", false);
  Shape pads = call.integers("pads").value_or(Shape());
  window.low.assign(pads.begin(), pads.begin() + pads.size() / 2);
  window.high.assign(pads.begin() + pads.size() / 2, pads.end());
  for (const Shape *list : {&window.kernel, &window.stride, &window.dilation})
    for (int64_t value : *list)
      if (value < 1 || value >= maxExtent)
        call.refuse("has " + llvm::Twine(value) + " in kernel_shape, strides or dilations",
                    "these are positive: export the model again");
  for (int64_t value : pads)
    if (value < 0 || value >= maxExtent)
      call.refuse("has " + llvm::Twine(value) + " in pads", "pads are not negative: crop with a Slice before it");
  if (window.autoPad != "NOTSET" && window.autoPad != "VALID" && window.autoPad != "SAME_UPPER" && window.autoPad != "SAME_LOWER")
    call.refuse("has auto_pad '" + window.autoPad + "'", "auto_pad is NOTSET, VALID, SAME_UPPER or SAME_LOWER");
  return window;
}

bool onnx::fitWindow(Call &call, Window &window, ArrayRef<int64_t> sizes, ArrayRef<int64_t> kernel) {
  size_t rank = sizes.size();
  if (window.kernel.empty())
    window.kernel.assign(kernel.begin(), kernel.end());
  if (window.stride.empty())
    window.stride.assign(rank, 1);
  if (window.dilation.empty())
    window.dilation.assign(rank, 1);
  if (window.low.empty() || window.autoPad != "NOTSET")
    window.low.assign(rank, 0), window.high.assign(rank, 0);
  for (const Shape *list : {&window.kernel, &window.stride, &window.dilation, &window.low, &window.high})
    if (list->size() != rank) {
      call.refuse("has " + llvm::Twine(list->size()) + " sizes in kernel_shape, strides, dilations or pads, but its input has " +
                      llvm::Twine(rank) + " spatial dimensions",
                  "export the model again");
      return false;
    }
  for (size_t i = 0; i < rank; ++i) {
    int64_t reach = window.dilation[i] * (window.kernel[i] - 1) + 1;
    if (window.autoPad.starts_with("SAME")) {
      int64_t places = (sizes[i] - 1) / window.stride[i] + 1;
      int64_t total = std::max<int64_t>((places - 1) * window.stride[i] + reach - sizes[i], 0);
      // The odd one is at the end of SAME_UPPER, at the beginning of SAME_LOWER.
      window.low[i] = window.autoPad == "SAME_UPPER" ? total / 2 : total - total / 2;
      window.high[i] = total - window.low[i];
    }
    // Whether each of them covers something is looked at one by one.
    if (window.dilation[i] > 1 && window.low[i] / window.stride[i] > int64_t(1) << 20) {
      call.refuse("has dilations and pads of " + llvm::Twine(window.low[i]), "use smaller pads");
      return false;
    }
    if (reach > sizes[i] + window.low[i] + window.high[i]) {
      call.refuse("has a window of " + llvm::Twine(reach) + ", but its input has " + llvm::Twine(sizes[i]) +
                      " elements and pads of " + llvm::Twine(window.low[i]) + " and " + llvm::Twine(window.high[i]),
                  "give the network a larger input, with --shape if its sizes are symbolic");
      return false;
    }
  }
  return true;
}

bool onnx::hasFewPlanes(Call &call, const Window &window) {
  constexpr int64_t most = 128;
  if (window.rank() < 3 || window.kernel[0] <= most)
    return true;
  call.refuse("has a kernel of " + llvm::Twine(window.kernel[0]) + " planes", "up to " + llvm::Twine(most) + " are supported");
  return false;
}

bool onnx::isSpatial(Call &call, ArrayRef<int64_t> shape) {
  if (shape.size() >= 3 && shape.size() <= 5)
    return true;
  call.refuse("works on a tensor " + text(shape), "one to three spatial dimensions are supported: [N, C, W] to [N, C, D, H, W]");
  return false;
}

WindowBuilder onnx::windowsOf(Call &call) {
  return WindowBuilder(call.conversion.builder, call.location(),
                       [&call](ArrayRef<int64_t> shape) { return call.checked(shape); });
}
