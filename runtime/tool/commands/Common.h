/// \file Options that several commands share.
#ifndef RUNTIME_TOOL_COMMANDS_COMMON_H
#define RUNTIME_TOOL_COMMANDS_COMMON_H

#include "runtime/tool/Library.h"
#include "runtime/tool/Recipe.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace cnnc {

/// What is wrong with the value of an option that takes numbers above 0, or "".
std::string positive(const std::string &text);

/// The positional `library`, which every command takes.
void addLibrary(CLI::App &command, std::string &library);
/// `--threads`, 0 for as many as cores.
void addThreads(CLI::App &command, unsigned &threads);
/// `--batch`; `what` says of what.
template <typename Count> void addBatch(CLI::App &command, Count &batch, const char *what = "examples at once") {
  command.add_option("--batch", batch, what)->check(positive);
}
/// Lets an option be given several times, with one value each.
CLI::Option *repeated(CLI::Option *option);

/// Replaces the data by `x.npy,y.npy` (inputs, then targets, in the model's order); validation and augmentation go.
void replaceData(Recipe &recipe, const Library &library, const std::string &files);

/// Applies every `--set`.
void applySets(Recipe &recipe, const std::vector<std::string> &sets);

} // namespace cnnc

#endif
