#include "runtime/tool/Error.h"
#include "runtime/tool/Trainer.h"
#include "runtime/tool/commands/Commands.h"
#include "runtime/tool/commands/Common.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace cnnc {

namespace {

struct EvalOptions {
  std::string library, weights, data;
  std::vector<std::string> sets;
  unsigned threads = 0, batch = 128;
  bool json = false;
};

/// The part of the data to judge by: test, else validation, else training.
struct Chosen {
  const Part *part;
  std::vector<uint32_t> examples;
  const char *name;
};

Chosen choose(const Dataset &data, const Settings &settings, bool given) {
  if (data.test)
    return {&*data.test, allExamples(*data.test), "test"};
  Split split = splitExamples(static_cast<uint32_t>(data.train.rows()), settings.validation, settings.seed);
  if (!split.validation.empty())
    return {&data.train, split.validation, "validation"};
  return {&data.train, allExamples(data.train), given ? "given" : "training"};
}

void evaluateCommand(const EvalOptions &options) {
  Library library(options.library);
  Recipe recipe = recipeOf(library);
  if (!options.data.empty())
    replaceData(recipe, library, options.data);
  applySets(recipe, options.sets);
  Settings settings = settingsOf(recipe);
  Dataset data = readRecipeData(library, recipe);
  Chosen chosen = choose(data, settings, !options.data.empty());
  Feed feed(library.inputs(), library.targets(), recipe, *chosen.part);
  auto metrics = makeMetrics(recipe, library.targets()[0]);
  Pool pool(library, options.threads);
  Weights weights(library, settings.seed);
  if (!options.weights.empty())
    loadWeights(weights, options.weights);
  Context context(library, weights, std::min<unsigned>(options.batch, static_cast<unsigned>(chosen.examples.size())), false,
                  pool);
  Scores scores = evaluate(library, context, feed, *chosen.part, chosen.examples, metrics);
  if (!options.json) {
    fmt::print("{} examples: {} ({} part)\n", chosen.examples.size(), scoresText(scores, ""), chosen.name);
    return;
  }
  Json json = {{"part", chosen.name}, {"examples", chosen.examples.size()}};
  for (const auto &[name, value] : scores)
    json[name] = value;
  fmt::print("{}\n", json.dump());
}

} // namespace

void addEvalCommand(CLI::App &app) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App *command = app.add_subcommand("eval", "Measure a trained model on the test part of its data");
  command->footer("Examples:\n  cnnrt eval digits.so --weights=run1/best.safetensors\n  cnnrt eval digits.so "
                  "--weights=run1/best.safetensors --data=x.npy,y.npy --json");
  command->add_option("library", options->library, "the .so that cnnc wrote")->required();
  command->add_option("--weights", options->weights, "safetensors; without it the embedded or initial weights");
  command->add_option("--data", options->data, "x.npy,y.npy instead of the recipe's data");
  command->add_option("--set", options->sets, "override a key of the recipe")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--threads", options->threads, "0: as many as cores");
  command->add_option("--batch", options->batch, "examples at once")->check(CLI::PositiveNumber);
  command->add_flag("--json", options->json, "one JSON object");
  command->callback([options] { evaluateCommand(*options); });
}

} // namespace cnnc
