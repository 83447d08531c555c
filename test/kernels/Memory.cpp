//===- Memory.cpp - tensors in the layouts of the plan --------------------===//

#include "test/kernels/Memory.h"

using namespace mlir;

namespace cnnc::test {

static constexpr uint32_t untouched = 0x7fc0dead; // a NaN
static constexpr int64_t strip = 64;

Memory::Memory(MemRefType type, int64_t n) {
  SmallVector<int64_t> sizes(type.getShape()), strides(type.getRank());
  elements = 1;
  for (int64_t i = type.getRank() - 1; i >= 0; --i) {
    sizes[i] = ShapedType::isDynamic(sizes[i]) ? n : sizes[i];
    strides[i] = elements;
    elements *= sizes[i];
  }
  storage.assign(elements + 2 * strip + 16, untouched);
  start = strip;
  while (reinterpret_cast<uintptr_t>(storage.data() + start) % 64)
    ++start;
  auto address = reinterpret_cast<intptr_t>(storage.data() + start);
  words = {address, address, 0};
  words.insert(words.end(), sizes.begin(), sizes.end());
  words.insert(words.end(), strides.begin(), strides.end());
}

bool Memory::isWhole() const {
  auto same = [](uint32_t word) { return word == untouched; };
  return std::all_of(storage.begin(), storage.begin() + start, same) &&
         std::all_of(storage.begin() + start + elements, storage.end(), same);
}

std::vector<int64_t> places(RankedTensorType type, plan::LayoutAttr layout, int64_t n) {
  auto size = [&](unsigned i) { return i >= type.getRank() ? 1 : type.isDynamicDim(i) ? n : type.getDimSize(i); };
  int64_t elements = 1, block = layout.getBlock();
  for (int64_t i = 0; i < type.getRank(); ++i)
    elements *= size(i);
  auto ceil = [](int64_t a, int64_t b) { return (a + b - 1) / b; };
  int64_t rows = size(2) + layout.getHalo(0) + layout.getHalo(2), columns = size(3) + layout.getHalo(1) + layout.getHalo(3);
  std::vector<int64_t> result;
  for (int64_t i = 0; i < elements; ++i) {
    int64_t w = i % size(3), h = i / size(3) % size(2), c = i / size(3) / size(2) % size(1), k = i / size(3) / size(2) / size(1);
    if (layout.getKind() == plan::LayoutKind::Batch)
      result.push_back(
          (((k * ceil(size(1), block) + c / block) * rows + h + layout.getHalo(0)) * columns + w + layout.getHalo(1)) * block +
          c % block);
    else if (layout.getKind() == plan::LayoutKind::Kernel)
      result.push_back((((((k / 16) * ceil(size(1), block) + c / block) * size(2) + h) * size(3) + w) * block + c % block) * 16 +
                       k % 16);
    else
      result.push_back(i);
  }
  return result;
}

} // namespace cnnc::test
