/// \file IDX, the format of MNIST: two zeros, a type, the rank, big-endian sizes, values.
#include "runtime/tool/Error.h"
#include "runtime/tool/data/ByteStream.h"
#include "runtime/tool/data/Sources.h"

namespace cnnc {

static constexpr std::byte unsignedBytes{0x08};

static uint32_t bigEndian(const std::byte *at) {
  return uint32_t(at[0]) << 24 | uint32_t(at[1]) << 16 | uint32_t(at[2]) << 8 | uint32_t(at[3]);
}

Column readIdx(const fs::path &path) {
  ByteStream stream(path);
  Bytes magic = stream.read(4);
  if (magic[0] != std::byte(0) || magic[1] != std::byte(0))
    fail("'{}' is not an IDX file: it starts with {:02x} {:02x}, expected 00 00", stream.name(), uint8_t(magic[0]),
         uint8_t(magic[1]));
  if (magic[2] != unsignedBytes)
    fail("'{}' holds IDX values of type {:#04x}, only unsigned bytes (0x08) are read", stream.name(), uint8_t(magic[2]));
  size_t rank = size_t(magic[3]);
  if (rank < 1 || rank > 4)
    fail("'{}' claims {} dimensions, expected 1 to 4", stream.name(), rank);
  Column column;
  column.type = Element::U8;
  column.file = path.string();
  Bytes sizes = stream.read(4 * rank);
  uint64_t examples = bigEndian(sizes.data()), total = examples;
  if (examples == 0)
    fail("'{}' has no examples", stream.name());
  for (size_t i = 1; i < rank; ++i) {
    uint64_t size = bigEndian(sizes.data() + 4 * i);
    if (size == 0 || size > maxDataBytes / total)
      fail("'{}' claims a dimension of {} beside {} values, more than is read", stream.name(), size, total);
    total *= size;
    column.shape.push_back(size);
  }
  if (column.shape.size() == 2)
    column.shape.insert(column.shape.begin(), 1);
  column.bytes = stream.read(total);
  stream.expectEnd();
  return column;
}

/// The file of a folder under one of its usual names.
static fs::path idxFile(const fs::path &folder, std::span<const std::string> parts, const std::string &kind) {
  std::string tried;
  for (const std::string &part : parts)
    for (const char *dialect : {"-ubyte", "-ubyte.gz"}) {
      std::string name = part + "-" + kind + dialect;
      std::error_code ignored;
      if (fs::exists(folder / name, ignored))
        return folder / name;
      tried += (tried.empty() ? "" : ", ") + name;
    }
  fail("the folder '{}' has none of {}", folder.string(), tried);
}

static Part idxPart(const fs::path &images, const fs::path &labels) {
  Part part;
  part.columns.push_back(readIdx(images));
  part.columns.push_back(readIdx(labels));
  return part;
}

Dataset readIdxSource(Call &call, const SourceContext &context) {
  Dataset data;
  if (call.positional().size() == 1 && call.named().empty()) {
    fs::path folder = findFile(context, stringOf(call.positional()[0], "idx's folder"));
    const std::string train[] = {"train"}, test[] = {"test", "t10k"};
    data.train = idxPart(idxFile(folder, train, "images-idx3"), idxFile(folder, train, "labels-idx1"));
    data.test = idxPart(idxFile(folder, test, "images-idx3"), idxFile(folder, test, "labels-idx1"));
    return data;
  }
  call.takes({"images", "labels", "test_images", "test_labels"});
  auto file = [&](const char *name) { return findFile(context, stringOf(call.at(name), call.describe(name))); };
  data.train = idxPart(file("images"), file("labels"));
  if (call.find("test_images") != nullptr || call.find("test_labels") != nullptr)
    data.test = idxPart(file("test_images"), file("test_labels"));
  return data;
}

} // namespace cnnc
