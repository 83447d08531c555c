//===- FuzzMain.cpp - a libFuzzer target ----------------------------------===//
//
// Any bytes either compile or are refused with an error. Half of the inputs are
// changed by libFuzzer, half by what knows their form.
//
//===----------------------------------------------------------------------===//

#include "test/fuzz/Subject.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>

using namespace cnnc::fuzz;

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

static std::string textOf(const uint8_t *data, size_t size) { return std::string(reinterpret_cast<const char *>(data), size); }

/// Writes `bytes` where libFuzzer wants them, unless they are too many.
static size_t store(const std::string &bytes, uint8_t *data, size_t maxSize) {
  if (bytes.empty() || bytes.size() > maxSize)
    return 0;
  std::memcpy(data, bytes.data(), bytes.size());
  return bytes.size();
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t maxSize, unsigned seed) {
  Random random(seed);
  if (random() % 2) {
    std::string bytes = textOf(data, size);
    if (size_t stored = store(mutate(bytes, bytes, random), data, maxSize))
      return stored;
  }
  return LLVMFuzzerMutate(data, size, maxSize);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t otherSize,
                                            uint8_t *out, size_t maxSize, unsigned seed) {
  Random random(seed);
  return store(mutate(textOf(data, size), textOf(other, otherSize), random), out, maxSize);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (std::string fault = compile(llvm::StringRef(reinterpret_cast<const char *>(data), size)).fault(); !fault.empty()) {
    llvm::errs() << "the input " << fault << '\n';
    __builtin_trap();
  }
  return 0;
}
