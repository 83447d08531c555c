#include "runtime/tool/Checkpoint.h"
#include "runtime/tool/Error.h"
#include "runtime/tool/GradientCheck.h"
#include "runtime/tool/Philox.h"
#include "runtime/tool/Trainer.h"
#include "runtime/tool/commands/Commands.h"
#include "runtime/tool/commands/Common.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <numeric>

namespace cnnc {

namespace {

struct CheckOptions {
  std::string library, weights, data;
  uint64_t seed = 1;
  unsigned batch = 8, threads = 0;
  double tolerance = 0.03;
  bool json = false;
};

/// Values uniform in [0, 1) and random labels, where no data is given.
Batch randomBatch(const Library &library, unsigned n, uint64_t seed) {
  Batch batch;
  batch.n = n;
  uint32_t place = 0;
  for (auto tensors : {library.inputs(), library.targets()})
    for (const cnnc_tensor_info &tensor : tensors) {
      size_t count = tensor.elements * (tensor.whole ? 1 : n);
      batch.floats.emplace_back(tensor.dtype == cnnc_f32 ? count : 0);
      batch.integers.emplace_back(tensor.dtype == cnnc_i32 ? count : 0);
      for (size_t i = 0; i < count; ++i) {
        auto random = randomBits(seed, Purpose::GradientCheck, place, 1, static_cast<uint32_t>(i));
        if (tensor.dtype == cnnc_f32)
          batch.floats.back()[i] = float(random[0] >> 8) / float(1 << 24);
        else
          batch.integers.back()[i] = static_cast<int32_t>(below(std::max(tensor.classes, 1u), random[0], random[1]));
      }
      ++place;
    }
  for (size_t i = 0; i < batch.floats.size(); ++i)
    batch.pointers.push_back(batch.floats[i].empty() ? static_cast<const void *>(batch.integers[i].data())
                                                     : batch.floats[i].data());
  return batch;
}

Batch givenBatch(const Library &library, const CheckOptions &options) {
  Recipe recipe = recipeOf(library);
  replaceData(recipe, library, options.data);
  Dataset data = readRecipeData(library, recipe);
  Feed feed(library.inputs(), library.targets(), recipe, data.train);
  std::vector<uint32_t> examples = allExamples(data.train);
  examples.resize(std::min<size_t>(examples.size(), options.batch));
  Batch batch;
  feed.fill(batch, data.train, examples, std::nullopt);
  return batch;
}

/// Moves every weight by up to 0.05: weights that start at 0 put a perceptron's or a ReLU's sums on the kink, where there
/// is no derivative to compare with.
void leaveKinks(const Library &library, Weights &weights, uint64_t seed) {
  uint32_t place = 0;
  for (const cnnc_parameter_info &info : library.parameters()) {
    if (info.kind != cnnc_weight)
      continue;
    std::vector<float> values(info.elements);
    weights.get(info.name, values);
    for (size_t i = 0; i < values.size(); ++i) {
      uint32_t random = randomBits(seed, Purpose::GradientCheck, place, 2, static_cast<uint32_t>(i))[0];
      values[i] += 0.1f * (float(random >> 8) / float(1 << 24) - 0.5f);
    }
    weights.set(info.name, values);
    ++place;
  }
}

void checkGrad(const CheckOptions &options) {
  Library library(options.library);
  if (library.targets().empty())
    fail("'{}' was compiled without training: add a train block to the model, or use cnnc --train", options.library);
  Pool pool(library, options.threads);
  Weights weights(library, options.seed);
  if (!options.weights.empty())
    loadWeights(weights, options.weights);
  else
    leaveKinks(library, weights, options.seed);
  Batch batch =
      options.data.empty() ? randomBatch(library, library.batchFor(options.batch), options.seed) : givenBatch(library, options);
  Context context(library, weights, batch.n, true, pool);
  auto checks = checkGradients(library, weights, context, batch, options.seed, options.tolerance);
  size_t failed = 0;
  Json json = Json::array();
  for (const ParameterCheck &check : checks) {
    failed += !check.passed;
    if (options.json)
      json.push_back(
          {{"name", check.name}, {"gradient_norm", check.norm}, {"max_relative_error", check.worst}, {"passed", check.passed}});
    else
      fmt::print("{} {:<32} gradient norm {:<10.4g} max relative error {:.2g}\n", check.passed ? "ok  " : "FAIL", check.name,
                 check.norm, check.worst);
  }
  if (options.json)
    fmt::print("{}\n", json.dump());
  if (failed != 0)
    fail("{} of {} gradients differ from central differences by more than {} of their size", failed, checks.size(),
         options.tolerance);
}

} // namespace

void addCheckGradCommand(CLI::App &app) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App *command = app.add_subcommand("check-grad", "Compare the compiled backward pass with central differences");
  command->footer(
      "Examples:\n  cnnrt check-grad digits.so\n  cnnrt check-grad digits.so --weights=run1/best.safetensors --data=x.npy,y.npy "
      "--batch=4\n"
      "Differences of a float loss are good to about two digits along a gradient; errors beyond --tolerance of it fail.");
  addLibrary(*command, options->library);
  command->add_option("--weights", options->weights, "safetensors; without it the initial weights, moved a little at random");
  command->add_option("--data", options->data, "x.npy,y.npy instead of random values in [0, 1)");
  addBatch(*command, options->batch, "examples");
  command->add_option("--seed", options->seed, "of weights, values, directions");
  addThreads(*command, options->threads);
  command->add_option("--tolerance", options->tolerance, "largest relative error")->check(positive);
  command->add_flag("--json", options->json, "one JSON array");
  command->callback([options] { checkGrad(*options); });
}

} // namespace cnnc
