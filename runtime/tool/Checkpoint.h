/// \file Checkpoints of a run: written so that `kill -9` at any moment loses none, found again by their hashes.
#ifndef RUNTIME_TOOL_CHECKPOINT_H
#define RUNTIME_TOOL_CHECKPOINT_H

#include "runtime/tool/Json.h"
#include "runtime/tool/Library.h"
#include "runtime/tool/Recipe.h"
#include "runtime/tool/Safetensors.h"

#include <optional>
#include <string>

namespace cnnc {

/// All of a run's state that is not in the parameters. Random numbers and schedules are functions of it.
struct RunState {
  uint64_t step = 0;   ///< steps done
  uint64_t epoch = 0;  ///< whole epochs done
  uint64_t cursor = 0; ///< examples of the current epoch done
  double lossSum = 0;  ///< of the current epoch's examples
  std::optional<double> best;
  double bestLoss = 0; ///< of the validation part; of equal metrics the lower loss is better
  uint64_t bestStep = 0;
  uint64_t stale = 0; ///< epochs since the best

  uint64_t examples = 0; ///< to train on, in an epoch
};

/// A checkpoint that verified.
struct Checkpoint {
  fs::path path;
  Bytes bytes;
  RunState state;
  Json recipe; ///< keys with the run's overrides
  Json hypers; ///< name to value
};

/// Loads the file's weights, checked for damage if it carries hashes; returns its metadata.
Metadata loadWeights(Weights &weights, const fs::path &path);

/// The folder of a run.
class RunFolder {
public:
  /// Without `resume`, an Error if the folder holds checkpoints already. Nothing is made yet.
  RunFolder(fs::path folder, bool resume);
  /// Makes the folder and clears what a kill left behind.
  void create() const;

  const fs::path &path() const { return folder; }
  /// The newest checkpoint that verifies and belongs to `library`; warns on stderr about damaged ones.
  std::optional<Checkpoint> newest(const Library &library) const;
  /// Writes a checkpoint, then prunes all but the newest `keep`.
  void save(const Library &library, const Weights &weights, const RunState &state, const Recipe &recipe, unsigned keep) const;
  /// Writes plain weights as `name`, with the step and the seed they came from.
  void saveWeights(const Library &library, const Weights &weights, const std::string &name, const RunState &state,
                   uint64_t seed) const;

private:
  fs::path folder;
};

} // namespace cnnc

#endif
