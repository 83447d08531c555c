//===- Target.h - what a kernel is generated for -----------------*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_TARGET_H
#define CNNC_PASSES_TILE_TARGET_H

#include <cstdint>

namespace cnnc::tile {

/// The vector unit. Everything is written with vectors of plan::blockSize
/// lanes; where a register holds fewer, LLVM splits them.
struct Target {
  int64_t registerLanes = 8; ///< f32 in a vector register: 8 with AVX2, 16 with AVX-512
  int64_t registers = 16;    ///< vector registers: 16 with AVX2, 32 with AVX-512

  /// Vectors of plan::blockSize lanes that fit in the registers.
  int64_t blockRegisters() const { return registers * registerLanes / 16; }
};

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_TARGET_H
