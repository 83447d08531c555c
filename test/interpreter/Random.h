//===- Random.h - repeatable numbers for tests -------------------*- C++ -*-===//

#ifndef CNNC_TEST_INTERPRETER_RANDOM_H
#define CNNC_TEST_INTERPRETER_RANDOM_H

#include "test/interpreter/Tensor.h"

namespace cnnc::interpreter {

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators; OOPSLA 2014): the state grows by a constant, and is mixed.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  uint64_t next() {
    uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  /// Uniform in [low, high), on 53 bits.
  double uniform(double low = -1, double high = 1) { return low + (next() >> 11) * 0x1p-53 * (high - low); }
  /// A whole number from low to high, both included.
  int64_t integer(int64_t low, int64_t high) { return low + static_cast<int64_t>(next() % uint64_t(high - low + 1)); }
  bool coin() { return next() & 1; }

  Tensor tensor(std::vector<int64_t> shape, double low = -1, double high = 1) {
    Tensor tensor(std::move(shape));
    for (double &value : tensor.values)
      value = uniform(low, high);
    return tensor;
  }

private:
  uint64_t state;
};

} // namespace cnnc::interpreter

#endif // CNNC_TEST_INTERPRETER_RANDOM_H
