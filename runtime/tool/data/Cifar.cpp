/// \file The binary version of CIFAR-10 and CIFAR-100: labels, then red, green and blue planes of 32×32.
#include "runtime/tool/Error.h"
#include "runtime/tool/data/Sources.h"

#include <cstring>

namespace cnnc {

static constexpr size_t pixels = 3 * 32 * 32;

Part readCifar(std::span<const fs::path> paths, size_t labelBytes, int classes) {
  Part part;
  part.columns.resize(2);
  Column &images = part.columns[0], &labels = part.columns[1];
  images.type = labels.type = Element::U8;
  images.shape = {3, 32, 32};
  size_t record = labelBytes + pixels;
  for (const fs::path &path : paths) {
    images.file = labels.file = path.string();
    Bytes bytes = readFile(path, maxDataBytes);
    if (bytes.empty() || bytes.size() % record != 0)
      fail("'{}' has {} bytes, not a multiple of the {} of an example: fetch it again", path.string(), bytes.size(), record);
    for (size_t at = 0; at < bytes.size(); at += record) {
      std::byte label = bytes[at + labelBytes - 1];
      if (int(label) >= classes)
        fail("'{}' has the label {} at example {}, expected 0 to {}", path.string(), int(label), at / record, classes - 1);
      labels.bytes.push_back(label);
      images.bytes.insert(images.bytes.end(), bytes.begin() + at + labelBytes, bytes.begin() + at + record);
    }
  }
  return part;
}

static fs::path cifarFolder(Call &call, const SourceContext &context) {
  call.takes({"folder"});
  return findFile(context, stringOf(call.at("folder"), call.describe("folder")));
}

Dataset readCifar10Source(Call &call, const SourceContext &context) {
  fs::path folder = cifarFolder(call, context);
  std::vector<fs::path> train;
  for (int i = 1; i <= 5; ++i)
    train.push_back(folder / fmt::format("data_batch_{}.bin", i));
  fs::path test[] = {folder / "test_batch.bin"};
  return {readCifar(train, 1, 10), readCifar(test, 1, 10)};
}

Dataset readCifar100Source(Call &call, const SourceContext &context) {
  fs::path folder = cifarFolder(call, context);
  fs::path train[] = {folder / "train.bin"}, test[] = {folder / "test.bin"};
  return {readCifar(train, 2, 100), readCifar(test, 2, 100)};
}

} // namespace cnnc
