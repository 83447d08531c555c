#include "runtime/tool/Log.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/Json.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <sstream>

namespace cnnc {

static constexpr uint64_t maxLog = uint64_t(4) << 30;

/// Calls visit(line, object) for each whole line that is a JSON object with a step.
template <typename Visit> static void forEachLine(const fs::path &path, Visit visit) {
  std::istringstream lines(readText(path, maxLog));
  for (std::string line; std::getline(lines, line);) {
    Json json = Json::parse(line, nullptr, false);
    if (json.is_object() && json.contains("step") && json["step"].is_number_unsigned())
      visit(line, json);
  }
}

Log::Log(fs::path target, uint64_t step) : path(std::move(target)) {
  std::string kept;
  std::error_code ignored;
  if (step > 0 && fs::exists(path, ignored))
    forEachLine(path, [&](const std::string &line, const Json &json) {
      if (json["step"].get<uint64_t>() <= step)
        kept += line + "\n";
    });
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) // a pipe or /dev/stdout
    kept.clear();
  else
    writeFile(path, std::string_view(kept));
  file = std::fopen(path.c_str(), "ae");
  if (file == nullptr)
    fail("cannot write '{}': {}", path.string(), std::strerror(errno));
}

Log::~Log() { std::fclose(file); }

void Log::write(const std::string &line) {
  if (std::fwrite(line.data(), 1, line.size(), file) != line.size())
    fail("cannot write '{}': {}; free some space", path.string(), std::strerror(errno));
}

void Log::step(uint64_t step, uint64_t epoch, float loss, float lr) {
  write(fmt::format("{{\"step\": {}, \"epoch\": {}, \"loss\": {:.17g}, \"lr\": {:.17g}}}\n", step, epoch, double(loss),
                    double(lr)));
}

void Log::epoch(uint64_t epoch, uint64_t step, double trainLoss, const Scores &scores) {
  std::string line = fmt::format("{{\"epoch\": {}, \"step\": {}, \"train_loss\": {:.17g}", epoch, step, trainLoss);
  for (const auto &[name, value] : scores)
    line += std::isfinite(value) ? fmt::format(", \"val_{}\": {:.17g}", name, value) : fmt::format(", \"val_{}\": null", name);
  write(line + "}\n");
}

void Log::flush() {
  if (std::fflush(file) != 0)
    fail("cannot write '{}': {}; free some space", path.string(), std::strerror(errno));
}

History readHistory(const fs::path &path) {
  History history;
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored))
    return history;
  forEachLine(path, [&](const std::string &, const Json &json) {
    uint64_t step = json["step"];
    if (json.contains("loss") && json["loss"].is_number())
      history.losses.emplace_back(step, json["loss"]);
    if (!json.contains("train_loss"))
      return;
    History::Validation validation = {step, {}};
    for (const auto &[key, value] : json.items())
      if (key.starts_with("val_") && value.is_number())
        validation.scores.emplace_back(key.substr(4), value);
    history.validations.push_back(std::move(validation));
  });
  return history;
}

} // namespace cnnc
