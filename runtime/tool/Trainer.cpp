#include "runtime/tool/Trainer.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/Interrupt.h"

#include <algorithm>
#include <cmath>

namespace cnnc {

SourceContext sourceContext(const Library &library) {
  fs::path beside = library.path().parent_path();
  return {{".", beside.empty() ? fs::path(".") : beside}, library.inputs(), library.targets()};
}

Dataset readRecipeData(const Library &library, const Recipe &recipe) {
  if (library.targets().empty())
    fail("'{}' was compiled without training: add a train block to the model, or use cnnc --train", library.path().string());
  const Json *value = recipe.find("data");
  if (value == nullptr)
    fail("the recipe of '{}' names no data: give --data=x.npy,y.npy or --set data=…", library.path().string());
  return readDataset(*value, sourceContext(library));
}

Recipe recipeOf(const Library &library) {
  std::string text = library.model().recipe;
  std::vector<Hyper> hypers;
  for (const cnnc_hyper_info &hyper : library.hypers())
    hypers.push_back({hyper.name, hyper.value});
  return Recipe(text.empty() ? Json() : parseJson(text, "the library's recipe"), std::move(hypers));
}

Trainer::Trainer(const Library &library, Recipe given, const TrainFiles &files, unsigned threads, const Checkpoint *resume,
                 RunFolder *folder, bool quiet)
    : library(library), recipe(std::move(given)), settings(settingsOf(recipe)), data(readRecipeData(library, recipe)),
      feed(library.inputs(), library.targets(), recipe, data.train),
      split(splitExamples(static_cast<uint32_t>(data.train.rows()), settings.validation, settings.seed)),
      metrics(makeMetrics(recipe, library.targets()[0])), pool(library, threads), weights(library, settings.seed),
      folder(folder) {
  if (resume != nullptr) {
    weights.load(resume->bytes, resume->path.string());
    state = resume->state;
    if (state.examples != split.train.size())
      fail("'{}' was trained on {} examples, the data now has {}: resume with the same data", resume->path.string(),
           state.examples, split.train.size());
  } else if (!files.weights.empty()) {
    loadWeights(weights, files.weights);
  }
  state.examples = split.train.size();
  savedStep = state.step;
  result.bestName = split.validation.empty() ? "" : settings.best.empty() ? metrics.front()->name : settings.best;
  auto known = [&](const auto &metric) { return metric->name == result.bestName; };
  if (!result.bestName.empty() && std::none_of(metrics.begin(), metrics.end(), known))
    fail("checkpoint's 'best' is \"val.{}\" and that is not among the recipe's metrics: add it to metrics", result.bestName);
  settings.batch = static_cast<unsigned>(std::min<size_t>(settings.batch, split.train.size()));
  training.emplace(library, weights, settings.batch, true, pool);
  if (!split.validation.empty())
    inference.emplace(library, weights, std::min<unsigned>(128, static_cast<unsigned>(split.validation.size())), false, pool);
  if (folder != nullptr)
    folder->create();
  result.log = !files.log.empty() ? files.log : files.out / settings.log;
  log.emplace(result.log, state.step);
  bar.emplace(totalSteps(), state.step, quiet);
}

uint64_t Trainer::totalSteps() const {
  uint64_t perEpoch = (split.train.size() + settings.batch - 1) / settings.batch;
  auto length = static_cast<uint64_t>(settings.stop.value);
  return settings.stop.epochs ? length * perEpoch : length;
}

bool Trainer::finished() const {
  if (result.signal != 0 || result.stoppedEarly)
    return true;
  return double(settings.stop.epochs ? state.epoch : state.step) >= settings.stop.value;
}

void Trainer::trainEpoch() {
  auto epoch = static_cast<uint32_t>(state.epoch);
  std::vector<uint32_t> order = settings.shuffle ? shuffled(split.train, settings.seed, epoch) : split.train;
  std::vector<float> hypers;
  for (const Hyper &hyper : recipe.hypers())
    hypers.push_back(hyper.value);
  int lrIndex = recipe.hyperIndex("lr");
  Batch batch;
  while (state.cursor < order.size() && !finished()) {
    size_t n = std::min<size_t>(settings.batch, order.size() - state.cursor);
    feed.fill(batch, data.train, std::span(order).subspan(state.cursor, n), AugmentKey{settings.seed, epoch});
    float lr = 0;
    if (lrIndex >= 0) {
      lr = static_cast<float>(double(recipe.hypers()[size_t(lrIndex)].value) * settings.schedule({state.epoch, state.step}));
      hypers[size_t(lrIndex)] = lr;
    }
    float loss = trainStep(batch, hypers);
    ++state.step;
    state.cursor += n;
    state.lossSum += double(loss) * double(n);
    result.lastLoss = loss;
    log->step(state.step, state.epoch + 1, loss, lr);
    bar->step(state.step, state.epoch + 1, loss);
    result.signal = interruptSignal();
    bool due = !settings.every.epochs && state.step % static_cast<uint64_t>(settings.every.value) == 0;
    if (due && state.cursor < order.size())
      checkpoint();
  }
}

float Trainer::trainStep(const Batch &batch, const std::vector<float> &hypers) {
  std::string where = "the loss";
  try {
    float loss = training->trainStep(batch.n, batch.pointers, settings.seed, state.step + 1, hypers);
    if (std::isfinite(loss))
      return loss;
  } catch (const NotFinite &) {
    where = notFiniteWhere(batch);
  }
  log->flush();
  std::string saved;
  if (folder != nullptr)
    saved =
        savedStep == 0 ? "; no checkpoint had been written yet" : fmt::format("; the checkpoint of step {} is intact", savedStep);
  fail("{} is not finite at step {}: lower optimizer.lr, clip the gradients, or check the data{}", where, state.step + 1, saved);
}

/// Gradients flow from the end of the network to its start: the last parameter that has one which is not finite is where
/// it began.
std::string Trainer::notFiniteWhere(const Batch &batch) {
  try {
    training->loss(batch.n, batch.pointers, settings.seed, state.step + 1);
    training->backward();
  } catch (const NotFinite &) {
    return "the loss";
  }
  std::string where = "a gradient";
  for (const cnnc_parameter_info &parameter : library.parameters()) {
    if (parameter.kind != cnnc_weight || !parameter.trainable)
      continue;
    std::vector<float> gradient(parameter.elements);
    training->gradient(parameter.name, gradient);
    if (!std::all_of(gradient.begin(), gradient.end(), [](float value) { return std::isfinite(value); }))
      where = fmt::format("the gradient of '{}'", parameter.name);
  }
  return where;
}

Scores Trainer::validate() {
  return inference ? evaluate(library, *inference, feed, data.train, split.validation, metrics) : Scores();
}

void Trainer::keepBest(const Scores &scores) {
  auto valueOf = [&](const std::string &name) {
    return std::find_if(scores.begin(), scores.end(), [&](const auto &score) { return score.first == name; })->second;
  };
  auto metric = std::find_if(metrics.begin(), metrics.end(), [&](const auto &one) { return one->name == result.bestName; });
  double value = valueOf(result.bestName), loss = valueOf("loss");
  bool higher = (*metric)->higherIsBetter;
  bool better =
      !state.best || (higher ? value > *state.best : value < *state.best) || (value == *state.best && loss < state.bestLoss);
  if (std::isnan(value) || !better)
    return;
  state.best = value;
  state.bestLoss = loss;
  state.bestStep = state.step;
  if (folder != nullptr)
    folder->saveWeights(library, weights, "best.safetensors", state, settings.seed);
}

void Trainer::endEpoch() {
  double trainLoss = state.lossSum / double(state.cursor);
  ++state.epoch;
  state.cursor = 0;
  state.lossSum = 0;
  result.scores = validate();
  if (!result.scores.empty()) {
    log->epoch(state.epoch, state.step, trainLoss, result.scores);
    keepBest(result.scores);
    state.stale = state.bestStep == state.step ? 0 : state.stale + 1;
    result.stoppedEarly = settings.patience != 0 && state.stale >= settings.patience;
  }
  bar->epoch(state.epoch, state.step, trainLoss, result.scores);
  bool due = settings.every.epochs ? state.epoch % static_cast<uint64_t>(settings.every.value) == 0
                                   : state.step % static_cast<uint64_t>(settings.every.value) == 0;
  if (due)
    checkpoint();
}

void Trainer::checkpoint() {
  log->flush();
  if (folder != nullptr)
    folder->save(library, weights, state, recipe, settings.keep);
  savedStep = state.step;
}

void Trainer::writeEnd() {
  if (savedStep != state.step)
    checkpoint();
  log->flush();
  if (result.signal == 0 && state.cursor != 0) { // stopped inside an epoch: its weights are candidates too
    result.scores = validate();
    if (!result.scores.empty())
      keepBest(result.scores);
  }
  if (folder == nullptr)
    return;
  folder->saveWeights(library, weights, "last.safetensors", state, settings.seed);
  if (!inference)
    folder->saveWeights(library, weights, "best.safetensors", state, settings.seed);
}

TrainResult Trainer::run() {
  result.stoppedEarly = settings.patience != 0 && state.stale >= settings.patience;
  while (!finished()) {
    trainEpoch();
    if (state.cursor == split.train.size())
      endEpoch();
  }
  bar->finish();
  writeEnd();
  result.state = state;
  return result;
}

} // namespace cnnc
