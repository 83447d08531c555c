/// \file Which examples are trained on, and in which order: functions of the seed alone.
#ifndef RUNTIME_TOOL_ORDER_H
#define RUNTIME_TOOL_ORDER_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cnnc {

/// The examples of the training part, in file order, divided in two.
struct Split {
  std::vector<uint32_t> train, validation;
};

/// Takes round(fraction · n) examples for validation; at least one stays for training.
Split splitExamples(uint32_t n, double fraction, uint64_t seed);

/// `examples` in the order of an epoch (from 0).
std::vector<uint32_t> shuffled(std::vector<uint32_t> examples, uint64_t seed, uint32_t epoch);

} // namespace cnnc

#endif
