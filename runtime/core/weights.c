/* weights.c - the packed parameter block and access to it by name. */
#include <stdlib.h>
#include <string.h>

#include "runtime/core/cpu.h"
#include "runtime/core/memory.h"
#include "runtime/core/run.h"

const cnnc_parameter_info *cnnc_find_parameter(const cnnc_model *model, const char *name) {
  for (uint32_t i = 0; i < model->parameter_count; ++i)
    if (model->parameters[i].kind != cnnc_derived && strcmp(model->parameters[i].name, name) == 0)
      return &model->parameters[i];
  return NULL;
}

void cnnc_pack(const cnnc_parameter_info *p, const float *canonical, float *block) {
  if (p->pack)
    p->pack(canonical, cnnc_packed(block, p));
  else
    memcpy(cnnc_packed(block, p), canonical, p->elements * sizeof(float));
}

void cnnc_unpack(const cnnc_parameter_info *p, const float *block, float *canonical) {
  const float *packed = cnnc_packed((float *)block, p);
  if (p->unpack)
    p->unpack(packed, canonical);
  else
    memcpy(canonical, packed, p->elements * sizeof(float));
}

static cnnc_weights *allocate(const cnnc_model *model) {
  size_t head = (sizeof(cnnc_weights) + CNNC_ALIGN - 1) & ~(CNNC_ALIGN - 1), bytes;
  if (__builtin_add_overflow(head, model->parameter_bytes, &bytes))
    return NULL;
  cnnc_weights *w = cnnc_allocate(bytes);
  if (!w)
    return NULL;
  memset(w, 0, head + model->parameter_bytes);
  w->packed = (float *)((unsigned char *)w + head);
  return w;
}

/* Returns 0 if there is no memory for the canonical form of the largest. */
static int fill(cnnc_weights *w) {
  const cnnc_model *model = w->model;
  uint64_t most = 1;
  for (uint32_t i = 0; i < model->parameter_count; ++i)
    if (model->parameters[i].elements > most)
      most = model->parameters[i].elements;
  float *canonical = malloc(most * sizeof(float));
  if (!canonical)
    return 0;
  for (uint32_t i = 0; i < model->parameter_count; ++i) {
    if (model->parameters[i].kind == cnnc_derived)
      continue;
    cnnc_initialize(model, i, w->seed, canonical);
    cnnc_pack(&model->parameters[i], canonical, w->packed);
  }
  free(canonical);
  return 1;
}

cnnc_weights *cnnc_core_weights_create(const cnnc_model *model, uint64_t seed, cnnc_status *status) {
  cnnc_status unused;
  status = status ? status : &unused;
  const cnnc_code *code = cnnc_cpu_choose(model, cnnc_cpu_features());
  *status = code ? cnnc_out_of_memory : cnnc_unsupported_cpu;
  cnnc_weights *w = code ? allocate(model) : NULL;
  if (!w)
    return NULL;
  w->model = model;
  w->code = code;
  w->seed = seed;
  atomic_init(&w->guard.state, 0);
  atomic_init(&w->stale, 1);
  pthread_mutex_init(&w->prepare_lock, NULL);
  pthread_mutex_init(&w->text_lock, NULL);
  if (!fill(w)) {
    cnnc_core_weights_destroy(w);
    return NULL;
  }
  *status = cnnc_ok;
  return w;
}

void cnnc_core_weights_destroy(cnnc_weights *w) {
  if (!w)
    return;
  pthread_mutex_destroy(&w->prepare_lock);
  pthread_mutex_destroy(&w->text_lock);
  free(w);
}

const char *cnnc_core_weights_error(const cnnc_weights *w) { return w ? w->text : ""; }

/* The parameter for get and set, or NULL with the reason recorded. */
static const cnnc_parameter_info *ask(const cnnc_weights *w, const char *name, const void *values, size_t count) {
  const cnnc_parameter_info *p = name ? cnnc_find_parameter(w->model, name) : NULL;
  if (!p)
    cnnc_weights_fail(w, cnnc_bad_argument, "model '%s' has no parameter '%s': describe lists the names", w->model->name,
                      name ? name : "(null)");
  else if (count != p->elements || !values) {
    char shape[CNNC_SHAPE_BYTES];
    cnnc_weights_fail(w, cnnc_bad_argument,
                      "'%s' has shape %s, %llu values, and %zu %s handed in: pass a buffer of that many floats", p->name,
                      cnnc_shape_text(shape, p->dims, p->rank), (unsigned long long)p->elements, values ? count : (size_t)0,
                      values ? "were" : "(a null pointer) were");
    p = NULL;
  }
  return p;
}

cnnc_status cnnc_core_weights_get(const cnnc_weights *weights, const char *name, float *values, size_t count) {
  if (!weights)
    return cnnc_bad_argument;
  const cnnc_parameter_info *p = ask(weights, name, values, count);
  if (!p)
    return cnnc_bad_argument;
  cnnc_guard *guard = &((cnnc_weights *)weights)->guard;
  if (!cnnc_read_begin(guard))
    return cnnc_busy;
  cnnc_unpack(p, weights->packed, values);
  cnnc_read_end(guard);
  return cnnc_ok;
}

cnnc_status cnnc_core_weights_set(cnnc_weights *w, const char *name, const float *values, size_t count) {
  if (!w)
    return cnnc_bad_argument;
  const cnnc_parameter_info *p = ask(w, name, values, count);
  if (!p)
    return cnnc_bad_argument;
  if (!cnnc_write_begin(&w->guard))
    return cnnc_busy;
  cnnc_pack(p, values, w->packed);
  cnnc_changed(w);
  cnnc_write_end(&w->guard);
  return cnnc_ok;
}
