#include "runtime/tool/Curve.h"
#include "runtime/tool/Error.h"
#include "runtime/tool/Interrupt.h"
#include "runtime/tool/Trainer.h"
#include "runtime/tool/commands/Commands.h"
#include "runtime/tool/commands/Common.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <memory>

namespace cnnc {

namespace {

struct TrainOptions {
  std::string library, out, weights, data, log;
  std::vector<std::string> sets;
  std::optional<uint64_t> steps, seed;
  std::optional<unsigned> batch;
  unsigned threads = 0;
  bool resume = false, noShuffle = false, json = false;
};

void applyOptions(Recipe &recipe, const Library &library, const TrainOptions &options) {
  if (!options.data.empty())
    replaceData(recipe, library, options.data);
  applySets(recipe, options.sets);
  if (options.steps)
    recipe.set("stop", {{"value", *options.steps}, {"unit", "steps"}});
  if (options.batch)
    recipe.set("batch", *options.batch);
  if (options.seed)
    recipe.set("seed", *options.seed);
  if (options.noShuffle)
    recipe.set("shuffle", false);
}

/// A resumed run continues with the recipe it was started with.
Recipe resumedRecipe(const Checkpoint &checkpoint, const Library &library) {
  Recipe fresh = recipeOf(library);
  std::vector<Hyper> hypers(fresh.hypers().begin(), fresh.hypers().end());
  for (Hyper &hyper : hypers)
    hyper.value = checkpoint.hypers.value(hyper.name, hyper.value);
  return Recipe(checkpoint.recipe, std::move(hypers));
}

/// What a position inside an epoch depends on must not change in the middle of a run.
void checkSame(const Recipe &started, const Recipe &now) {
  for (const char *key : {"seed", "batch", "shuffle", "validation"}) {
    const Json *before = started.find(key), *after = now.find(key);
    if ((before == nullptr) != (after == nullptr) || (before != nullptr && *before != *after))
      fail("the run was started with {} = {}, not {}: resume without changing it, or start anew with another --out", key,
           before ? before->dump() : "its default", after ? after->dump() : "its default");
  }
}

void report(const TrainResult &result, const TrainOptions &options, const std::string &title, double seconds) {
  History history = readHistory(result.log);
  if (!options.out.empty())
    writeFile(fs::path(options.out) / "curve.svg", svgCurve(history, title, result.bestName));
  if (options.json) {
    Json scores = Json::object();
    for (const auto &[name, value] : result.scores)
      scores[name] = value;
    Json json = {{"steps", result.state.step},
                 {"epochs", result.state.epoch},
                 {"loss", result.lastLoss},
                 {"val", scores},
                 {"seconds", seconds},
                 {"interrupted", result.signal != 0},
                 {"stopped_early", result.stoppedEarly}};
    json["best"] = result.state.best
                       ? Json{{"metric", result.bestName}, {"value", *result.state.best}, {"step", result.state.bestStep}}
                       : Json();
    fmt::print("{}\n", json.dump());
    return;
  }
  fmt::print("{}", terminalCurve(thinned(history.losses, 240), "training loss", 60, 8));
  if (result.stoppedEarly)
    fmt::print("stopped early: no better val {} since step {}\n", result.bestName, result.state.bestStep);
  fmt::print("{} after {} steps, {} epochs, {}: loss {:.4g}{}{}\n", result.signal != 0 ? "interrupted" : "done",
             result.state.step, result.state.epoch, durationText(seconds), result.lastLoss, result.scores.empty() ? "" : ", ",
             scoresText(result.scores, "val "));
  if (result.state.best)
    fmt::print("best: {} at step {}\n", scoresText({{result.bestName, *result.state.best}}, "val "), result.state.bestStep);
  if (!options.out.empty())
    fmt::print("in {}: best.safetensors, last.safetensors, curve.svg, the log and the checkpoints\n", options.out);
}

void train(const TrainOptions &options) {
  if (options.out.empty() && options.log.empty())
    failUsage("train needs --out=FOLDER for its checkpoints (or only --log=FILE to keep nothing but the losses)");
  if (options.resume && options.out.empty())
    failUsage("--resume needs --out=FOLDER of the run to continue");
  if (options.resume && !options.weights.empty())
    failUsage("--resume continues with the checkpoint's weights; leave out --weights");
  auto start = std::chrono::steady_clock::now();
  Library library(options.library);
  std::optional<RunFolder> folder;
  if (!options.out.empty())
    folder.emplace(options.out, options.resume);
  std::optional<Checkpoint> checkpoint;
  if (options.resume)
    checkpoint = folder->newest(library);
  Recipe started = checkpoint ? resumedRecipe(*checkpoint, library) : recipeOf(library);
  Recipe recipe = started;
  applyOptions(recipe, library, options);
  if (checkpoint) {
    checkSame(started, recipe);
    if (!options.json)
      fmt::print("resuming at step {} from {}\n", checkpoint->state.step, checkpoint->path.string());
  }
  Trainer trainer(library, std::move(recipe), {options.out, options.log, options.weights}, options.threads,
                  checkpoint ? &*checkpoint : nullptr, folder ? &*folder : nullptr, options.json);
  catchInterrupts();
  TrainResult result = trainer.run();
  report(result, options, library.model().name, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  if (result.signal != 0)
    throw CLI::RuntimeError(128 + result.signal);
}

} // namespace

void addTrainCommand(CLI::App &app) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App *command = app.add_subcommand("train", "Train a model by its recipe");
  command->footer("Examples:\n"
                  "  cnnrt train digits.so --out=run1\n"
                  "  cnnrt train digits.so --out=run1 --resume\n"
                  "  cnnrt train digits.so --out=run2 --set optimizer.lr=0.05 --set 'schedule=cosine(over: 20 epochs)' --seed=3\n"
                  "  cnnrt train digits.so --weights=init.safetensors --data=x.npy,y.npy --no-shuffle --batch=32 --steps=50 "
                  "--log=loss.jsonl\n"
                  "SIGINT and SIGTERM finish the step, save, and exit with 128 + the signal.");
  addLibrary(*command, options->library);
  command->add_option("--out", options->out, "folder for checkpoints, weights, log and curve");
  repeated(command->add_option("--set", options->sets, "override a key of the recipe: batch=64, optimizer.lr=0.05"));
  command->add_flag("--resume", options->resume, "continue from the newest intact checkpoint in --out, with its settings");
  command->add_option("--steps", options->steps, "stop after this many steps in all")->check(positive);
  command->add_option("--seed", options->seed, "of initial weights, order, augmentation, dropout");
  command->add_option("--weights", options->weights, "safetensors to start from");
  command->add_option("--data", options->data, "x.npy,y.npy instead of the recipe's data; no validation, no augmentation");
  command->add_flag("--no-shuffle", options->noShuffle, "examples in the order of the file");
  addBatch(*command, options->batch, "examples a step");
  addThreads(*command, options->threads);
  command->add_option("--log", options->log, "JSONL of steps and epochs, instead of the one in --out");
  command->add_flag("--json", options->json, "one JSON object at the end and nothing else on standard output");
  command->callback([options] { train(*options); });
}

} // namespace cnnc
