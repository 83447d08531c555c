/* internal.h - the objects of the core and what its files share. */
#ifndef CNNC_CORE_INTERNAL_H
#define CNNC_CORE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "runtime/core/core.h"
#include "runtime/core/guard.h"
#include "runtime/core/text.h"

#define CNNC_ALIGN ((size_t)64)

struct cnnc_weights {
  const cnnc_model *model;
  const cnnc_code *code; /* of this processor */
  uint64_t seed;
  float *packed;
  cnnc_guard guard;
  atomic_int stale;             /* the derived parameters do not match the others */
  pthread_mutex_t prepare_lock; /* who rebuilds them */
  pthread_mutex_t text_lock;    /* readers may fail at the same time */
  char text[CNNC_TEXT_BYTES];
};

struct cnnc_context {
  cnnc_weights *weights;
  cnnc_guard guard; /* a writer: the one call that runs */
  cnnc_pool pool;
  cnnc_frame frame; /* what stays the same from call to call, and the last loss's n and seed */
  uint64_t gradient_bytes;
  const void **inputs;     /* copied by loss for backward */
  void *const *no_outputs; /* a NULL for each input: its gradient is not wanted */
  float *hyper;
  void *allocated; /* by context_create, or NULL */
  int training;
  int has_loss;     /* backward may run */
  int has_gradient; /* update may run */
  char text[CNNC_TEXT_BYTES];
};

/* The parameter with this name, or NULL; derived ones are not found. */
const cnnc_parameter_info *cnnc_find_parameter(const cnnc_model *model, const char *name);

static inline float *cnnc_packed(float *block, const cnnc_parameter_info *p) {
  return (float *)((unsigned char *)block + p->packed_offset);
}

void cnnc_pack(const cnnc_parameter_info *p, const float *canonical, float *block);
void cnnc_unpack(const cnnc_parameter_info *p, const float *block, float *canonical);

/* Fills canonical with the initial values of parameter `index`. */
void cnnc_initialize(const cnnc_model *model, unsigned index, uint64_t seed, float *canonical);

/* Records a failure of the weights, whichever role the caller has. */
cnnc_status cnnc_weights_fail(const cnnc_weights *weights, cnnc_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
