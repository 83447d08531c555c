//===- Parts.h - a level's code, kernel by kernel ----------------*- C++ -*-===//

#ifndef CNNC_COMPILER_CODEGEN_PARTS_H
#define CNNC_COMPILER_CODEGEN_PARTS_H

#include "compiler/codegen/ObjectCache.h"

namespace cnnc {

/// Generates an object file for each kernel of a module and one for the
/// programs, on as many threads as there are, largest first, or takes them from
/// the cache. Kernels get names that depend on their content alone, and those
/// of equal content are one. The same module gives the same bytes.
llvm::Expected<std::vector<Bytes>> generateParts(llvm::Module &module, const Level &level, Sanitizer sanitizer, const ObjectCache &cache);

} // namespace cnnc

#endif // CNNC_COMPILER_CODEGEN_PARTS_H
