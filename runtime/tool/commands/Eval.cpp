#include "runtime/tool/Checkpoint.h"
#include "runtime/tool/Error.h"
#include "runtime/tool/Preview.h"
#include "runtime/tool/Trainer.h"
#include "runtime/tool/commands/Answer.h"
#include "runtime/tool/commands/Commands.h"
#include "runtime/tool/commands/Common.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <memory>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cnnc {

namespace {

struct EvalOptions {
  std::string library, weights, data;
  std::vector<std::string> sets;
  unsigned threads = 0, batch = 128, show = 0;
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

/// The validation part is the one of the run that made the weights.
void takeSeed(Settings &settings, const Metadata &metadata) {
  auto seed = metadata.find("seed");
  if (seed != metadata.end())
    std::from_chars(seed->second.data(), seed->second.data() + seed->second.size(), settings.seed);
}

size_t terminalWidth() {
  winsize size = {};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : 80;
}

/// Prints a few images, spread over the part, with the model's answer and the truth.
void show(const Library &library, Context &context, const Feed &feed, const Chosen &chosen, unsigned count) {
  const cnnc_tensor_info &input = library.inputs()[0];
  if (input.rank != 3 || input.dtype != cnnc_f32)
    fail("--show draws images, the model's '{}' takes none (rank {})", input.name, input.rank);
  std::vector<Preview> previews;
  OutputBuffers outputs(library, 1);
  Batch batch;
  for (unsigned i = 0; i < count; ++i) {
    uint32_t example = chosen.examples[chosen.examples.size() * i / count];
    feed.fill(batch, *chosen.part, {&example, 1}, std::nullopt);
    context.forward(1, {batch.pointers.data(), feed.inputCount()}, outputs.pointers);
    Preview preview = {Image(input.dims[0], input.dims[1], input.dims[2]), {}};
    preview.image.values = batch.floats[0];
    preview.captions.push_back(answerText(outputs.values[0].data(), outputs.values[0].size(), givesLogits(library), 1));
    const std::vector<int32_t> &labels = batch.integers[feed.inputCount()];
    if (labels.size() == 1)
      preview.captions.push_back(fmt::format("is {}", labels[0]));
    previews.push_back(std::move(preview));
  }
  fmt::print("{}", previewText(previews, !isatty(STDOUT_FILENO), terminalWidth()));
}

void evaluateCommand(const EvalOptions &options) {
  Library library(options.library);
  Recipe recipe = recipeOf(library);
  if (!options.data.empty())
    replaceData(recipe, library, options.data);
  applySets(recipe, options.sets);
  Settings settings = settingsOf(recipe);
  Dataset data = readRecipeData(library, recipe);
  Pool pool(library, options.threads);
  Weights weights(library, settings.seed);
  if (!options.weights.empty())
    takeSeed(settings, loadWeights(weights, options.weights));
  Chosen chosen = choose(data, settings, !options.data.empty());
  Feed feed(library.inputs(), library.targets(), recipe, *chosen.part);
  auto metrics = makeMetrics(recipe, library.targets()[0]);
  auto batch = std::min<unsigned>(options.batch, static_cast<unsigned>(chosen.examples.size()));
  Context context(library, weights, batch, false, pool);
  Scores scores = evaluate(library, context, feed, *chosen.part, chosen.examples, metrics);
  if (!options.json) {
    if (options.show != 0)
      show(library, context, feed, chosen, options.show);
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
  addLibrary(*command, options->library);
  command->add_option("--weights", options->weights, "safetensors; without it the embedded or initial weights");
  command->add_option("--data", options->data, "x.npy,y.npy instead of the recipe's data");
  repeated(command->add_option("--set", options->sets, "override a key of the recipe"));
  addThreads(*command, options->threads);
  addBatch(*command, options->batch);
  command->add_option("--show", options->show, "draw this many images with the model's answers")->check(CLI::Range(1, 64));
  command->add_flag("--json", options->json, "one JSON object");
  command->callback([options] { evaluateCommand(*options); });
}

} // namespace cnnc
