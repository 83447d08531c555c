#include "runtime/tool/Schedule.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/Text.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cnnc {

namespace {

/// The time in the unit of `duration`.
double timeIn(const Duration &duration, Progress progress) { return double(duration.epochs ? progress.epoch : progress.step); }

double factorOf(const Call &call) {
  double factor = numberOf(call.at("factor"), call.describe("factor"));
  if (!(factor > 0))
    fail("{} is {}, expected more than 0", call.describe("factor"), factor);
  return factor;
}

double between0And1(const Call &call, const char *name) {
  const Json *given = call.find(name);
  double value = given == nullptr ? 0 : numberOf(*given, call.describe(name));
  if (!(value >= 0 && value <= 1))
    fail("{} is {}, expected 0 to 1: a part of the learning rate", call.describe(name), value);
  return value;
}

Schedule makeConstant(Call &call, Duration) {
  call.takes({});
  return [](Progress) { return 1.0; };
}

Schedule everyFactor(Duration every, double factor) {
  return [=](Progress progress) { return std::pow(factor, std::floor(timeIn(every, progress) / every.value)); };
}

Schedule makeStep(Call &call, Duration) {
  call.takes({"every", "factor"});
  return everyFactor(durationOf(call.at("every"), call.describe("every")), factorOf(call));
}

Schedule makeExponential(Call &call, Duration) {
  call.takes({"factor", "every"});
  const Json *every = call.find("every");
  return everyFactor(every == nullptr ? Duration{1, true} : durationOf(*every, call.describe("every")), factorOf(call));
}

Schedule makeMultistep(Call &call, Duration) {
  call.takes({"at", "factor"});
  const Json &list = call.at("at");
  if (!list.is_array() || list.empty())
    fail("{} is {}, expected a list such as [80 epochs, 120 epochs]", call.describe("at"), valueText(list));
  std::vector<Duration> at;
  for (const Json &entry : list)
    at.push_back(durationOf(entry, call.describe("at")));
  double factor = factorOf(call);
  return [at, factor](Progress progress) {
    auto passed = std::count_if(at.begin(), at.end(), [&](const Duration &when) { return when.value <= timeIn(when, progress); });
    return std::pow(factor, double(passed));
  };
}

Schedule makeCosine(Call &call, Duration whole) {
  call.takes({"over", "to"});
  const Json *given = call.find("over");
  Duration over = given == nullptr ? whole : durationOf(*given, call.describe("over"));
  double to = between0And1(call, "to");
  return [=](Progress progress) {
    double part = std::min(timeIn(over, progress) / over.value, 1.0);
    return to + (1 - to) * (1 + std::cos(std::numbers::pi * part)) / 2;
  };
}

Schedule makeWarmup(Call &call, Duration whole) {
  call.takes({"duration", "then", "from"});
  Duration duration = durationOf(call.at("duration"), "warmup's first argument");
  double from = between0And1(call, "from");
  const Json *next = call.find("then");
  Schedule then = makeSchedule(next == nullptr ? Json("constant") : *next, whole);
  return [=](Progress progress) {
    double time = timeIn(duration, progress);
    return time < duration.value ? from + (1 - from) * (time + 1) / duration.value : then(progress);
  };
}

struct Entry {
  const char *name;
  Schedule (*make)(Call &call, Duration whole);
};

constexpr Entry table[] = {
    {"constant", makeConstant},       {"step", makeStep},     {"multistep", makeMultistep},
    {"exponential", makeExponential}, {"cosine", makeCosine}, {"warmup", makeWarmup},
};

} // namespace

Schedule makeSchedule(const Json &value, Duration whole) {
  Call call(value, "schedule");
  std::vector<std::string> names;
  for (const Entry &entry : table) {
    if (call.name() == entry.name)
      return entry.make(call, whole);
    names.emplace_back(entry.name);
  }
  fail("unknown schedule '{}'{}", call.name(), suggestion(call.name(), names));
}

} // namespace cnnc
