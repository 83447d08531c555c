//===- Parts.h - a level's code, unit by unit ----------------*- C++ -*-===//

#ifndef CNNC_COMPILER_CODEGEN_PARTS_H
#define CNNC_COMPILER_CODEGEN_PARTS_H

#include "compiler/codegen/ObjectCache.h"
#include <map>

namespace cnnc {

/// Object files by the units (passes/lower/Lower.h) that they hold.
using Objects = std::map<std::string, Bytes>;

/// The object file of a unit whose name says its content, from the cache.
std::optional<Bytes> findUnit(llvm::StringRef unit, const Level &level, Sanitizer sanitizer, const ObjectCache &cache);

/// Generates an object file for each unit that a module defines and one, under
/// the empty name, for the programs, on as many threads as there are, largest
/// first. Keeps them in the cache; takes that of the programs from there. The
/// same units give the same bytes, whatever else the module defines.
llvm::Error generateParts(llvm::Module &module, const Level &level, Sanitizer sanitizer, const ObjectCache &cache,
                          Objects &objects);

} // namespace cnnc

#endif // CNNC_COMPILER_CODEGEN_PARTS_H
