/// \file Options that several commands share.
#ifndef RUNTIME_TOOL_COMMANDS_COMMON_H
#define RUNTIME_TOOL_COMMANDS_COMMON_H

#include "runtime/tool/Library.h"
#include "runtime/tool/Recipe.h"

#include <string>
#include <vector>

namespace cnnc {

/// Replaces the data by `x.npy,y.npy` (inputs, then targets, in the model's order); validation and augmentation go.
void replaceData(Recipe &recipe, const Library &library, const std::string &files);

/// What is wrong with the value of an option that takes numbers above 0, or "".
std::string positive(const std::string &text);

/// Applies every `--set`.
void applySets(Recipe &recipe, const std::vector<std::string> &sets);

} // namespace cnnc

#endif
