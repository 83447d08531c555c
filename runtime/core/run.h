/* run.h - what the calls that run a program share. */
#ifndef CNNC_CORE_RUN_H
#define CNNC_CORE_RUN_H

#include "runtime/core/internal.h"

/* Each public function enters its context, or is refused, and leaves it. */
static inline int cnnc_enter(cnnc_context *c) { return c && cnnc_write_begin(&c->guard); }
static inline cnnc_status cnnc_refused(const cnnc_context *c) { return c ? cnnc_busy : cnnc_bad_argument; }
static inline cnnc_status cnnc_leave(cnnc_context *c, cnnc_status status) {
  cnnc_write_end(&c->guard);
  return status;
}

/* The writer's last act: derived parameters are rebuilt before they are read. */
static inline void cnnc_changed(cnnc_weights *w) { atomic_store_explicit(&w->stale, 1, memory_order_relaxed); }

/* Checks of arguments. All leave their text in the context. */
cnnc_status cnnc_check_n(cnnc_context *c, unsigned n);
cnnc_status cnnc_check_training(cnnc_context *c, const char *call);
cnnc_status cnnc_check_forward(cnnc_context *c, unsigned n, const void *const *inputs, void *const *outputs);
cnnc_status cnnc_check_loss(cnnc_context *c, unsigned n, const void *const *inputs, const cnnc_step *step, const float *loss);
cnnc_status cnnc_weights_busy(cnnc_context *c);
const char *cnnc_not_finite_text(float value);

/* Programs, for a caller that has checked and holds its role at the weights. */
cnnc_status cnnc_run_loss(cnnc_context *c, unsigned n, const void *const *inputs, uint64_t seed, uint64_t step, float *loss);
void cnnc_run_backward(cnnc_context *c, void *const *input_gradients);

#endif
