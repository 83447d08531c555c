#include "runtime/tool/Value.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/Text.h"

#include <algorithm>
#include <cmath>

namespace cnnc {

static const Json *unitValue(const Json &value, std::string_view unit) {
  bool has = value.is_object() && value.contains("unit") && value.contains("value") && value["unit"] == unit &&
             value["value"].is_number();
  return has ? &value["value"] : nullptr;
}

Duration durationOf(const Json &value, std::string_view what) {
  Duration duration;
  if (const Json *epochs = unitValue(value, "epochs"))
    duration = {epochs->get<double>(), true};
  else if (const Json *steps = unitValue(value, "steps"))
    duration = {steps->get<double>(), false};
  else
    fail("{} is {}, it needs a unit: '10 epochs' or '500 steps'", what, valueText(value));
  if (!(duration.value >= 1 && duration.value <= 1e12 && duration.value == std::floor(duration.value)))
    fail("{} is {}, expected a whole number of at least 1", what, valueText(value));
  return duration;
}

double fractionOf(const Json &value, std::string_view what) {
  double fraction = -1;
  if (const Json *percent = unitValue(value, "percent"))
    fraction = percent->get<double>() / 100;
  else if (value.is_number())
    fraction = value;
  if (!(fraction >= 0 && fraction <= 1))
    fail("{} is {}, expected 0% to 100%", what, valueText(value));
  return fraction;
}

int64_t integerOf(const Json &value, int64_t low, int64_t high, std::string_view what) {
  double number = value.is_number() ? value.get<double>() : std::nan("");
  if (!(number >= double(low) && number <= double(high) && number == std::floor(number)))
    fail("{} is {}, expected a whole number from {} to {}", what, valueText(value), low, high);
  return static_cast<int64_t>(number);
}

std::pair<size_t, size_t> sidesOf(const Json &value, std::string_view what) {
  auto side = [&](const Json &number) { return static_cast<size_t>(integerOf(number, 1, 16384, what)); };
  if (value.is_array() && value.size() == 2)
    return {side(value[0]), side(value[1])};
  return {side(value), side(value)};
}

double numberOf(const Json &value, std::string_view what) {
  if (!value.is_number() || !std::isfinite(value.get<double>()))
    fail("{} is {}, expected a number", what, valueText(value));
  return value;
}

const std::string &stringOf(const Json &value, std::string_view what) {
  if (!value.is_string())
    fail("{} is {}, expected text in quotes", what, valueText(value));
  return value.get_ref<const std::string &>();
}

std::string valueText(const Json &value) {
  if (value.is_array()) {
    std::string text;
    for (const Json &item : value)
      text += (text.empty() ? "" : ", ") + valueText(item);
    return "[" + text + "]";
  }
  if (value.is_object() && value.contains("unit") && value["unit"].is_string()) {
    std::string unit = value["unit"];
    return value.value("value", Json()).dump() + (unit == "percent" ? "%" : " " + unit);
  }
  if (value.is_object() && value.contains("call") && value["call"].is_string()) {
    std::string text;
    const Json args = value.value("args", Json::array()), named = value.value("named", Json::object());
    for (const Json &item : args)
      text += (text.empty() ? "" : ", ") + valueText(item);
    for (const auto &[name, item] : named.items())
      text += (text.empty() ? "" : ", ") + name + ": " + valueText(item);
    return value["call"].get<std::string>() + "(" + text + ")";
  }
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Call::Call(const Json &value, std::string_view what) {
  if (value.is_string()) {
    callee = value;
    return;
  }
  if (!value.is_object() || !value.contains("call") || !value["call"].is_string())
    fail("{} is {}, expected a call such as name(…)", what, valueText(value));
  callee = value["call"];
  Json positional = value.value("args", Json::array());
  namedArgs = value.value("named", Json::object());
  if (!positional.is_array() || !namedArgs.is_object())
    fail("{}: the call of '{}' is malformed", what, callee);
  args.assign(positional.begin(), positional.end());
}

Call &Call::takes(std::vector<std::string> parameters) {
  names = std::move(parameters);
  if (args.size() > names.size())
    fail("'{}' got {} arguments, it takes {}", callee, args.size(), names.size());
  for (const auto &[name, argument] : namedArgs.items()) {
    auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
      fail("'{}' has no argument '{}'{}", callee, name, suggestion(name, names));
    if (static_cast<size_t>(at - names.begin()) < args.size())
      fail("'{}' got its argument '{}' twice, by place and by name", callee, name);
  }
  return *this;
}

const Json *Call::find(const std::string &parameter) const {
  if (auto at = namedArgs.find(parameter); at != namedArgs.end())
    return at->is_null() ? nullptr : &*at;
  size_t place = std::find(names.begin(), names.end(), parameter) - names.begin();
  return place < args.size() && !args[place].is_null() ? &args[place] : nullptr;
}

const Json &Call::at(const std::string &parameter) const {
  const Json *found = find(parameter);
  if (found == nullptr)
    fail("'{}' needs its argument '{}'", callee, parameter);
  return *found;
}

std::string Call::describe(const std::string &parameter) const { return fmt::format("{}'s '{}'", callee, parameter); }

} // namespace cnnc
