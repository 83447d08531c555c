//===- CommandLine.h - the arguments of cnnc ---------------------*- C++ -*-===//

#ifndef CNNC_COMPILER_TOOLS_COMMANDLINE_H
#define CNNC_COMPILER_TOOLS_COMMANDLINE_H

#include "compiler/Options.h"

namespace cnnc {

/// What the process does next.
struct CommandLine {
  std::optional<Options> options; // what to compile, or
  int exitCode = 0;               // how to end: 0 after --help, 2 after wrong usage
};

/// Reads the arguments of `cnnc`; prints help, the version, or what is wrong.
CommandLine parseCommandLine(int argc, char **argv);

} // namespace cnnc

#endif // CNNC_COMPILER_TOOLS_COMMANDLINE_H
