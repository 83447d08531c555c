/// \file The tool's random numbers, from the core's Philox: a function of seed, purpose and place, whatever was drawn before.
#ifndef RUNTIME_TOOL_PHILOX_H
#define RUNTIME_TOOL_PHILOX_H

#include "runtime/core/philox.h"

#include <array>
#include <cstdint>

namespace cnnc {

/// What the numbers are for: streams of different purposes never meet.
enum class Purpose : uint32_t { Order = 1, Validation = 2, Augment = 3, GradientCheck = 4 };

/// 128 random bits for the `index`-th decision of a purpose; `epoch` and `part` tell repetitions apart.
inline std::array<uint32_t, 4> randomBits(uint64_t seed, Purpose purpose, uint32_t part, uint32_t epoch, uint32_t index) {
  cnnc_philox_block block =
      cnnc_philox({{index, epoch, part, static_cast<uint32_t>(purpose)}}, uint32_t(seed), uint32_t(seed >> 32));
  return {block.v[0], block.v[1], block.v[2], block.v[3]};
}

/// A whole number in [0, bound) from 64 random bits; the bias is below bound / 2^64.
inline uint64_t below(uint64_t bound, uint32_t high, uint32_t low) {
  return static_cast<uint64_t>((static_cast<unsigned __int128>(uint64_t(high) << 32 | low) * bound) >> 64);
}

} // namespace cnnc

#endif
