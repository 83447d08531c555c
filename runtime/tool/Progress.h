/// \file What a training run shows: a bar on a terminal, a line per epoch elsewhere.
#ifndef RUNTIME_TOOL_PROGRESS_H
#define RUNTIME_TOOL_PROGRESS_H

#include "runtime/tool/Evaluate.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace cnnc {

class ProgressBar {
public:
  /// `total` steps of the whole run; `first` are done already. With `quiet` nothing is shown.
  ProgressBar(uint64_t total, uint64_t first, bool quiet);
  /// After each step; draws a few times a second.
  void step(uint64_t step, uint64_t epoch, double loss);
  /// A line that stays; beyond the first ten epochs at most one a second.
  void epoch(uint64_t epoch, uint64_t step, double trainLoss, const Scores &scores);
  /// Wipes the bar.
  void finish();

private:
  using Clock = std::chrono::steady_clock;
  void wipe();

  uint64_t total, first;
  bool quiet, terminal, drawn = false;
  Clock::time_point start = Clock::now(), lastDraw = start, lastLine = start;
  std::string lastScores;
};

/// "val accuracy 98.3 %, val loss 0.05".
std::string scoresText(const Scores &scores, const std::string &prefix);

/// "2 min 5 s".
std::string durationText(double seconds);

} // namespace cnnc

#endif
