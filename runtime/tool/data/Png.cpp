#include "runtime/tool/data/Png.h"

#include "runtime/tool/Error.h"

#include <png.h>

namespace cnnc {

Image readPng(const fs::path &path, unsigned channels) {
  if (channels != 1 && channels != 3)
    fail("'{}' is a PNG, the model takes {} channels: only 1 and 3 can be read from an image", path.string(), channels);
  Bytes bytes = readFile(path, uint64_t(256) << 20);
  png_image png = {};
  png.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()))
    fail("cannot read '{}' as PNG: {}; save the picture again", path.string(), png.message);
  if (uint64_t(png.width) * png.height > uint64_t(64) << 20) {
    png_image_free(&png);
    fail("'{}' claims {}×{} pixels, at most 64 megapixels are read", path.string(), png.width, png.height);
  }
  png.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  std::vector<png_byte> pixels(PNG_IMAGE_SIZE(png));
  png_color black = {0, 0, 0};
  if (!png_image_finish_read(&png, &black, pixels.data(), 0, nullptr))
    fail("cannot read '{}' as PNG: {}; save the picture again", path.string(), png.message);
  Image image(channels, png.height, png.width);
  size_t plane = size_t(png.width) * png.height;
  for (size_t i = 0; i < plane; ++i)
    for (size_t c = 0; c < channels; ++c)
      image.values[c * plane + i] = pixels[i * channels + c];
  return image;
}

} // namespace cnnc
