/// \file The training loop.
#ifndef RUNTIME_TOOL_TRAINER_H
#define RUNTIME_TOOL_TRAINER_H

#include "runtime/tool/Checkpoint.h"
#include "runtime/tool/Evaluate.h"
#include "runtime/tool/Log.h"
#include "runtime/tool/Order.h"
#include "runtime/tool/Progress.h"
#include "runtime/tool/Settings.h"

#include <memory>
#include <optional>
#include <string>

namespace cnnc {

/// Where a run reads and writes; every path may be empty.
struct TrainFiles {
  fs::path out;     ///< the run's folder
  fs::path log;     ///< overrides the recipe's
  fs::path weights; ///< to start from
};

/// What came of a run.
struct TrainResult {
  RunState state;
  double lastLoss = 0;
  Scores scores;        ///< of the validation part at the end
  std::string bestName; ///< the metric that chose best.safetensors; "" without validation
  int signal = 0;       ///< that interrupted the run
  bool stoppedEarly = false;
  fs::path log;
};

class Trainer {
public:
  /// Reads the data and prepares everything that can fail before the first step. `resume`: nullptr for a new run.
  Trainer(const Library &library, Recipe recipe, const TrainFiles &files, unsigned threads, const Checkpoint *resume,
          RunFolder *folder, bool quiet);
  TrainResult run();

private:
  bool finished() const;
  void trainEpoch();
  float trainStep(const Batch &batch, const std::vector<float> &hypers);
  std::string notFiniteWhere(const Batch &batch);
  void endEpoch();
  Scores validate();
  void keepBest(const Scores &scores);
  void checkpoint();
  void writeEnd();
  uint64_t totalSteps() const;

  const Library &library;
  Recipe recipe;
  Settings settings;
  Dataset data;
  Feed feed;
  Split split;
  std::vector<std::unique_ptr<Metric>> metrics;
  Pool pool;
  Weights weights;
  std::optional<Context> training, inference;
  RunFolder *folder;
  RunState state;
  std::optional<Log> log;
  std::optional<ProgressBar> bar;
  TrainResult result;
  uint64_t savedStep;
};

/// Where a recipe's relative paths are looked for: the current folder, then the library's.
SourceContext sourceContext(const Library &library);

/// The data of a recipe; an Error that says how to name some if it names none.
Dataset readRecipeData(const Library &library, const Recipe &recipe);

/// The recipe in a library, with its hyper-parameters.
Recipe recipeOf(const Library &library);

} // namespace cnnc

#endif
