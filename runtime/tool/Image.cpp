#include "runtime/tool/Image.h"

#include <algorithm>

namespace cnnc {

namespace {

/// The two source pixels of a target pixel and the weight of the second.
struct Taps {
  size_t first, second;
  float weight;
};

std::vector<Taps> tapsOf(size_t from, size_t to) {
  std::vector<Taps> taps(to);
  for (size_t i = 0; i < to; ++i) {
    double centre = std::max(0.0, (double(i) + 0.5) * double(from) / double(to) - 0.5);
    size_t first = std::min(static_cast<size_t>(centre), from - 1);
    taps[i] = {first, std::min(first + 1, from - 1), static_cast<float>(centre - double(first))};
  }
  return taps;
}

} // namespace

Image resizeBilinear(const Image &image, size_t height, size_t width) {
  if (image.height == height && image.width == width)
    return image;
  Image result(image.channels, height, width);
  std::vector<Taps> rows = tapsOf(image.height, height), columns = tapsOf(image.width, width);
  for (size_t c = 0; c < image.channels; ++c)
    for (size_t y = 0; y < height; ++y)
      for (size_t x = 0; x < width; ++x) {
        auto across = [&](size_t row) {
          float left = image.at(c, row, columns[x].first), right = image.at(c, row, columns[x].second);
          return left + (right - left) * columns[x].weight;
        };
        float top = across(rows[y].first), bottom = across(rows[y].second);
        result.at(c, y, x) = top + (bottom - top) * rows[y].weight;
      }
  return result;
}

Image window(const Image &image, ptrdiff_t top, ptrdiff_t left, size_t height, size_t width) {
  Image result(image.channels, height, width);
  ptrdiff_t firstRow = std::max<ptrdiff_t>(0, -top),
            lastRow = std::min<ptrdiff_t>(ptrdiff_t(height), ptrdiff_t(image.height) - top);
  ptrdiff_t firstColumn = std::max<ptrdiff_t>(0, -left),
            lastColumn = std::min<ptrdiff_t>(ptrdiff_t(width), ptrdiff_t(image.width) - left);
  if (firstColumn >= lastColumn)
    return result;
  for (size_t c = 0; c < image.channels; ++c)
    for (ptrdiff_t y = firstRow; y < lastRow; ++y) {
      const float *from = &image.values[(c * image.height + size_t(y + top)) * image.width + size_t(firstColumn + left)];
      std::copy(from, from + (lastColumn - firstColumn), &result.at(c, size_t(y), size_t(firstColumn)));
    }
  return result;
}

} // namespace cnnc
