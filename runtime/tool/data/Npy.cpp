/// \file Reading NumPy arrays: "\x93NUMPY", a version, a Python dictionary with type, order and shape, values.
#include "runtime/tool/data/Npy.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/data/Sources.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace cnnc {

namespace {

/// The header's dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
struct NpyHeader {
  std::string descr;
  bool fortran = false;
  std::vector<uint64_t> shape;
  uint64_t dataOffset = 0;
};

class HeaderParser {
public:
  HeaderParser(std::string text, const std::string &file) : text(std::move(text)), file(file) {}

  NpyHeader parse() {
    NpyHeader header;
    bool seen[3] = {};
    expect('{');
    while (!eat('}')) {
      std::string key = quoted();
      expect(':');
      if (key == "descr") {
        header.descr = quoted();
        seen[0] = true;
      } else if (key == "fortran_order") {
        header.fortran = boolean();
        seen[1] = true;
      } else if (key == "shape") {
        header.shape = tuple();
        seen[2] = true;
      } else {
        reject();
      }
      eat(',');
    }
    if (!seen[0] || !seen[1] || !seen[2])
      reject();
    return header;
  }

private:
  [[noreturn]] void reject() { fail("'{}' has a malformed .npy header at character {}", file, at); }
  void skipSpace() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n'))
      ++at;
  }
  bool eat(char wanted) {
    skipSpace();
    if (at >= text.size() || text[at] != wanted)
      return false;
    ++at;
    return true;
  }
  void expect(char wanted) {
    if (!eat(wanted))
      reject();
  }
  std::string quoted() {
    skipSpace();
    char quote = at < text.size() ? text[at] : '\0';
    size_t end = quote == '\'' || quote == '"' ? text.find(quote, at + 1) : std::string::npos;
    if (end == std::string::npos)
      reject();
    std::string content = text.substr(at + 1, end - at - 1);
    at = end + 1;
    return content;
  }
  bool boolean() {
    skipSpace();
    for (auto [word, value] : {std::pair("True", true), std::pair("False", false)})
      if (text.compare(at, std::strlen(word), word) == 0) {
        at += std::strlen(word);
        return value;
      }
    reject();
  }
  std::vector<uint64_t> tuple() {
    std::vector<uint64_t> sizes;
    expect('(');
    while (!eat(')')) {
      skipSpace();
      size_t begin = at;
      uint64_t size = 0;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - begin < 18)
        size = size * 10 + static_cast<uint64_t>(text[at++] - '0');
      if (at == begin || sizes.size() == CNNC_MAX_RANK)
        reject();
      sizes.push_back(size);
      if (!eat(',')) {
        expect(')');
        break;
      }
    }
    return sizes;
  }

  std::string text;
  const std::string &file;
  size_t at = 0;
};

NpyHeader readHeader(const InputFile &file, const std::string &name) {
  uint8_t start[12] = {};
  file.read(0, start, std::min<uint64_t>(file.size(), sizeof start));
  if (std::memcmp(start, "\x93NUMPY", 6) != 0)
    fail("'{}' is not a .npy file: save it with numpy.save", name);
  if (start[6] < 1 || start[6] > 3)
    fail("'{}' has .npy version {}, versions 1 to 3 are read", name, start[6]);
  uint64_t prefix = start[6] == 1 ? 10 : 12;
  uint64_t length = start[8] | start[9] << 8;
  if (prefix == 12)
    length |= uint64_t(start[10]) << 16 | uint64_t(start[11]) << 24;
  if (length > 65536)
    fail("'{}' claims a .npy header of {} bytes", name, length);
  Bytes text = file.read(prefix, length);
  NpyHeader header = HeaderParser(std::string(reinterpret_cast<const char *>(text.data()), text.size()), name).parse();
  header.dataOffset = prefix + length;
  return header;
}

/// Converts `count` values of type T to the column's type.
template <typename T, typename To> Bytes convert(const Bytes &from, const std::string &name) {
  size_t count = from.size() / sizeof(T);
  Bytes result(count * sizeof(To));
  for (size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, from.data() + i * sizeof(T), sizeof(T));
    To converted = static_cast<To>(value);
    bool fits = static_cast<T>(converted) == value && (std::is_signed_v<T> || converted >= 0);
    if (std::is_integral_v<To> && !fits)
      fail("'{}' has the value {}, more than 32 bits", name, value);
    std::memcpy(result.data() + i * sizeof(To), &converted, sizeof(To));
  }
  return result;
}

} // namespace

