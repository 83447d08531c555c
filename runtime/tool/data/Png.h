/// \file PNG images as pixels.
#ifndef RUNTIME_TOOL_DATA_PNG_H
#define RUNTIME_TOOL_DATA_PNG_H

#include "runtime/tool/File.h"
#include "runtime/tool/Image.h"

namespace cnnc {

/// Reads a PNG of at most 64 megapixels as `channels` planes (1: grey, 3: red, green, blue) of floats 0…255; transparency is laid
/// over black.
Image readPng(const fs::path &path, unsigned channels);

} // namespace cnnc

#endif
