/* run.c - inference, loss and backward. Each public function takes the context,
 * then its role at the weights, runs, and gives both back. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "runtime/core/run.h"

/* While derived parameters are stale nobody reads them, so that rebuilding
 * needs no more than a reader's role and to be the only one who rebuilds. */
static void refresh(cnnc_context *c) {
  cnnc_weights *w = c->weights;
  if (!atomic_load_explicit(&w->stale, memory_order_acquire))
    return;
  pthread_mutex_lock(&w->prepare_lock);
  if (atomic_load_explicit(&w->stale, memory_order_relaxed)) {
    cnnc_frame frame = c->frame;
    frame.n = 1;
    if (w->code->prepare)
      w->code->prepare(&frame);
    atomic_store_explicit(&w->stale, 0, memory_order_release);
  }
  pthread_mutex_unlock(&w->prepare_lock);
}

static cnnc_status forward(cnnc_context *c, unsigned n, const void *const *inputs, void *const *outputs) {
  cnnc_status status = cnnc_check_forward(c, n, inputs, outputs);
  if (status != cnnc_ok)
    return status;
  if (!cnnc_read_begin(&c->weights->guard))
    return cnnc_weights_busy(c);
  c->has_loss = 0; /* the arena is overwritten */
  refresh(c);
  cnnc_frame frame = c->frame;
  frame.n = n;
  frame.inputs = inputs;
  frame.outputs = outputs;
  c->weights->code->infer(&frame);
  cnnc_read_end(&c->weights->guard);
  return cnnc_ok;
}

cnnc_status cnnc_core_forward(cnnc_context *c, unsigned n, const void *const *inputs, void *const *outputs) {
  return cnnc_enter(c) ? cnnc_leave(c, forward(c, n, inputs, outputs)) : cnnc_refused(c);
}

/* The caller has checked and holds its role. */
cnnc_status cnnc_run_loss(cnnc_context *c, unsigned n, const void *const *inputs, uint64_t seed, uint64_t step, float *loss) {
  const cnnc_model *model = c->weights->model;
  memcpy(c->inputs, inputs, (model->input_count + model->target_count) * sizeof(void *));
  void *outputs[1] = {loss};
  c->frame.n = n;
  c->frame.seed = seed;
  c->frame.step = step;
  c->frame.inputs = c->inputs;
  cnnc_frame frame = c->frame;
  frame.outputs = outputs;
  c->weights->code->loss(&frame);
  c->has_loss = isfinite(*loss);
  if (!c->has_loss)
    return cnnc_fail(c->text, cnnc_not_finite,
                     "the loss is %s in step %" PRIu64 ": lower the learning rate, clip the gradients or check the inputs",
                     cnnc_not_finite_text(*loss), step);
  return cnnc_ok;
}

static int loss_writes(const cnnc_model *model) {
  for (uint32_t i = 0; i < model->parameter_count; ++i)
    if (model->parameters[i].kind == cnnc_buffer)
      return 1;
  return 0;
}

static cnnc_status loss_alone(cnnc_context *c, unsigned n, const void *const *inputs, const cnnc_step *step, float *loss) {
  cnnc_weights *w = c->weights;
  cnnc_status status = cnnc_check_loss(c, n, inputs, step, loss);
  if (status != cnnc_ok)
    return status;
  int writes = loss_writes(w->model);
  if (!(writes ? cnnc_write_begin(&w->guard) : cnnc_read_begin(&w->guard)))
    return cnnc_weights_busy(c);
  status = cnnc_run_loss(c, n, inputs, step ? step->seed : 0, step ? step->step : 0, loss);
  if (writes) {
    cnnc_changed(w);
    cnnc_write_end(&w->guard);
  } else
    cnnc_read_end(&w->guard);
  return status;
}

cnnc_status cnnc_core_loss(cnnc_context *c, unsigned n, const void *const *inputs, const cnnc_step *step, float *loss) {
  return cnnc_enter(c) ? cnnc_leave(c, loss_alone(c, n, inputs, step, loss)) : cnnc_refused(c);
}

static int wants_any(const cnnc_context *c, void *const *input_gradients) {
  for (uint32_t i = 0; input_gradients && i < c->weights->model->input_count; ++i)
    if (input_gradients[i])
      return 1;
  return 0;
}

void cnnc_run_backward(cnnc_context *c, void *const *input_gradients) {
  const cnnc_code *code = c->weights->code;
  cnnc_frame frame = c->frame;
  frame.outputs = input_gradients ? input_gradients : c->no_outputs;
  code->backward(&frame);
  if (wants_any(c, input_gradients))
    code->input_gradient(&frame);
  c->has_loss = 0;
  c->has_gradient = 1;
}

static cnnc_status backward(cnnc_context *c, void *const *input_gradients) {
  cnnc_status status = cnnc_check_training(c, "backward");
  if (status != cnnc_ok)
    return status;
  if (!c->has_loss)
    return cnnc_fail(c->text, cnnc_bad_argument, "backward without a finite loss just before it: call loss, then backward once");
  if (wants_any(c, input_gradients) && !c->weights->code->input_gradient)
    return cnnc_fail(c->text, cnnc_bad_argument, "model '%s' was compiled without gradients of its inputs: pass NULL",
                     c->weights->model->name);
  if (!cnnc_read_begin(&c->weights->guard))
    return cnnc_weights_busy(c);
  cnnc_run_backward(c, input_gradients);
  cnnc_read_end(&c->weights->guard);
  return cnnc_ok;
}

cnnc_status cnnc_core_backward(cnnc_context *c, void *const *input_gradients) {
  return cnnc_enter(c) ? cnnc_leave(c, backward(c, input_gradients)) : cnnc_refused(c);
}

static cnnc_status gradient(cnnc_context *c, const char *name, float *values, size_t count) {
  const cnnc_model *model = c->weights->model;
  cnnc_status status = cnnc_check_training(c, "gradient");
  if (status != cnnc_ok)
    return status;
  const cnnc_parameter_info *p = name ? cnnc_find_parameter(model, name) : NULL;
  if (!p || !p->trainable)
    return cnnc_fail(c->text, cnnc_bad_argument,
                     p ? "'%s' is not trained and has no gradient: describe lists the trainable parameters"
                       : "the model has no parameter '%s': describe lists the names",
                     name ? name : "(null)");
  if (!values || count != p->elements)
    return cnnc_fail(c->text, cnnc_bad_argument,
                     "the gradient of '%s' has %" PRIu64 " values and the buffer %zu: pass a buffer of that many floats", p->name,
                     p->elements, values ? count : (size_t)0);
  cnnc_unpack(p, c->frame.gradients, values);
  return cnnc_ok;
}

cnnc_status cnnc_core_gradient(const cnnc_context *context, const char *name, float *values, size_t count) {
  cnnc_context *c = (cnnc_context *)context;
  return cnnc_enter(c) ? cnnc_leave(c, gradient(c, name, values, count)) : cnnc_refused(c);
}