Column readNpy(const fs::path &path, bool isWhole) {
  InputFile file(path);
  std::string name = path.string();
  NpyHeader header = readHeader(file, name);
  static constexpr std::string_view types[] = {"<f4", "<f8", "|u1", "|b1", "|i1", "<i2", "<u2", "<u4", "<i4", "<u8", "<i8"};
  if (std::find(std::begin(types), std::end(types), header.descr) == std::end(types))
    fail("'{}' holds values of type '{}', read are float32, float64, bool and integers: convert it with .astype(\"float32\")",
         name, header.descr);
  if (header.fortran && header.shape.size() > 1)
    fail("'{}' is in Fortran order: save numpy.ascontiguousarray(x)", name);
  if (header.shape.empty() && !isWhole)
    fail("'{}' is a single number, expected an array whose first axis counts examples", name);
  uint64_t valueBytes = static_cast<uint64_t>(header.descr[2] - '0'), total = valueBytes;
  for (uint64_t size : header.shape) {
    if (size == 0 && !isWhole)
      fail("'{}' has the shape {}: it has no examples or they are empty", name, shapeText(header.shape));
    if (size != 0 && total > maxDataBytes / size)
      fail("'{}' claims the shape {}, more than is read", name, shapeText(header.shape));
    total *= size;
  }
  if (file.size() - header.dataOffset != total)
    fail("'{}' claims the shape {} ({} bytes), the file holds {} bytes of values", name, shapeText(header.shape), total,
         file.size() - header.dataOffset);
  Column column;
  column.file = name;
  column.shape.assign(header.shape.begin() + !isWhole, header.shape.end());
  Bytes raw = file.read(header.dataOffset, total);
  if (header.descr == "|u1" || header.descr == "|b1")
    column.type = Element::U8;
  else if (header.descr[1] == 'i' || header.descr[1] == 'u')
    column.type = Element::I32;
  if (header.descr == "<f8")
    raw = convert<double, float>(raw, name);
  else if (header.descr == "<i8")
    raw = convert<int64_t, int32_t>(raw, name);
  else if (header.descr == "<u8")
    raw = convert<uint64_t, int32_t>(raw, name);
  else if (header.descr == "<u4")
    raw = convert<uint32_t, int32_t>(raw, name);
  else if (header.descr == "<i2")
    raw = convert<int16_t, int32_t>(raw, name);
  else if (header.descr == "<u2")
    raw = convert<uint16_t, int32_t>(raw, name);
  else if (header.descr == "|i1")
    raw = convert<int8_t, int32_t>(raw, name);
  column.bytes = std::move(raw);
  return column;
}

/// The columns of one part: inputs and targets by name; `x` and `y` are the first of each.
static Part npyPart(const Call &call, const SourceContext &context, const std::string &prefix) {
  Part part;
  auto add = [&](std::span<const cnnc_tensor_info> tensors, const std::string &shortName) {
    for (size_t i = 0; i < tensors.size(); ++i) {
      std::string name = prefix + tensors[i].name;
      if (call.find(name) == nullptr && i == 0)
        name = prefix + shortName;
      part.columns.push_back(readNpy(findFile(context, stringOf(call.at(name), call.describe(name)))));
    }
  };
  add(context.inputs, "x");
  add(context.targets, "y");
  return part;
}

Dataset readNpySource(Call &call, const SourceContext &context) {
  std::vector<std::string> names = {"x", "y", "test_x", "test_y"};
  for (auto tensors : {context.inputs, context.targets})
    for (const cnnc_tensor_info &tensor : tensors)
      for (const char *prefix : {"", "test_"})
        names.push_back(std::string(prefix) + tensor.name);
  call.takes(names);
  Dataset data;
  data.train = npyPart(call, context, "");
  for (const std::string &name : names)
    if (name.starts_with("test_") && call.find(name) != nullptr && !data.test)
      data.test = npyPart(call, context, "test_");
  return data;
}

} // namespace cnnc
