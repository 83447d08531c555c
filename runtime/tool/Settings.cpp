#include "runtime/tool/Settings.h"

#include "runtime/tool/Error.h"

namespace cnnc {

static void readStop(const Json &value, Settings &settings) {
  if (!value.is_object() || !value.contains("call")) {
    settings.stop = durationOf(value, "stop");
    return;
  }
  Call call(value, "stop");
  if (call.name() != "early")
    fail("stop is '{}', expected a duration or early(patience: 5, max: 100 epochs)", call.name());
  call.takes({"patience", "max"});
  const Json &patience = call.at("patience");
  settings.patience = static_cast<unsigned>(patience.is_object() ? durationOf(patience, "early's 'patience'").value
                                                                 : double(integerOf(patience, 1, 1000000, "early's 'patience'")));
  settings.stop = durationOf(call.at("max"), "early's 'max'");
  if (settings.validation == 0)
    fail("stop = early(…) watches the validation part and there is none: add validation = 10%");
}

static void readCheckpoint(const Json &value, Settings &settings) {
  Call call(value, "checkpoint");
  if (call.name() != "every")
    fail("checkpoint is '{}', expected every(1 epoch, keep: 3, best: \"val.accuracy\")", call.name());
  call.takes({"interval", "keep", "best"});
  if (const Json *interval = call.find("interval"))
    settings.every = durationOf(*interval, "checkpoint's interval");
  if (const Json *keep = call.find("keep"))
    settings.keep = static_cast<unsigned>(integerOf(*keep, 1, 1000000, call.describe("keep")));
  if (const Json *best = call.find("best")) {
    const std::string &text = stringOf(*best, call.describe("best"));
    if (!text.starts_with("val.") || text.size() == 4)
      fail("checkpoint's 'best' is \"{}\", expected \"val.\" and a metric, as in \"val.accuracy\": the test part is never used "
           "to choose",
           text);
    settings.best = text.substr(4);
  }
}

Settings settingsOf(const Recipe &recipe) {
  Settings settings;
  if (const Json *batch = recipe.find("batch"))
    settings.batch = static_cast<unsigned>(integerOf(*batch, 1, 1 << 20, "batch"));
  if (const Json *seed = recipe.find("seed"))
    settings.seed = static_cast<uint64_t>(integerOf(*seed, 0, int64_t(1) << 53, "seed"));
  if (const Json *shuffle = recipe.find("shuffle")) {
    if (!shuffle->is_boolean())
      fail("shuffle is {}, expected true or false", valueText(*shuffle));
    settings.shuffle = *shuffle;
  }
  if (const Json *validation = recipe.find("validation"))
    settings.validation = fractionOf(*validation, "validation");
  if (const Json *stop = recipe.find("stop"))
    readStop(*stop, settings);
  if (const Json *checkpoint = recipe.find("checkpoint"))
    readCheckpoint(*checkpoint, settings);
  if (const Json *log = recipe.find("log"))
    settings.log = stringOf(*log, "log");
  const Json *schedule = recipe.find("schedule");
  settings.schedule = makeSchedule(schedule == nullptr ? Json("constant") : *schedule, settings.stop);
  return settings;
}

} // namespace cnnc
