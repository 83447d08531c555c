//===- Arena.h - one block of memory for values that come and go -*- C++ -*-===//

#ifndef CNNC_PASSES_LOWER_ARENA_H
#define CNNC_PASSES_LOWER_ARENA_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>

namespace cnnc {

/// A value that needs memory from time `first` to time `last`, both included.
struct ArenaSlot {
  int64_t bytes = 0;
  int64_t first = 0, last = 0;
  int64_t offset = 0; ///< the answer: bytes, a multiple of the alignment
};

/// Alignment of every value, in bytes: a cache line, an AVX-512 register.
inline constexpr int64_t arenaAlignment = 64;

/// `bytes` rounded up to the alignment.
inline int64_t alignToArena(int64_t bytes) { return (bytes + arenaAlignment - 1) / arenaAlignment * arenaAlignment; }

/// Gives every slot an offset such that slots alive at the same time do not
/// overlap: the largest first, each into the smallest gap that holds it
/// (Pisarchyk and Lee, "Efficient memory management for deep neural net
/// inference", 2020). Returns the bytes needed.
int64_t placeSlots(llvm::MutableArrayRef<ArenaSlot> slots);

} // namespace cnnc

#endif // CNNC_PASSES_LOWER_ARENA_H
