#include "runtime/tool/Order.h"

#include "runtime/tool/Philox.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cnnc {

/// Fisher and Yates, each swap from its own random number.
static void permute(std::vector<uint32_t> &items, uint64_t seed, Purpose purpose, uint32_t epoch) {
  for (size_t i = items.size(); i > 1; --i) {
    auto random = randomBits(seed, purpose, 0, epoch, static_cast<uint32_t>(i - 1));
    std::swap(items[i - 1], items[below(i, random[0], random[1])]);
  }
}

Split splitExamples(uint32_t n, double fraction, uint64_t seed) {
  std::vector<uint32_t> examples(n);
  std::iota(examples.begin(), examples.end(), 0u);
  auto count = std::min<size_t>(static_cast<size_t>(std::llround(fraction * n)), n - 1);
  Split split;
  if (count == 0) {
    split.train = std::move(examples);
    return split;
  }
  permute(examples, seed, Purpose::Validation, 0);
  split.validation.assign(examples.begin(), examples.begin() + ptrdiff_t(count));
  split.train.assign(examples.begin() + ptrdiff_t(count), examples.end());
  std::sort(split.validation.begin(), split.validation.end());
  std::sort(split.train.begin(), split.train.end());
  return split;
}

std::vector<uint32_t> shuffled(std::vector<uint32_t> examples, uint64_t seed, uint32_t epoch) {
  permute(examples, seed, Purpose::Order, epoch);
  return examples;
}

} // namespace cnnc
