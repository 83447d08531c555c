/// \file Examples in the terminal, with what a model thinks they are.
#ifndef RUNTIME_TOOL_PREVIEW_H
#define RUNTIME_TOOL_PREVIEW_H

#include "runtime/tool/Image.h"

#include <string>
#include <vector>

namespace cnnc {

/// A picture and the lines below it.
struct Preview {
  Image image;
  std::vector<std::string> captions;
};

/// The pictures side by side, two pixels to a character as half blocks in shades of grey; `plain`: in letters, without
/// control sequences. Larger pictures are made smaller; lines have at most `width` characters.
std::string previewText(const std::vector<Preview> &previews, bool plain, size_t width);

} // namespace cnnc

#endif
