//===- Model.h - the fixture's model for tests of the core -----------------===//

#ifndef CNNC_TEST_RUNTIME_CORE_MODEL_H
#define CNNC_TEST_RUNTIME_CORE_MODEL_H

#include "runtime/core/core.h"
#include "test/runtime/fixture/model.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

struct WeightsDeleter {
  void operator()(cnnc_weights *w) const { cnnc_core_weights_destroy(w); }
};
struct ContextDeleter {
  void operator()(cnnc_context *c) const { cnnc_core_context_destroy(c); }
};
using Weights = std::unique_ptr<cnnc_weights, WeightsDeleter>;
using Context = std::unique_ptr<cnnc_context, ContextDeleter>;

inline Weights makeWeights(uint64_t seed = 1, const cnnc_model &model = fixture_model) {
  return Weights(cnnc_core_weights_create(&model, seed, nullptr));
}

inline cnnc_options makeOptions(unsigned batch, bool training = false, const cnnc_pool *pool = nullptr) {
  cnnc_options o{};
  o.struct_size = sizeof o;
  o.batch = batch;
  o.training = training;
  o.pool = pool;
  return o;
}

inline Context makeContext(const Weights &w, unsigned batch, bool training = false, const cnnc_pool *pool = nullptr) {
  cnnc_options o = makeOptions(batch, training, pool);
  return Context(cnnc_core_context_create(w.get(), &o, nullptr));
}

inline cnnc_status set(const Weights &w, const char *name, const std::vector<float> &v) {
  return cnnc_core_weights_set(w.get(), name, v.data(), v.size());
}

inline std::vector<float> get(const Weights &w, const char *name, size_t count) {
  std::vector<float> v(count, -1e30f);
  if (cnnc_core_weights_get(w.get(), name, v.data(), count) != cnnc_ok)
    v.clear();
  return v;
}

inline std::string save(const Weights &w, bool withOptimizer) {
  size_t size = 0;
  cnnc_core_weights_save(w.get(), withOptimizer, nullptr, &size);
  std::string bytes(size, '?');
  if (cnnc_core_weights_save(w.get(), withOptimizer, bytes.data(), &size) != cnnc_ok)
    bytes.clear();
  return bytes;
}

inline cnnc_status load(const Weights &w, const std::string &bytes) {
  return cnnc_core_weights_load(w.get(), bytes.data(), bytes.size());
}

inline cnnc_status forward(const Context &c, unsigned n, const float *x, float *logits) {
  const void *inputs[] = {x};
  void *outputs[] = {logits};
  return cnnc_core_forward(c.get(), n, inputs, outputs);
}

inline cnnc_status loss(const Context &c, unsigned n, const float *x, const int32_t *label, float *value, uint64_t number = 1) {
  const void *inputs[] = {x, label};
  cnnc_step step{sizeof(cnnc_step), 0, number};
  return cnnc_core_loss(c.get(), n, inputs, &step, value);
}

inline cnnc_status trainStep(const Context &c, unsigned n, const float *x, const int32_t *label, uint64_t number, float *value) {
  const void *inputs[] = {x, label};
  cnnc_step step{sizeof(cnnc_step), 0, number};
  return cnnc_core_train_step(c.get(), n, inputs, &step, nullptr, value);
}

inline std::vector<float> gradient(const Context &c, const char *name, size_t count) {
  std::vector<float> v(count);
  if (cnnc_core_gradient(c.get(), name, v.data(), count) != cnnc_ok)
    v.clear();
  return v;
}

/// A safetensors file of a header and that many bytes of data.
inline std::string makeFile(const std::string &header, size_t dataBytes) {
  std::string bytes;
  for (int i = 0; i < 8; ++i)
    bytes += static_cast<char>(header.size() >> 8 * i);
  return bytes + header + std::string(dataBytes, '\0');
}

#endif
