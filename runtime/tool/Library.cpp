#include "runtime/tool/Library.h"

#include "runtime/tool/Elf.h"
#include "runtime/tool/Error.h"

#include <cstddef>
#include <dlfcn.h>

namespace cnnc {

uint64_t hostFeatures() {
  uint64_t features = 0;
  if (__builtin_cpu_supports("x86-64-v3"))
    features |= CNNC_CPU_AVX2;
  if (__builtin_cpu_supports("x86-64-v4"))
    features |= CNNC_CPU_AVX512;
  return features;
}

std::string hostCpu() {
  uint64_t features = hostFeatures();
  if (features & CNNC_CPU_AVX512)
    return "x86-64-v4";
  return features & CNNC_CPU_AVX2 ? "x86-64-v3" : "";
}

static void checkCpu(const Note &note, const fs::path &path) {
  uint64_t host = hostFeatures();
  std::string offered;
  for (const NoteCpu &cpu : note.cpus) {
    if ((cpu.features & ~host) == 0)
      return;
    offered += offered.empty() ? cpu.cpu : ", " + cpu.cpu;
  }
  if (hostCpu().empty())
    fail("'{}' holds code for {}, this machine offers neither AVX2 nor AVX-512: run it on a newer processor", path.string(),
         offered);
  fail("'{}' holds code for {}, this machine is {}: compile with cnnc --cpu={}", path.string(), offered, hostCpu(), hostCpu());
}

Library::Library(const fs::path &path) : file(path) {
  ElfLibrary elf = readElf(path);
  parsedNote = parseNote(elf.note, path.string());
  checkCpu(parsedNote, path);
  // Without a slash dlopen would search the system's folders.
  void *loaded = dlopen(fs::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr)
    fail("cannot load '{}': {}", path.string(), dlerror());
  auto *describe = reinterpret_cast<const cnnc_info *(*)()>(dlsym(loaded, elf.describeSymbol.c_str()));
  if (describe == nullptr)
    fail("cannot find '{}' in '{}': {}", elf.describeSymbol, path.string(), dlerror());
  info = describe();
  if (info == nullptr || info->struct_size < sizeof(cnnc_info) || info->model == nullptr || info->api == nullptr)
    fail("'{}' describes itself with a record this cnnrt does not know: use the cnnc and cnnrt of one release", path.string());
  if (info->abi_version != CNNC_ABI_VERSION || model().abi_version != CNNC_ABI_VERSION)
    fail("'{}' has ABI version {}, this cnnrt knows version {}: use the cnnc and cnnrt of one release", path.string(),
         info->abi_version, CNNC_ABI_VERSION);
  if (api().struct_size < sizeof(cnnc_api))
    fail("'{}' offers {} bytes of functions, this cnnrt needs {}: compile it again", path.string(), api().struct_size,
         sizeof(cnnc_api));
}

Pool::Pool(const Library &library, unsigned threads) : pool(library.api().pool(threads)) {
  if (pool.run == nullptr)
    fail("cannot start {} threads: ask for fewer with --threads", threads);
}

Pool::~Pool() {
  if (pool.destroy != nullptr)
    pool.destroy(pool.self);
}

Weights::Weights(const Library &library, uint64_t seed) : library(library) {
  cnnc_status status = cnnc_ok;
  handle = library.api().weights_create(seed, &status);
  if (handle == nullptr)
    fail("cannot create the weights of '{}': {}", library.path().string(), library.api().status_text(status));
}

Weights::~Weights() { library.api().weights_destroy(handle); }

void Weights::check(cnnc_status status, const std::string &what) const {
  if (status == cnnc_ok)
    return;
  const char *text = library.api().weights_error(handle);
  fail("{}: {}", what, text != nullptr && *text != '\0' ? text : library.api().status_text(status));
}

void Weights::load(std::span<const std::byte> bytes, const std::string &what) {
  check(library.api().weights_load(handle, bytes.data(), bytes.size()), fmt::format("cannot use the weights in '{}'", what));
}

Bytes Weights::save(bool withOptimizer) const {
  size_t size = 0;
  check(library.api().weights_save(handle, withOptimizer, nullptr, &size), "cannot save the weights");
  Bytes bytes(size);
  check(library.api().weights_save(handle, withOptimizer, bytes.data(), &size), "cannot save the weights");
  bytes.resize(size);
  return bytes;
}

void Weights::get(const char *name, std::span<float> values) const {
  check(library.api().weights_get(handle, name, values.data(), values.size()), fmt::format("cannot read parameter '{}'", name));
}

void Weights::set(const char *name, std::span<const float> values) {
  check(library.api().weights_set(handle, name, values.data(), values.size()), fmt::format("cannot write parameter '{}'", name));
}

Context::Context(const Library &library, const Weights &weights, unsigned batch, bool training, const Pool &pool)
    : library(library), capacity(batch) {
  cnnc_options options = {};
  options.struct_size = sizeof options;
  options.batch = batch;
  options.training = training;
  options.pool = pool.get();
  cnnc_status status = cnnc_ok;
  handle = library.api().context_create(weights.get(), &options, &status);
  if (handle == nullptr)
    fail("cannot create a context of '{}' for {} examples ({} bytes): {}; try a smaller --batch", library.path().string(), batch,
         library.api().context_bytes(&options), library.api().status_text(status));
}

Context::~Context() { library.api().context_destroy(handle); }

void Context::check(cnnc_status status, const char *what) const {
  if (status == cnnc_ok)
    return;
  const char *text = library.api().error(handle);
  std::string message = fmt::format("{}: {}", what, text != nullptr && *text != '\0' ? text : library.api().status_text(status));
  if (status == cnnc_not_finite)
    throw NotFinite(message);
  throw Error(message);
}

void Context::forward(unsigned n, std::span<const void *const> inputs, std::span<void *const> outputs) {
  check(library.api().forward(handle, n, inputs.data(), outputs.data()), "the forward pass failed");
}

float Context::loss(unsigned n, std::span<const void *const> inputsAndTargets, uint64_t seed, uint64_t step) {
  cnnc_step at = {sizeof at, seed, step};
  float value = 0;
  check(library.api().loss(handle, n, inputsAndTargets.data(), &at, &value), "the loss failed");
  return value;
}

void Context::backward() { check(library.api().backward(handle, nullptr), "the backward pass failed"); }

void Context::gradient(const char *name, std::span<float> values) const {
  check(library.api().gradient(handle, name, values.data(), values.size()), "cannot read a gradient");
}

float Context::trainStep(unsigned n, std::span<const void *const> inputsAndTargets, uint64_t seed, uint64_t step,
                         std::span<const float> hypers) {
  cnnc_step at = {sizeof at, seed, step};
  float value = 0;
  check(library.api().train_step(handle, n, inputsAndTargets.data(), &at, hypers.data(), &value), "the training step failed");
  return value;
}

} // namespace cnnc
