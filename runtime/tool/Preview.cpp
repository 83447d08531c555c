#include "runtime/tool/Preview.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

namespace cnnc {

static constexpr size_t side = 16, gap = 2; // characters

/// The mean of the channels, 0 to 255, `side` pixels wide and high.
static std::vector<int> shades(const Image &image) {
  Image small = resizeBilinear(image, side, side);
  std::vector<int> result(side * side);
  for (size_t i = 0; i < result.size(); ++i) {
    float sum = 0;
    for (size_t c = 0; c < small.channels; ++c)
      sum += small.values[c * side * side + i];
    result[i] = static_cast<int>(std::lround(std::clamp(sum / float(small.channels), 0.0f, 255.0f)));
  }
  return result;
}

/// A colour of the 24 greys that terminals with 256 colours have.
static int grey(int shade) { return 232 + shade * 23 / 255; }

/// One row of pictures and captions.
static std::string rowText(std::span<const Preview> previews, bool plain) {
  constexpr std::string_view letters = " .:-=+*#%@";
  std::vector<std::vector<int>> pictures;
  size_t captions = 0;
  for (const Preview &preview : previews) {
    pictures.push_back(shades(preview.image));
    captions = std::max(captions, preview.captions.size());
  }
  std::string text;
  for (size_t row = 0; row < side; row += 2) {
    for (const std::vector<int> &picture : pictures) {
      for (size_t x = 0; x < side; ++x) {
        int upper = picture[row * side + x], lower = picture[(row + 1) * side + x];
        if (plain)
          text += letters[size_t((upper + lower) / 2) * (letters.size() - 1) / 255];
        else
          text += fmt::format("\x1b[38;5;{};48;5;{}m▀", grey(upper), grey(lower));
      }
      text += plain ? std::string(gap, ' ') : "\x1b[0m" + std::string(gap, ' ');
    }
    text += '\n';
  }
  for (size_t line = 0; line < captions; ++line) {
    for (const Preview &preview : previews)
      text += fmt::format("{:<{}}", line < preview.captions.size() ? preview.captions[line] : "", side + gap);
    text += '\n';
  }
  return text;
}

std::string previewText(const std::vector<Preview> &previews, bool plain, size_t width) {
  size_t perRow = std::max<size_t>(1, width / (side + gap));
  std::string text;
  for (size_t at = 0; at < previews.size(); at += perRow)
    text += rowText(std::span(previews).subspan(at, std::min(perRow, previews.size() - at)), plain);
  return text;
}

} // namespace cnnc
