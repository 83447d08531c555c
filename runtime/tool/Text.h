/// \file "Did you mean" for keys, names and arguments.
#ifndef RUNTIME_TOOL_TEXT_H
#define RUNTIME_TOOL_TEXT_H

#include <span>
#include <string>
#include <string_view>

namespace cnnc {

/// "; did you mean 'x'" for the nearest of `known` within two edits, else "; known: a, b, c".
std::string suggestion(std::string_view word, std::span<const std::string> known);

} // namespace cnnc

#endif
