#include "runtime/tool/Checkpoint.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/Safetensors.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace cnnc {

static constexpr uint64_t maxCheckpoint = uint64_t(64) << 30;
static constexpr const char *formatName = "cnnc-checkpoint-1";
static constexpr std::string_view prefix = "checkpoint-", suffix = ".safetensors";

/// The step in a checkpoint's file name.
static std::optional<uint64_t> stepOf(const fs::path &path) {
  std::string name = path.filename().string();
  if (!name.starts_with(prefix) || !name.ends_with(suffix))
    return std::nullopt;
  uint64_t step = 0;
  const char *end = name.data() + name.size() - suffix.size();
  auto [at, code] = std::from_chars(name.data() + prefix.size(), end, step);
  return code == std::errc() && at == end ? std::optional(step) : std::nullopt;
}

/// Checkpoints of a folder, newest first.
static std::vector<std::pair<uint64_t, fs::path>> checkpointsIn(const fs::path &folder) {
  std::vector<std::pair<uint64_t, fs::path>> found;
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return found;
  for (const auto &entry : fs::directory_iterator(folder, error))
    if (auto step = stepOf(entry.path()))
      found.emplace_back(*step, entry.path());
  if (error)
    fail("cannot read folder '{}': {}; check its permissions or choose another --out", folder.string(), error.message());
  std::sort(found.rbegin(), found.rend());
  return found;
}

RunFolder::RunFolder(fs::path path, bool resume) : folder(std::move(path)) {
  if (!resume && !checkpointsIn(folder).empty())
    fail("'{}' already holds a run: continue it with --resume or choose another --out", folder.string());
}

void RunFolder::create() const {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    fail("cannot make folder '{}': {}; choose another --out", folder.string(), error.message());
  for (const auto &entry : fs::directory_iterator(folder, error))
    if (isTemporary(entry.path()))
      fs::remove(entry.path(), error);
}

Metadata loadWeights(Weights &weights, const fs::path &path) {
  Bytes bytes = readFile(path, maxCheckpoint);
  Metadata metadata = readMetadata(bytes, path.string());
  weights.load(bytes, path.string());
  return metadata;
}

static Metadata metadataOf(const Library &library, const RunState &state, const Recipe &recipe) {
  Json hypers = Json::object();
  for (const Hyper &hyper : recipe.hypers())
    hypers[hyper.name] = hyper.value;
  return {{"format", formatName},
          {"graph_hash", library.model().graph_hash},
          {"step", std::to_string(state.step)},
          {"epoch", std::to_string(state.epoch)},
          {"cursor", std::to_string(state.cursor)},
          {"examples", std::to_string(state.examples)},
          {"loss_sum", fmt::format("{}", state.lossSum)},
          {"best", state.best ? fmt::format("{}", *state.best) : ""},
          {"best_loss", fmt::format("{}", state.bestLoss)},
          {"best_step", std::to_string(state.bestStep)},
          {"stale_epochs", std::to_string(state.stale)},
          {"recipe", recipe.all().dump()},
          {"hypers", hypers.dump()}};
}

static const std::string &field(const Metadata &metadata, const std::string &key, const std::string &what) {
  auto at = metadata.find(key);
  if (at == metadata.end())
    fail("'{}' has no '{}' in its metadata: it is not a checkpoint of a run", what, key);
  return at->second;
}

template <typename Number> static Number numberIn(const Metadata &metadata, const std::string &key, const std::string &what) {
  const std::string &text = field(metadata, key, what);
  Number number = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size())
    fail("'{}' has '{}' as its '{}', expected a number", what, text, key);
  return number;
}

static Checkpoint readCheckpoint(const fs::path &path, const Library &library) {
  std::string what = path.string();
  Checkpoint checkpoint;
  checkpoint.path = path;
  checkpoint.bytes = readFile(path, maxCheckpoint);
  Metadata metadata = verifyHashes(checkpoint.bytes, what);
  if (field(metadata, "format", what) != formatName)
    fail("'{}' has format '{}', this cnnrt knows '{}'", what, metadata["format"], formatName);
  if (field(metadata, "graph_hash", what) != library.model().graph_hash)
    fail("'{}' belongs to another model (graph {}, '{}' is {}): choose another --out", what, metadata["graph_hash"],
         library.path().string(), library.model().graph_hash);
  RunState &state = checkpoint.state;
  state.step = numberIn<uint64_t>(metadata, "step", what);
  state.epoch = numberIn<uint64_t>(metadata, "epoch", what);
  state.cursor = numberIn<uint64_t>(metadata, "cursor", what);
  state.examples = numberIn<uint64_t>(metadata, "examples", what);
  state.lossSum = numberIn<double>(metadata, "loss_sum", what);
  if (!field(metadata, "best", what).empty())
    state.best = numberIn<double>(metadata, "best", what);
  state.bestLoss = numberIn<double>(metadata, "best_loss", what);
  state.bestStep = numberIn<uint64_t>(metadata, "best_step", what);
  state.stale = numberIn<uint64_t>(metadata, "stale_epochs", what);
  checkpoint.recipe = parseJson(field(metadata, "recipe", what), what);
  checkpoint.hypers = parseJson(field(metadata, "hypers", what), what);
  return checkpoint;
}

std::optional<Checkpoint> RunFolder::newest(const Library &library) const {
  std::string firstProblem;
  for (const auto &[step, path] : checkpointsIn(folder)) {
    try {
      return readCheckpoint(path, library);
    } catch (const Error &error) {
      fmt::print(stderr, "cnnrt: warning: {}; trying an older checkpoint\n", error.what());
      firstProblem = firstProblem.empty() ? error.what() : firstProblem;
    }
  }
  if (!firstProblem.empty())
    fail("no usable checkpoint in '{}': {}", folder.string(), firstProblem);
  return std::nullopt;
}

void RunFolder::save(const Library &library, const Weights &weights, const RunState &state, const Recipe &recipe,
                     unsigned keep) const {
  std::string name = fmt::format("{}{:09}{}", prefix, state.step, suffix);
  writeFile(folder / name, withMetadata(weights.save(true), metadataOf(library, state, recipe)));
  auto all = checkpointsIn(folder);
  for (size_t i = keep; i < all.size(); ++i) {
    std::error_code ignored; // a checkpoint too many does no harm
    fs::remove(all[i].second, ignored);
  }
}

void RunFolder::saveWeights(const Library &library, const Weights &weights, const std::string &name, const RunState &state,
                            uint64_t seed) const {
  Metadata metadata = {
      {"graph_hash", library.model().graph_hash}, {"step", std::to_string(state.step)}, {"seed", std::to_string(seed)}};
  writeFile(folder / name, withMetadata(weights.save(false), metadata));
}

} // namespace cnnc
