//===- Philox.h - counter-based random numbers -------------------*- C++ -*-===//
//
// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy
// as 1, 2, 3; SC 2011), written a second time so that the two can be compared.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_TEST_INTERPRETER_PHILOX_H
#define CNNC_TEST_INTERPRETER_PHILOX_H

#include <array>
#include <cstdint>

namespace cnnc::interpreter {

inline std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t a = uint64_t(0xD2511F53) * counter[0], b = uint64_t(0xCD9E8D57) * counter[2];
    counter = {uint32_t(b >> 32) ^ counter[1] ^ key[0], uint32_t(b), uint32_t(a >> 32) ^ counter[3] ^ key[1], uint32_t(a)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

} // namespace cnnc::interpreter

#endif // CNNC_TEST_INTERPRETER_PHILOX_H
