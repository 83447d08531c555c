//===- Link.h - objects become a library -------------------------*- C++ -*-===//

#ifndef CNNC_COMPILER_LINK_LINK_H
#define CNNC_COMPILER_LINK_LINK_H

#include "compiler/codegen/Codegen.h"
#include "compiler/link/DataObject.h"

namespace cnnc {

struct LinkOptions {
  std::string output; ///< .so, .o or .a decides the form
  std::string prefix; ///< symbols that start with it stay visible
  Sanitizer sanitizer = Sanitizer::None;
};

/// The archive of the core that goes into every library, beside the running
/// program: ../lib or ../lib/cnnc. Fails where there is none.
llvm::Expected<std::string> findCore(Sanitizer sanitizer);

/// Links the objects, the data and the core into the output, which appears only
/// when it is complete.
llvm::Error linkLibrary(llvm::ArrayRef<Bytes> objects, const DataObject &data, const LinkOptions &options);

/// Writes a file under a temporary name and renames it.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef content);
llvm::Error writeFile(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> content);

} // namespace cnnc

#endif // CNNC_COMPILER_LINK_LINK_H
