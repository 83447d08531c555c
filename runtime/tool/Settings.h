/// \file A recipe and the command line, decided: everything a training run does.
#ifndef RUNTIME_TOOL_SETTINGS_H
#define RUNTIME_TOOL_SETTINGS_H

#include "runtime/tool/Recipe.h"
#include "runtime/tool/Schedule.h"
#include "runtime/tool/Value.h"

#include <optional>
#include <string>

namespace cnnc {

struct Settings {
  unsigned batch = 32;
  uint64_t seed = 1;
  bool shuffle = true;
  double validation = 0;      ///< fraction of the training part
  Duration stop = {10, true}; ///< the longest run
  unsigned patience = 0;      ///< epochs without a better score before stopping; 0: never
  Duration every = {1, true}; ///< between checkpoints
  unsigned keep = 3;          ///< checkpoints
  std::string best;           ///< metric of the validation part, without "val."; "" without validation
  Schedule schedule;
  std::string log = "log.jsonl";
};

/// Reads the keys of a recipe; an Error names the key and what it expects.
Settings settingsOf(const Recipe &recipe);

} // namespace cnnc

#endif
