/// \file What an ELF shared object says of itself, read without loading it.
#ifndef RUNTIME_TOOL_ELF_H
#define RUNTIME_TOOL_ELF_H

#include "runtime/tool/File.h"

#include <string>

namespace cnnc {

/// A shared object that may be loaded: the right machine, nothing that runs at load time, nothing needed but libc and libm.
struct ElfLibrary {
  fs::path path;
  std::string describeSymbol; ///< the one exported `<prefix>_describe`
  std::string note;           ///< JSON text of the note section; runtime/include/cnnc/note.md
};

/// Reads and checks the headers of `path`; an Error says what is wrong and what to ask the compiler for.
ElfLibrary readElf(const fs::path &path);

} // namespace cnnc

#endif
