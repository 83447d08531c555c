/// \file NumPy's .npy and .npz formats.
#ifndef RUNTIME_TOOL_DATA_NPY_H
#define RUNTIME_TOOL_DATA_NPY_H

#include "runtime/tool/File.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cnnc {

/// An array as it comes out of a model, in C order: float32, or int32 where `integers` are not empty.
struct NpyArray {
  std::vector<size_t> shape;
  std::vector<float> values;
  std::vector<int32_t> integers = {};
};

/// The bytes of a .npy file, format version 1.0.
Bytes npyBytes(const NpyArray &array);

/// Writes arrays by name as an uncompressed .npz.
void writeNpz(const fs::path &path, std::span<const std::pair<std::string, NpyArray>> arrays);

} // namespace cnnc

#endif
