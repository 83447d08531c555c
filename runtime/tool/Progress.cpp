#include "runtime/tool/Progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace cnnc {

std::string scoresText(const Scores &scores, const std::string &prefix) {
  std::string text;
  for (const auto &[name, value] : scores)
    text += (text.empty() ? "" : ", ") + (name == "loss" ? fmt::format("{}{} {:.4g}", prefix, name, value)
                                                         : fmt::format("{}{} {:.2f} %", prefix, name, 100 * value));
  return text;
}

std::string durationText(double seconds) {
  auto whole = static_cast<uint64_t>(seconds + 0.5);
  if (whole < 60)
    return fmt::format("{} s", whole);
  if (whole < 3600)
    return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

ProgressBar::ProgressBar(uint64_t total, uint64_t first, bool quiet)
    : total(total), first(first), quiet(quiet), terminal(isatty(STDOUT_FILENO)) {}

void ProgressBar::wipe() {
  if (drawn)
    fmt::print("\r\x1b[K");
  drawn = false;
}

void ProgressBar::step(uint64_t step, uint64_t epoch, double loss) {
  auto now = Clock::now();
  if (quiet || !terminal || now - lastDraw < std::chrono::milliseconds(100))
    return;
  lastDraw = now;
  double seconds = std::chrono::duration<double>(now - start).count();
  double part = total == 0 ? 1 : double(step) / double(total);
  double left = seconds / double(std::max<uint64_t>(step - first, 1)) * double(total > step ? total - step : 0);
  constexpr size_t width = 28;
  auto full = static_cast<size_t>(part * width);
  std::string bar;
  for (size_t i = 0; i < width; ++i)
    bar += i < full ? "█" : "·";
  fmt::print("\r\x1b[K{} {:3.0f} %  epoch {}  loss {:.4f}  {}{}left {}", bar, 100 * part, epoch, loss, lastScores,
             lastScores.empty() ? "" : "  ", durationText(left));
  std::fflush(stdout);
  drawn = true;
}

void ProgressBar::epoch(uint64_t epoch, uint64_t step, double trainLoss, const Scores &scores) {
  lastScores = scoresText(scores, "val ");
  // A run of many short epochs prints some of them.
  auto now = Clock::now();
  if (quiet || (epoch > 10 && now - lastLine < std::chrono::seconds(1)))
    return;
  lastLine = now;
  wipe();
  fmt::print("epoch {:>3}  step {:>6}  loss {:.4f}{}{}\n", epoch, step, trainLoss, scores.empty() ? "" : "  ", lastScores);
  std::fflush(stdout);
}

void ProgressBar::finish() {
  wipe();
  std::fflush(stdout);
}

} // namespace cnnc
