/* update.c - the optimizer's step, alone and as part of a training step. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "runtime/core/run.h"

/* Hyper-parameters from an array, or the recipe's after the first `given`. */
static cnnc_status read_hyper(cnnc_context *c, const float *hyper, uint64_t given) {
  const cnnc_model *model = c->weights->model;
  for (uint32_t i = 0; i < model->hyper_count; ++i) {
    c->hyper[i] = hyper && i < given ? hyper[i] : model->hypers[i].value;
    if (!isfinite(c->hyper[i]))
      return cnnc_fail(c->text, cnnc_bad_argument, "hyper-parameter '%s' is %s: pass a finite number", model->hypers[i].name,
                       cnnc_not_finite_text(c->hyper[i]));
  }
  return cnnc_ok;
}

static cnnc_status read_optimizer(cnnc_context *c, const cnnc_optimizer *o) {
  if (o && o->struct_size < sizeof *o)
    return cnnc_fail(c->text, cnnc_bad_argument,
                     "the optimizer's struct_size is %zu and should be at least %zu: set it to sizeof", o->struct_size,
                     sizeof *o);
  return o ? read_hyper(c, (const float *)(o + 1), (o->struct_size - sizeof *o) / sizeof(float)) : read_hyper(c, NULL, 0);
}

static cnnc_status check_step(cnnc_context *c, uint64_t step) {
  return step ? cnnc_ok : cnnc_fail(c->text, cnnc_bad_argument, "an update in step 0: steps count from 1");
}

/* Backward runs from the last layer to the first: where it started is last. */
static const char *first_not_finite(const cnnc_context *c) {
  const cnnc_model *model = c->weights->model;
  for (uint32_t i = model->parameter_count; i-- > 0;) {
    const cnnc_parameter_info *p = &model->parameters[i];
    const float *gradient = cnnc_packed(c->frame.gradients, p);
    for (uint64_t k = 0; p->kind == cnnc_weight && p->trainable && k < p->packed_elements; ++k)
      if (!isfinite(gradient[k]))
        return p->name;
  }
  return "the model";
}

/* The caller holds the writer's role; c->hyper is filled. */
static cnnc_status run_update(cnnc_context *c, uint64_t step) {
  cnnc_frame frame = c->frame;
  frame.n = frame.n ? frame.n : 1;
  frame.hyper = c->hyper;
  frame.step = step;
  cnnc_status status = cnnc_ok;
  if (c->weights->code->update(&frame) == CNNC_PROGRAM_NOT_FINITE)
    status = cnnc_fail(c->text, cnnc_not_finite,
                       "the gradient of '%s' is not finite in step %" PRIu64
                       ", nothing was updated: lower the learning rate or clip the gradients",
                       first_not_finite(c), step);
  else
    cnnc_changed(c->weights);
  memset(c->frame.gradients, 0, c->gradient_bytes);
  c->has_gradient = c->has_loss = 0;
  return status;
}

static cnnc_status update(cnnc_context *c, uint64_t step) {
  cnnc_status status = cnnc_check_training(c, "update");
  if (status == cnnc_ok)
    status = check_step(c, step);
  if (status != cnnc_ok)
    return status;
  if (!c->has_gradient)
    return cnnc_fail(c->text, cnnc_bad_argument, "update without a gradient: call loss and backward first");
  if (!cnnc_write_begin(&c->weights->guard))
    return cnnc_weights_busy(c);
  status = run_update(c, step);
  cnnc_write_end(&c->weights->guard);
  return status;
}

cnnc_status cnnc_core_update(cnnc_context *c, const float *hyper, uint64_t step) {
  if (!cnnc_enter(c))
    return cnnc_refused(c);
  cnnc_status status = read_hyper(c, hyper, UINT64_MAX);
  return cnnc_leave(c, status == cnnc_ok ? update(c, step) : status);
}

cnnc_status cnnc_core_update_optimizer(cnnc_context *c, const cnnc_optimizer *optimizer) {
  if (!cnnc_enter(c))
    return cnnc_refused(c);
  cnnc_status status = read_optimizer(c, optimizer);
  return cnnc_leave(c, status == cnnc_ok ? update(c, optimizer ? optimizer->step : 0) : status);
}

static cnnc_status train_step(cnnc_context *c, unsigned n, const void *const *inputs, uint64_t seed, uint64_t step, float *loss) {
  cnnc_status status = check_step(c, step);
  if (status != cnnc_ok)
    return status;
  if (!cnnc_write_begin(&c->weights->guard))
    return cnnc_weights_busy(c);
  status = cnnc_run_loss(c, n, inputs, seed, step, loss);
  cnnc_changed(c->weights);
  if (status == cnnc_ok) {
    cnnc_run_backward(c, NULL);
    status = run_update(c, step);
  }
  cnnc_write_end(&c->weights->guard);
  return status;
}

cnnc_status cnnc_core_train_step(cnnc_context *c, unsigned n, const void *const *inputs, const cnnc_step *step,
                                 const float *hyper, float *loss) {
  if (!cnnc_enter(c))
    return cnnc_refused(c);
  cnnc_status status = cnnc_check_loss(c, n, inputs, step, loss);
  if (status == cnnc_ok)
    status = read_hyper(c, hyper, UINT64_MAX);
  return cnnc_leave(c, status == cnnc_ok ? train_step(c, n, inputs, step ? step->seed : 0, step ? step->step : 0, loss) : status);
}

cnnc_status cnnc_core_train_step_optimizer(cnnc_context *c, unsigned n, const void *const *inputs, const cnnc_step *step,
                                           const cnnc_optimizer *optimizer, float *loss) {
  if (!cnnc_enter(c))
    return cnnc_refused(c);
  cnnc_status status = cnnc_check_loss(c, n, inputs, step, loss);
  if (status == cnnc_ok)
    status = read_optimizer(c, optimizer);
  uint64_t number = step ? step->step : optimizer ? optimizer->step : 0;
  return cnnc_leave(c, status == cnnc_ok ? train_step(c, n, inputs, step ? step->seed : 0, number, loss) : status);
}
