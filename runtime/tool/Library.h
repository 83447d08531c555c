/// \file A compiled model, loaded after its headers were checked.
#ifndef RUNTIME_TOOL_LIBRARY_H
#define RUNTIME_TOOL_LIBRARY_H

#include "cnnc/abi.h"
#include "runtime/tool/Error.h"
#include "runtime/tool/File.h"
#include "runtime/tool/Note.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cnnc {

/// CNNC_CPU_* bits of this machine.
uint64_t hostFeatures();

/// The best `--cpu` of this machine, or "" below x86-64-v3.
std::string hostCpu();

/// A loaded library. It stays loaded until the process ends: worker threads may still be inside.
class Library {
public:
  /// Reads the headers of `path`, refuses what must not be loaded, and loads the rest.
  explicit Library(const fs::path &path);

  const fs::path &path() const { return file; }
  const Note &note() const { return parsedNote; }
  const cnnc_model &model() const { return *info->model; }
  const cnnc_api &api() const { return *info->api; }

  /// `wanted` examples of a call, or as many as every call has.
  unsigned batchFor(size_t wanted) const { return model().exact_batch ? model().batch : static_cast<unsigned>(wanted); }
  std::span<const cnnc_tensor_info> inputs() const { return {model().inputs, model().input_count}; }
  std::span<const cnnc_tensor_info> targets() const { return {model().targets, model().target_count}; }
  std::span<const cnnc_tensor_info> outputs() const { return {model().outputs, model().output_count}; }
  std::span<const cnnc_parameter_info> parameters() const { return {model().parameters, model().parameter_count}; }
  std::span<const cnnc_hyper_info> hypers() const { return {model().hypers, model().hyper_count}; }

private:
  fs::path file;
  Note parsedNote;
  const cnnc_info *info = nullptr;
};

/// A pool of the library's own workers.
class Pool {
public:
  Pool(const Library &library, unsigned threads);
  ~Pool();
  Pool(const Pool &) = delete;
  Pool &operator=(const Pool &) = delete;
  const cnnc_pool *get() const { return &pool; }

private:
  cnnc_pool pool;
};

/// Parameters of a model; errors of the library become Error.
class Weights {
public:
  /// Embedded or freshly initialised weights.
  Weights(const Library &library, uint64_t seed);
  ~Weights();
  Weights(const Weights &) = delete;
  Weights &operator=(const Weights &) = delete;

  /// Loads a safetensors file's bytes; `what` names it in errors.
  void load(std::span<const std::byte> bytes, const std::string &what);
  /// Safetensors bytes; with the optimizer's slots for a checkpoint.
  Bytes save(bool withOptimizer) const;
  void get(const char *name, std::span<float> values) const;
  void set(const char *name, std::span<const float> values);
  cnnc_weights *get() const { return handle; }

private:
  void check(cnnc_status status, const std::string &what) const;

  const Library &library;
  cnnc_weights *handle;
};

/// A loss or a gradient that is not a number.
class NotFinite : public Error {
public:
  using Error::Error;
};

/// All state of running a model with up to `batch` examples at once.
class Context {
public:
  Context(const Library &library, const Weights &weights, unsigned batch, bool training, const Pool &pool);
  ~Context();
  Context(const Context &) = delete;
  Context &operator=(const Context &) = delete;

  unsigned batch() const { return capacity; }
  void forward(unsigned n, std::span<const void *const> inputs, std::span<void *const> outputs);
  /// Forward and loss in training mode.
  float loss(unsigned n, std::span<const void *const> inputsAndTargets, uint64_t seed, uint64_t step);
  /// Adds into the gradients; after loss.
  void backward();
  void gradient(const char *name, std::span<float> values) const;
  /// Loss, backward and update; `step` is 1 in the first step. NotFinite: nothing was updated.
  float trainStep(unsigned n, std::span<const void *const> inputsAndTargets, uint64_t seed, uint64_t step,
                  std::span<const float> hypers);

private:
  /// An Error with the context's own text, NotFinite where that is the reason.
  void check(cnnc_status status, const char *what) const;

  const Library &library;
  unsigned capacity;
  cnnc_context *handle;
};

} // namespace cnnc

#endif
