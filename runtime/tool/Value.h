/// \file Values of a recipe: numbers with units, calls with arguments; docs/recipe.md.
#ifndef RUNTIME_TOOL_VALUE_H
#define RUNTIME_TOOL_VALUE_H

#include "runtime/tool/Json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

/// Parses a value as the DSL writes it (`cosine(over: 30 epochs)`, `[shift(2)]`, `10%`, `0.5`) into the recipe's JSON; `what`
/// names it in errors.
Json parseValue(std::string_view text, std::string_view what);

/// A span of training, counted in epochs or steps.
struct Duration {
  double value = 0;
  bool epochs = true;
};

/// The duration in `value`; an Error naming `what` for a number without a unit.
Duration durationOf(const Json &value, std::string_view what);

/// A fraction in [0, 1]: `10%` or `0.1`.
double fractionOf(const Json &value, std::string_view what);

/// A whole number in [low, high].
int64_t integerOf(const Json &value, int64_t low, int64_t high, std::string_view what);

/// Two sides, height then width: `28` or `[28, 20]`, each at least 1.
std::pair<size_t, size_t> sidesOf(const Json &value, std::string_view what);

double numberOf(const Json &value, std::string_view what);

const std::string &stringOf(const Json &value, std::string_view what);

/// `value` as the DSL writes it, for messages.
std::string valueText(const Json &value);

/// A call's arguments by name or by place. A string counts as a call without arguments.
class Call {
public:
  /// `parameters`: the names in order; an Error for an argument that is not among them or comes twice.
  Call(const Json &value, std::string_view what);
  const std::string &name() const { return callee; }
  /// Checks the arguments against the names that the callee takes; without it every named argument is taken.
  Call &takes(std::vector<std::string> parameters);
  /// The argument, or nullptr if it is missing or null.
  const Json *find(const std::string &parameter) const;
  /// The argument; an Error if it is missing.
  const Json &at(const std::string &parameter) const;
  /// "callee's 'parameter'", for errors.
  std::string describe(const std::string &parameter) const;
  const std::vector<Json> &positional() const { return args; }
  const Json &named() const { return namedArgs; }

private:
  std::string callee;
  std::vector<Json> args;
  Json namedArgs = Json::object();
  std::vector<std::string> names;
};

} // namespace cnnc

#endif
