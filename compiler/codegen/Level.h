//===- Level.h - the processors that code is compiled for --------*- C++ -*-===//

#ifndef CNNC_COMPILER_CODEGEN_LEVEL_H
#define CNNC_COMPILER_CODEGEN_LEVEL_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace cnnc {

/// One level of the instruction set. Code uses what the level has and is
/// scheduled for the processor that was named.
struct Level {
  std::string name;      ///< cnnc_code::cpu, as asked for
  std::string cpu;       ///< LLVM's target-cpu: x86-64, x86-64-v3 or x86-64-v4
  std::string tune;      ///< LLVM's tune-cpu
  uint64_t features = 0; ///< CNNC_CPU_* bits
  int64_t registerLanes = 4, registers = 16;

  /// Added to the names of the level's functions.
  std::string suffix() const { return name.empty() ? "" : "." + name; }
};

/// Reads a list such as "x86-64-v3,x86-64-v4", "native" or "znver3"; best
/// first. Fails on names that LLVM does not know for x86-64.
llvm::Expected<std::vector<Level>> parseLevels(llvm::StringRef list);

} // namespace cnnc

#endif // CNNC_COMPILER_CODEGEN_LEVEL_H
