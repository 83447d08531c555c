/// \file The recipe of a library with the overrides of a run; docs/recipe.md defines the format.
#ifndef RUNTIME_TOOL_RECIPE_H
#define RUNTIME_TOOL_RECIPE_H

#include "runtime/tool/Json.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cnnc {

/// A hyper-parameter of the compiled optimizer.
struct Hyper {
  std::string name;
  float value;
};

/// What steers a run: the train block's keys and the optimizer's numbers.
class Recipe {
public:
  /// `json`: the object in the library, or null: every default. `hypers`: the library's.
  Recipe(const Json &json, std::vector<Hyper> hypers);

  /// Applies `key=value` from the command line; an Error for unknown keys and for what is compiled in.
  void set(const std::string &assignment);
  /// Replaces a key's value.
  void set(const std::string &key, Json value) { keys[key] = std::move(value); }
  void erase(const std::string &key) { keys.erase(key); }

  /// The value of a key, or nullptr.
  const Json *find(const std::string &key) const;
  const Json &all() const { return keys; }
  std::span<const Hyper> hypers() const { return hyperList; }
  /// The place of a hyper-parameter, or -1.
  int hyperIndex(const std::string &name) const;

private:
  void setHyper(const std::string &key, const std::string &name, const std::string &text);

  Json keys = Json::object();
  std::vector<Hyper> hyperList;
};

} // namespace cnnc

#endif
