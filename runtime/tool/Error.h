/// \file Errors of `cnnrt`: one line that names the values that disagree and a remedy.
#ifndef RUNTIME_TOOL_ERROR_H
#define RUNTIME_TOOL_ERROR_H

#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace cnnc {

/// What the user can mend: bad input, a full disk, a library for another machine. Exit code 1.
class Error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A command line that makes no sense. Exit code 2.
class UsageError : public Error {
public:
  using Error::Error;
};

/// Throws an Error with a formatted message: lower case, no full stop.
template <typename... Args> [[noreturn]] void fail(fmt::format_string<Args...> format, Args &&...args) {
  throw Error(fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args> [[noreturn]] void failUsage(fmt::format_string<Args...> format, Args &&...args) {
  throw UsageError(fmt::format(format, std::forward<Args>(args)...));
}

} // namespace cnnc

#endif
