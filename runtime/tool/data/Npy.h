/// \file NumPy's .npy and .npz formats.
#ifndef RUNTIME_TOOL_DATA_NPY_H
#define RUNTIME_TOOL_DATA_NPY_H

#include "runtime/tool/File.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cnnc {

/// An array as it comes out of a model: float32, C order.
struct NpyArray {
  std::vector<size_t> shape;
  std::vector<float> values;
};

/// The bytes of a .npy file, format version 1.0.
Bytes npyBytes(const NpyArray &array);

/// Writes arrays by name as an uncompressed .npz.
void writeNpz(const fs::path &path, std::span<const std::pair<std::string, NpyArray>> arrays);

} // namespace cnnc

#endif
