/// \file Learning-rate schedules; docs/recipe.md has the formulas.
#ifndef RUNTIME_TOOL_SCHEDULE_H
#define RUNTIME_TOOL_SCHEDULE_H

#include "runtime/tool/Value.h"

#include <cstdint>
#include <functional>

namespace cnnc {

/// How far training is, both counted from 0.
struct Progress {
  uint64_t epoch = 0, step = 0;
};

/// The factor on the learning rate.
using Schedule = std::function<double(Progress)>;

/// The schedule that `value` calls for; `whole` is the length of the run.
Schedule makeSchedule(const Json &value, Duration whole);

} // namespace cnnc

#endif
