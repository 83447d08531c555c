#include "runtime/tool/Error.h"
#include "runtime/tool/Evaluate.h"
#include "runtime/tool/Trainer.h"
#include "runtime/tool/commands/Commands.h"
#include "runtime/tool/commands/Common.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <random>

namespace cnnc {

namespace {

struct BenchOptions {
  std::string library;
  unsigned batch = 1, threads = 1;
  double seconds = 1;
  bool train = false, json = false;
};

/// Inputs and targets of the right shapes; the values do not matter for the time.
Batch arbitraryBatch(const Library &library, unsigned n) {
  Batch batch;
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(0, 1);
  batch.n = n;
  for (auto tensors : {library.inputs(), library.targets()})
    for (const cnnc_tensor_info &tensor : tensors) {
      size_t count = tensor.elements * (tensor.whole ? 1 : n);
      batch.floats.emplace_back(tensor.dtype == cnnc_f32 ? count : 0);
      batch.integers.emplace_back(tensor.dtype == cnnc_i32 ? count : 0, 0);
      for (float &value : batch.floats.back())
        value = uniform(random);
    }
  for (size_t i = 0; i < batch.floats.size(); ++i)
    batch.pointers.push_back(batch.floats[i].empty() ? static_cast<const void *>(batch.integers[i].data())
                                                     : batch.floats[i].data());
  return batch;
}

/// Milliseconds of each call within about `seconds`, after as long a warm-up as a tenth of it; at least five calls.
std::vector<double> measure(const std::function<void()> &call, double seconds) {
  using Clock = std::chrono::steady_clock;
  auto since = [](Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); };
  for (auto start = Clock::now(); since(start) < seconds / 10;)
    call();
  std::vector<double> times;
  for (auto start = Clock::now(); times.size() < 5 || since(start) < seconds;) {
    auto before = Clock::now();
    call();
    times.push_back(1e3 * since(before));
  }
  std::sort(times.begin(), times.end());
  return times;
}

void bench(const BenchOptions &options) {
  Library library(options.library);
  if (options.train && library.targets().empty())
    fail("'{}' was compiled without training: add a train block to the model, or use cnnc --train", options.library);
  Pool pool(library, options.threads);
  Weights weights(library, 1);
  unsigned n = library.batchFor(options.batch);
  Context context(library, weights, n, options.train, pool);
  Batch batch = arbitraryBatch(library, n);
  OutputBuffers outputs(library, n);
  std::vector<float> hypers;
  for (const cnnc_hyper_info &hyper : library.hypers())
    hypers.push_back(std::string_view(hyper.name) == "lr" ? 0.0f : hyper.value); // the weights stay finite however long it runs
  uint64_t step = 0;
  auto times = measure(
      [&] {
        if (options.train)
          context.trainStep(batch.n, batch.pointers, 1, ++step, hypers);
        else
          context.forward(batch.n, {batch.pointers.data(), library.inputs().size()}, outputs.pointers);
      },
      options.seconds);
  double least = times.front(), median = times[times.size() / 2];
  uint64_t flops = options.train ? library.note().trainFlops : library.note().inferFlops;
  Json gflops = flops == 0 ? Json() : Json(double(flops) * n / (median * 1e6));
  if (options.json) {
    Json json = {{"model", library.model().name}, {"batch", n},      {"threads", options.threads}, {"train", options.train},
                 {"runs", times.size()},          {"min_ms", least}, {"median_ms", median},        {"gflops", gflops}};
    fmt::print("{}\n", json.dump());
    return;
  }
  fmt::print("{} {}, batch {}, {} threads: min {:.4g} ms, median {:.4g} ms of {} runs", library.model().name,
             options.train ? "training step" : "inference", n, options.threads, least, median, times.size());
  fmt::print("{}\n", gflops.is_null() ? "" : fmt::format(", {:.4g} GFLOP/s", gflops.get<double>()));
}

} // namespace

void addBenchCommand(CLI::App &app) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App *command = app.add_subcommand("bench", "Time inference or a training step");
  command->footer("Examples:\n  cnnrt bench digits.so --batch=1 --threads=1 --json\n  cnnrt bench digits.so --batch=128 "
                  "--threads=2 --train\nGFLOP/s are of the median; null where the library does not state its operations.");
  addLibrary(*command, options->library);
  addBatch(*command, options->batch);
  addThreads(*command, options->threads);
  command->add_option("--seconds", options->seconds, "how long to measure")->check(positive);
  command->add_flag("--train", options->train, "a training step instead of inference");
  command->add_flag("--json", options->json, "one JSON object");
  command->callback([options] { bench(*options); });
}

} // namespace cnnc
