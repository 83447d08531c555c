#include "runtime/tool/Recipe.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/Text.h"
#include "runtime/tool/Value.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cnnc {

static const std::vector<std::string> &runTimeKeys() {
  static const std::vector<std::string> keys = {"augment", "batch",    "checkpoint", "data",    "log",  "metrics",
                                                "resize",  "schedule", "seed",       "shuffle", "stop", "validation"};
  return keys;
}

static bool isCompiled(const std::string &key) {
  static constexpr std::array<std::string_view, 7> keys = {"model", "loss", "init", "normalize", "freeze", "optimizer", "clip"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Recipe::Recipe(const Json &json, std::vector<Hyper> hypers) : hyperList(std::move(hypers)) {
  if (json.is_null())
    return;
  if (!json.is_object())
    fail("the recipe in the library is not an object: compile it again");
  keys = json;
  for (const auto &[key, value] : keys.items())
    if (key != "name" && !isCompiled(key) && std::find(runTimeKeys().begin(), runTimeKeys().end(), key) == runTimeKeys().end())
      fail("the recipe in the library has the key '{}' that this cnnrt does not know: use the cnnc and cnnrt of one release",
           key);
}

const Json *Recipe::find(const std::string &key) const {
  auto at = keys.find(key);
  return at == keys.end() ? nullptr : &*at;
}

int Recipe::hyperIndex(const std::string &name) const {
  auto at = std::find_if(hyperList.begin(), hyperList.end(), [&](const Hyper &hyper) { return hyper.name == name; });
  return at == hyperList.end() ? -1 : static_cast<int>(at - hyperList.begin());
}

void Recipe::setHyper(const std::string &key, const std::string &name, const std::string &text) {
  int index = hyperIndex(name);
  if (index < 0) {
    if (name == "decay_on" || name == "nesterov" || name.starts_with("clip_"))
      fail("'{}' is compiled into the library: use cnnc --set {}={}", key, key, text);
    std::vector<std::string> names;
    for (const Hyper &hyper : hyperList)
      names.push_back("optimizer." + hyper.name);
    fail("the compiled optimizer has no '{}'{}", name, suggestion(key, names));
  }
  float value = static_cast<float>(numberOf(parseValue(text, key), key));
  if (!(value >= 0) || std::isinf(value))
    fail("{} is {}, expected a number of at least 0 that a float can hold", key, text);
  hyperList[static_cast<size_t>(index)].value = value;
}

void Recipe::set(const std::string &assignment) {
  size_t equals = assignment.find('=');
  if (equals == 0 || equals == std::string::npos)
    failUsage("--set takes key=value, got '{}'", assignment);
  std::string key = assignment.substr(0, equals), text = assignment.substr(equals + 1);
  size_t dot = key.find('.');
  std::string head = key.substr(0, dot), tail = dot == std::string::npos ? "" : key.substr(dot + 1);
  if (head == "optimizer" && !tail.empty())
    return setHyper(key, tail, text);
  if (key == "clip") // whichever of the two is compiled in
    return setHyper(key, hyperIndex("clip_value") >= 0 ? "clip_value" : "clip_norm", text);
  if (isCompiled(head))
    fail("'{}' is compiled into the library: use cnnc --set {}={}", key, key, text);
  if (std::find(runTimeKeys().begin(), runTimeKeys().end(), head) == runTimeKeys().end())
    fail("unknown recipe key '{}'{}", head, suggestion(head, runTimeKeys()));
  Json value = parseValue(text, key);
  if (tail.empty()) {
    keys[key] = std::move(value);
    return;
  }
  Json *call = keys.contains(head) ? &keys[head] : nullptr;
  if (call == nullptr || !call->is_object() || !call->contains("call"))
    fail("'{}' has no arguments to set; give all of it, as in --set '{}=name(…)'", head, head);
  (*call)["named"][tail] = std::move(value);
}

} // namespace cnnc
