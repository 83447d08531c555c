/// \file The run's log: one JSON object a line, a step or an epoch.
#ifndef RUNTIME_TOOL_LOG_H
#define RUNTIME_TOOL_LOG_H

#include "runtime/tool/Evaluate.h"
#include "runtime/tool/File.h"

#include <cstdio>
#include <string>
#include <vector>

namespace cnnc {

/// What a plot needs of a log.
struct History {
  std::vector<std::pair<uint64_t, double>> losses; ///< step, loss
  struct Validation {
    uint64_t step;
    Scores scores;
  };
  std::vector<Validation> validations;
};

class Log {
public:
  /// Continues `path` after `step` (0: anew): later lines belong to work that a kill undid.
  Log(fs::path path, uint64_t step);
  ~Log();
  Log(const Log &) = delete;
  Log &operator=(const Log &) = delete;

  /// {"step", "epoch", "loss", "lr"}: floats to 17 digits.
  void step(uint64_t step, uint64_t epoch, float loss, float lr);
  /// {"epoch", "step", "train_loss", "val_<metric>" …}
  void epoch(uint64_t epoch, uint64_t step, double trainLoss, const Scores &scores);
  /// Everything so far is in the file.
  void flush();

private:
  void write(const std::string &line);

  fs::path path;
  std::FILE *file;
};

/// Reads a log back; lines that are not ours are passed over.
History readHistory(const fs::path &path);

} // namespace cnnc

#endif
