/// \file The DSL's values on the command line: `--set schedule=cosine(over: 30 epochs)`.
#include "runtime/tool/Error.h"
#include "runtime/tool/Value.h"

#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace cnnc {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> units = {{{"epoch", "epochs"},
                                                                                 {"epochs", "epochs"},
                                                                                 {"step", "steps"},
                                                                                 {"steps", "steps"},
                                                                                 {"MiB", "MiB"},
                                                                                 {"s", "s"},
                                                                                 {"percent", "percent"}}};

class ValueParser {
public:
  ValueParser(std::string_view text, std::string_view what) : text(text), what(what) {}

  Json parseAll() {
    Json value = parse(0);
    skipSpace();
    if (at != text.size())
      reject("unexpected '" + std::string(1, text[at]) + "'");
    return value;
  }

private:
  [[noreturn]] void reject(const std::string &reason) {
    fail("cannot read '{}' given for {}: {} at character {}", text, what, reason, at + 1);
  }

  void skipSpace() {
    while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])))
      ++at;
  }

  bool eat(char wanted) {
    skipSpace();
    if (at >= text.size() || text[at] != wanted)
      return false;
    ++at;
    return true;
  }

  void expect(char wanted) {
    if (!eat(wanted))
      reject(fmt::format("expected '{}'", wanted));
  }

  std::string word() {
    skipSpace();
    size_t begin = at;
    auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
    while (at < text.size() && isWord(text[at]))
      ++at;
    return std::string(text.substr(begin, at - begin));
  }

  Json parse(int depth) {
    if (depth > 8)
      reject("nested too deep");
    skipSpace();
    if (at == text.size())
      reject("a value is missing");
    char first = text[at];
    if (first == '"')
      return quoted();
    if (first == '[')
      return list(depth);
    if (std::isdigit(static_cast<unsigned char>(first)) || first == '-' || first == '.')
      return number();
    std::string name = word();
    if (name.empty())
      reject(fmt::format("unexpected '{}'", first));
    if (name == "true" || name == "false")
      return name == "true";
    return eat('(') ? call(name, depth) : Json(name);
  }

  Json quoted() {
    size_t end = text.find('"', ++at);
    if (end == std::string_view::npos)
      reject("a '\"' is missing");
    std::string content(text.substr(at, end - at));
    at = end + 1;
    return content;
  }

  Json list(int depth) {
    expect('[');
    Json items = Json::array();
    while (!eat(']')) {
      items.push_back(parse(depth + 1));
      if (!eat(',')) {
        expect(']');
        break;
      }
    }
    return items;
  }

  Json number() {
    std::string rest(text.substr(at));
    char *end = nullptr;
    double value = std::strtod(rest.c_str(), &end);
    if (end == rest.c_str() || !std::isfinite(value))
      reject("not a number");
    at += static_cast<size_t>(end - rest.c_str());
    Json json = value == std::floor(value) && std::fabs(value) < 9e15 ? Json(static_cast<int64_t>(value)) : Json(value);
    if (eat('%'))
      return {{"value", json}, {"unit", "percent"}};
    skipSpace();
    std::string unit = at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) ? word() : "";
    if (unit.empty())
      return json;
    for (auto [spelling, name] : units)
      if (spelling == unit)
        return {{"value", json}, {"unit", std::string(name)}};
    reject(fmt::format("unknown unit '{}'", unit));
  }

  Json call(const std::string &name, int depth) {
    Json args = Json::array(), named = Json::object();
    while (!eat(')')) {
      size_t begin = (skipSpace(), at);
      std::string parameter = word();
      if (!parameter.empty() && eat(':')) {
        named[parameter] = parse(depth + 1);
      } else {
        at = begin;
        args.push_back(parse(depth + 1));
      }
      if (!eat(',')) {
        expect(')');
        break;
      }
    }
    return {{"call", name}, {"args", args}, {"named", named}};
  }

  std::string_view text, what;
  size_t at = 0;
};

} // namespace

Json parseValue(std::string_view text, std::string_view what) { return ValueParser(text, what).parseAll(); }

} // namespace cnnc
