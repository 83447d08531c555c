/// \file Counter-based random numbers: the same key and counter give the same numbers, whatever was drawn before.
#ifndef RUNTIME_TOOL_PHILOX_H
#define RUNTIME_TOOL_PHILOX_H

#include <array>
#include <cstdint>

namespace cnnc {

/// Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011).
inline std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t a = uint64_t(0xD2511F53u) * counter[0], b = uint64_t(0xCD9E8D57u) * counter[2];
    counter = {uint32_t(b >> 32) ^ counter[1] ^ key[0], uint32_t(b), uint32_t(a >> 32) ^ counter[3] ^ key[1], uint32_t(a)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return counter;
}

/// What the numbers are for: streams of different purposes never meet.
enum class Purpose : uint32_t { Order = 1, Validation = 2, Augment = 3, GradientCheck = 4 };

/// 128 random bits for the `index`-th decision of a purpose; `epoch` and `part` tell repetitions apart.
inline std::array<uint32_t, 4> randomBits(uint64_t seed, Purpose purpose, uint32_t part, uint32_t epoch, uint32_t index) {
  return philox({index, epoch, part, static_cast<uint32_t>(purpose)}, {uint32_t(seed), uint32_t(seed >> 32)});
}

/// A whole number in [0, bound) from 64 random bits; the bias is below bound / 2^64.
inline uint64_t below(uint64_t bound, uint32_t high, uint32_t low) {
  return static_cast<uint64_t>((static_cast<unsigned __int128>(uint64_t(high) << 32 | low) * bound) >> 64);
}

} // namespace cnnc

#endif
