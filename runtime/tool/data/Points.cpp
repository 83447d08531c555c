/// \file Small tables of numbers, inline in the recipe or from a CSV file.
#include "runtime/tool/Error.h"
#include "runtime/tool/data/Sources.h"

#include <charconv>
#include <cmath>
#include <cstring>

namespace cnnc {

static void append(Column &column, double value) {
  float number = static_cast<float>(value);
  size_t end = column.bytes.size();
  column.bytes.resize(end + sizeof number);
  std::memcpy(column.bytes.data() + end, &number, sizeof number);
}

Part partOfRows(const std::vector<std::vector<double>> &rows, const SourceContext &context, const std::string &what) {
  Part part;
  size_t width = 0;
  for (auto tensors : {context.inputs, context.targets})
    for (const cnnc_tensor_info &tensor : tensors) {
      Column column;
      column.file = what;
      column.shape.assign(tensor.dims, tensor.dims + tensor.rank);
      part.columns.push_back(std::move(column));
      width += tensor.elements;
    }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].size() != width)
      fail("row {} of {} has {} numbers, the model's inputs and targets take {}", i + 1, what, rows[i].size(), width);
    size_t at = 0;
    for (Column &column : part.columns)
      for (size_t j = 0, count = column.elements(); j < count; ++j)
        append(column, rows[i][at++]);
  }
  return part;
}

static std::vector<std::vector<double>> rowsOf(const Json &value, const std::string &what) {
  if (!value.is_array())
    fail("{} is {}, expected rows such as [[0, 1], [1, 3]]", what, valueText(value));
  std::vector<std::vector<double>> rows;
  for (const Json &row : value) {
    if (!row.is_array())
      fail("{} has the row {}, expected numbers such as [0, 1]", what, valueText(row));
    rows.emplace_back();
    for (const Json &number : row)
      rows.back().push_back(numberOf(number, what));
  }
  return rows;
}

Dataset readPointsSource(Call &call, const SourceContext &context) {
  call.takes({"rows", "test"});
  Dataset data;
  data.train = partOfRows(rowsOf(call.at("rows"), call.describe("rows")), context, "points");
  if (const Json *test = call.find("test"))
    data.test = partOfRows(rowsOf(*test, call.describe("test")), context, "points' test rows");
  return data;
}

/// The numbers of a line, or nothing if a field is not a number.
static std::optional<std::vector<double>> numbersOf(std::string_view line) {
  std::vector<double> numbers;
  while (true) {
    size_t comma = line.find(',');
    std::string_view field = line.substr(0, comma);
    while (!field.empty() && field.front() == ' ')
      field.remove_prefix(1);
    while (!field.empty() && (field.back() == ' ' || field.back() == '\r'))
      field.remove_suffix(1);
    double value = 0;
    auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (code != std::errc() || end != field.data() + field.size() || !std::isfinite(value))
      return std::nullopt;
    numbers.push_back(value);
    if (comma == std::string_view::npos)
      return numbers;
    line.remove_prefix(comma + 1);
  }
}

std::vector<std::vector<double>> readCsv(const fs::path &path) {
  std::string text = readText(path, uint64_t(1) << 30);
  std::vector<std::vector<double>> rows;
  std::string_view rest = text;
  for (size_t line = 1; !rest.empty(); ++line) {
    size_t end = rest.find('\n');
    std::string_view content = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (content.find_first_not_of(" \r") == std::string_view::npos)
      continue;
    auto numbers = numbersOf(content);
    if (!numbers && line == 1)
      continue; // the header
    if (!numbers)
      fail("'{}' line {} is not a row of numbers separated by commas", path.string(), line);
    if (!rows.empty() && rows.front().size() != numbers->size())
      fail("'{}' line {} has {} numbers, the first row has {}", path.string(), line, numbers->size(), rows.front().size());
    rows.push_back(std::move(*numbers));
  }
  return rows;
}

Dataset readCsvSource(Call &call, const SourceContext &context) {
  call.takes({"file", "test"});
  auto part = [&](const char *argument) {
    fs::path path = findFile(context, stringOf(call.at(argument), call.describe(argument)));
    return partOfRows(readCsv(path), context, fmt::format("'{}'", path.string()));
  };
  Dataset data;
  data.train = part("file");
  if (call.find("test") != nullptr)
    data.test = part("test");
  return data;
}

} // namespace cnnc
