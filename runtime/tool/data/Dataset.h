/// \file Examples in memory, as the files hold them.
#ifndef RUNTIME_TOOL_DATA_DATASET_H
#define RUNTIME_TOOL_DATA_DATASET_H

#include "cnnc/abi.h"
#include "runtime/tool/File.h"
#include "runtime/tool/Value.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

enum class Element : uint8_t { U8, I32, F32 };

constexpr size_t elementSize(Element type) { return type == Element::U8 ? 1 : 4; }

/// One tensor per example: images, labels. Values are kept in the file's type and handed over as float or int32.
struct Column {
  Element type = Element::F32;
  std::vector<size_t> shape; ///< of one example; an image is [channels, height, width]
  Bytes bytes;               ///< all examples, one after the other
  std::string file;          ///< for errors

  size_t elements() const;
  /// 1 of a whole tensor, which may have no elements.
  size_t rows() const { return elements() == 0 ? 1 : bytes.size() / (elements() * elementSize(type)); }
  /// Copies example `row` to `elements()` floats.
  void row(size_t row, float *to) const;
  /// The integer at `index` of all values; an Error if it is not whole.
  int32_t integer(size_t index) const;
};

/// Columns with equally many examples: the model's inputs, then its targets.
struct Part {
  std::vector<Column> columns;
  size_t rows() const { return columns.empty() ? 0 : columns.front().rows(); }
};

struct Dataset {
  Part train;
  std::optional<Part> test;
};

/// What a source may need beyond its arguments.
struct SourceContext {
  std::vector<fs::path> folders; ///< searched in turn for relative paths
  std::span<const cnnc_tensor_info> inputs, targets;
};

/// A kind of data a recipe can name.
struct Source {
  std::string_view name;
  Dataset (*read)(Call &call, const SourceContext &context);
};

/// Every source, in the order of the documentation.
std::span<const Source> sources();

/// Reads the data that `value` calls for and checks it against the model: counts agree, labels are in range.
Dataset readDataset(const Json &value, const SourceContext &context);

/// The first of the context's folders that has `path`; an Error that lists where it was looked for.
fs::path findFile(const SourceContext &context, const fs::path &path);

/// "f32[2, 3]", for errors.
std::string shapeText(std::span<const size_t> shape);

} // namespace cnnc

#endif
