#include "runtime/tool/data/Dataset.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/Text.h"
#include "runtime/tool/data/Sources.h"

#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <cstring>

namespace cnnc {

size_t Column::elements() const {
  size_t elements = 1;
  for (size_t size : shape)
    elements *= size;
  return elements;
}

void Column::row(size_t row, float *to) const {
  size_t count = elements();
  const std::byte *from = bytes.data() + row * count * elementSize(type);
  if (type == Element::F32) {
    std::memcpy(to, from, count * sizeof(float));
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    int32_t value;
    if (type == Element::I32)
      std::memcpy(&value, from + i * 4, 4);
    else
      value = static_cast<int32_t>(from[i]);
    to[i] = static_cast<float>(value);
  }
}

int32_t Column::integer(size_t index) const {
  if (type == Element::U8)
    return static_cast<int32_t>(bytes[index]);
  if (type == Element::I32) {
    int32_t value;
    std::memcpy(&value, bytes.data() + index * 4, 4);
    return value;
  }
  float value;
  std::memcpy(&value, bytes.data() + index * 4, 4);
  if (!(std::fabs(value) < 2147483648.0f) || value != std::floor(value))
    fail("'{}' has the label {}, expected a whole number", file, value);
  return static_cast<int32_t>(value);
}

std::string shapeText(std::span<const size_t> shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

std::span<const Source> sources() {
  static constexpr std::array<Source, 6> table = {{
      {"idx", readIdxSource},
      {"cifar10", readCifar10Source},
      {"cifar100", readCifar100Source},
      {"npy", readNpySource},
      {"points", readPointsSource},
      {"csv", readCsvSource},
  }};
  return table;
}

fs::path findFile(const SourceContext &context, const fs::path &path) {
  std::string tried;
  for (const fs::path &folder : context.folders) {
    fs::path candidate = path.is_absolute() ? path : folder / path;
    std::error_code ignored;
    if (fs::exists(candidate, ignored))
      return candidate;
    tried += (tried.empty() ? "" : ", ") + fmt::format("'{}'", candidate.lexically_normal().string());
    if (path.is_absolute())
      break;
  }
  fail("cannot find the data '{}' (looked for {}): run from the folder the recipe means, or use --set data=…", path.string(),
       tried);
}

/// Labels must be what the compiled loss can index with.
static void checkLabels(const Column &column, const cnnc_tensor_info &target) {
  if (target.dtype != cnnc_i32 || target.classes == 0)
    return;
  size_t count = column.rows() * column.elements();
  for (size_t i = 0; i < count; ++i) {
    int32_t label = column.integer(i);
    if ((label < 0 || label >= static_cast<int64_t>(target.classes)) && label != target.ignored)
      fail("'{}' has the label {} at example {}, the model knows 0 to {}", column.file, label, i / column.elements(),
           target.classes - 1);
  }
}

static void checkPart(const Part &part, const SourceContext &context, const char *which) {
  size_t wanted = context.inputs.size() + context.targets.size();
  if (part.columns.size() != wanted)
    fail("the {} data has {} arrays, the model takes {} (inputs and targets)", which, part.columns.size(), wanted);
  for (const Column &column : part.columns)
    if (column.rows() != part.rows())
      fail("'{}' has {} examples and '{}' has {}; they must be equally many", part.columns.front().file, part.rows(), column.file,
           column.rows());
  if (part.rows() == 0)
    fail("the {} data '{}' has no examples", which, part.columns.front().file);
  if (part.rows() > UINT32_MAX)
    fail("the {} data has {} examples, more than {}", which, part.rows(), UINT32_MAX);
  for (size_t i = 0; i < context.targets.size(); ++i)
    checkLabels(part.columns[context.inputs.size() + i], context.targets[i]);
}

Dataset readDataset(const Json &value, const SourceContext &context) {
  Call call(value, "data");
  std::vector<std::string> names;
  for (const Source &source : sources()) {
    names.emplace_back(source.name);
    if (source.name != call.name())
      continue;
    Dataset data = source.read(call, context);
    checkPart(data.train, context, "training");
    if (data.test)
      checkPart(*data.test, context, "test");
    return data;
  }
  fail("unknown data source '{}'{}", call.name(), suggestion(call.name(), names));
}

} // namespace cnnc
