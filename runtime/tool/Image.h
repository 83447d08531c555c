/// \file An image of float planes, and resizing.
#ifndef RUNTIME_TOOL_IMAGE_H
#define RUNTIME_TOOL_IMAGE_H

#include <cstddef>
#include <vector>

namespace cnnc {

/// Planes [channels, height, width].
struct Image {
  size_t channels = 0, height = 0, width = 0;
  std::vector<float> values;

  Image() = default;
  Image(size_t channels, size_t height, size_t width)
      : channels(channels), height(height), width(width), values(channels * height * width) {}
  float &at(size_t c, size_t y, size_t x) { return values[(c * height + y) * width + x]; }
  float at(size_t c, size_t y, size_t x) const { return values[(c * height + y) * width + x]; }
};

/// Bilinear with half-pixel centres and clamped edges: PyTorch's interpolate(mode="bilinear", align_corners=False).
Image resizeBilinear(const Image &image, size_t height, size_t width);

/// The window of height × width whose corner is at (top, left) of `image`; what lies outside is zero.
Image window(const Image &image, ptrdiff_t top, ptrdiff_t left, size_t height, size_t width);

} // namespace cnnc

#endif
