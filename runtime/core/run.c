/* run.c - the calls that run a program. Each public function takes the context,
 * then its role at the weights, runs, and gives both back. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "runtime/core/internal.h"

static int enter(cnnc_context *c) { return c && cnnc_write_begin(&c->guard); }

static cnnc_status leave(cnnc_context *c, cnnc_status status) {
  cnnc_write_end(&c->guard);
  return status;
}

static cnnc_status refused(const cnnc_context *c) { return c ? cnnc_busy : cnnc_bad_argument; }

static cnnc_status weights_busy(cnnc_context *c) {
  return cnnc_fail(c->text, cnnc_busy, "another thread is using the weights of model '%s': try again", c->weights->model->name);
}

static const char *not_finite_text(float value) { return isnan(value) ? "nan" : value > 0 ? "inf" : "-inf"; }

static cnnc_status check_n(cnnc_context *c, unsigned n) {
  if (n == 0 || n > c->frame.capacity)
    return cnnc_fail(c->text, cnnc_bad_argument, "n is %u and the context was created for batches of 1 to %u: create one with a larger batch or split the call", n, c->frame.capacity);
  return cnnc_ok;
}

static cnnc_status check_pointers(cnnc_context *c, const char *what, const cnnc_tensor_info *infos, uint32_t count, const void *const *pointers) {
  for (uint32_t i = 0; i < count; ++i)
    if (!pointers || !pointers[i])
      return cnnc_fail(c->text, cnnc_bad_argument, "%s '%s' is a null pointer: pass a buffer for all n examples", what, infos[i].name);
  return cnnc_ok;
}

static cnnc_status check_labels(cnnc_context *c, const cnnc_tensor_info *info, unsigned n, const int32_t *labels) {
  for (uint64_t i = 0; info->dtype == cnnc_i32 && info->classes && i < n * info->elements; ++i)
    if ((labels[i] < 0 || (uint32_t)labels[i] >= info->classes) && labels[i] != info->ignored)
      return cnnc_fail(c->text, cnnc_bad_argument, "'%s' of example %" PRIu64 " is %d and the model has classes 0 to %u: check the data's labels", info->name, i / info->elements, labels[i], info->classes - 1);
  return cnnc_ok;
}

static cnnc_status check_training(cnnc_context *c, const char *call) {
  if (!c->training)
    return cnnc_fail(c->text, cnnc_bad_argument, "%s in a context created for inference: create one with training set to 1", call);
  return cnnc_ok;
}

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

static void changed(cnnc_weights *w) { atomic_store_explicit(&w->stale, 1, memory_order_relaxed); }

static cnnc_status forward(cnnc_context *c, unsigned n, const void *const *inputs, void *const *outputs) {
  const cnnc_model *model = c->weights->model;
  cnnc_status status = check_n(c, n);
  if (status == cnnc_ok)
    status = check_pointers(c, "input", model->inputs, model->input_count, inputs);
  if (status == cnnc_ok)
    status = check_pointers(c, "output", model->outputs, model->output_count, (const void *const *)outputs);
  if (status != cnnc_ok)
    return status;
  if (!cnnc_read_begin(&c->weights->guard))
    return weights_busy(c);
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
  return enter(c) ? leave(c, forward(c, n, inputs, outputs)) : refused(c);
}

static cnnc_status check_loss(cnnc_context *c, unsigned n, const void *const *inputs, const cnnc_step *step, const float *loss) {
  const cnnc_model *model = c->weights->model;
  cnnc_status status = check_training(c, "loss");
  if (status == cnnc_ok)
    status = check_n(c, n);
  if (status == cnnc_ok)
    status = check_pointers(c, "input", model->inputs, model->input_count, inputs);
  if (status == cnnc_ok)
    status = check_pointers(c, "target", model->targets, model->target_count, inputs ? inputs + model->input_count : NULL);
  for (uint32_t i = 0; status == cnnc_ok && i < model->target_count; ++i)
    status = check_labels(c, &model->targets[i], n, inputs[model->input_count + i]);
  if (status == cnnc_ok && step && step->struct_size < sizeof *step)
    status = cnnc_fail(c->text, cnnc_bad_argument, "the step's struct_size is %zu and should be %zu: set it to sizeof", step->struct_size, sizeof *step);
  if (status == cnnc_ok && !loss)
    status = cnnc_fail(c->text, cnnc_bad_argument, "loss is a null pointer: pass the address of a float");
  return status;
}

/* The caller has checked and holds its role. */
static cnnc_status run_loss(cnnc_context *c, unsigned n, const void *const *inputs, uint64_t seed, uint64_t step, float *loss) {
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
    return cnnc_fail(c->text, cnnc_not_finite, "the loss is %s in step %" PRIu64 ": lower the learning rate, clip the gradients or check the inputs", not_finite_text(*loss), step);
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
  cnnc_status status = check_loss(c, n, inputs, step, loss);
  if (status != cnnc_ok)
    return status;
  int writes = loss_writes(w->model);
  if (!(writes ? cnnc_write_begin(&w->guard) : cnnc_read_begin(&w->guard)))
    return weights_busy(c);
  status = run_loss(c, n, inputs, step ? step->seed : 0, step ? step->step : 0, loss);
  if (writes) {
    changed(w);
    cnnc_write_end(&w->guard);
  } else
    cnnc_read_end(&w->guard);
  return status;
}

cnnc_status cnnc_core_loss(cnnc_context *c, unsigned n, const void *const *inputs, const cnnc_step *step, float *loss) {
  return enter(c) ? leave(c, loss_alone(c, n, inputs, step, loss)) : refused(c);
}

static void run_backward(cnnc_context *c, void *const *input_gradients) {
  const cnnc_code *code = c->weights->code;
  cnnc_frame frame = c->frame;
  frame.outputs = input_gradients;
  code->backward(&frame);
  int wanted = 0;
  for (uint32_t i = 0; input_gradients && i < c->weights->model->input_count; ++i)
    wanted |= input_gradients[i] != NULL;
  if (wanted)
    code->input_gradient(&frame);
  c->has_loss = 0;
  c->has_gradient = 1;
}

static cnnc_status backward(cnnc_context *c, void *const *input_gradients) {
  cnnc_status status = check_training(c, "backward");
  if (status != cnnc_ok)
    return status;
  if (!c->has_loss)
    return cnnc_fail(c->text, cnnc_bad_argument, "backward without a finite loss just before it: call loss, then backward once");
  if (!cnnc_read_begin(&c->weights->guard))
    return weights_busy(c);
  run_backward(c, input_gradients);
  cnnc_read_end(&c->weights->guard);
  return cnnc_ok;
}

cnnc_status cnnc_core_backward(cnnc_context *c, void *const *input_gradients) {
  return enter(c) ? leave(c, backward(c, input_gradients)) : refused(c);
}

static cnnc_status gradient(cnnc_context *c, const char *name, float *values, size_t count) {
  const cnnc_model *model = c->weights->model;
  cnnc_status status = check_training(c, "gradient");
  if (status != cnnc_ok)
    return status;
  const cnnc_parameter_info *p = name ? cnnc_find_parameter(model, name) : NULL;
  if (!p || !p->trainable)
    return cnnc_fail(c->text, cnnc_bad_argument, p ? "'%s' is not trained and has no gradient: describe lists the trainable parameters" : "the model has no parameter '%s': describe lists the names", name ? name : "(null)");
  if (!values || count != p->elements)
    return cnnc_fail(c->text, cnnc_bad_argument, "the gradient of '%s' has %" PRIu64 " values and the buffer %zu: pass a buffer of that many floats", p->name, p->elements, values ? count : (size_t)0);
  cnnc_unpack(p, c->frame.gradients, values);
  return cnnc_ok;
}

cnnc_status cnnc_core_gradient(const cnnc_context *context, const char *name, float *values, size_t count) {
  cnnc_context *c = (cnnc_context *)context;
  return enter(c) ? leave(c, gradient(c, name, values, count)) : refused(c);
}

/* Hyper-parameters from an array, or the recipe's after the first `given`. */
static cnnc_status read_hyper(cnnc_context *c, const float *hyper, uint64_t given) {
  const cnnc_model *model = c->weights->model;
  for (uint32_t i = 0; i < model->hyper_count; ++i) {
    c->hyper[i] = hyper && i < given ? hyper[i] : model->hypers[i].value;
    if (!isfinite(c->hyper[i]))
      return cnnc_fail(c->text, cnnc_bad_argument, "hyper-parameter '%s' is %s: pass a finite number", model->hypers[i].name, not_finite_text(c->hyper[i]));
  }
  return cnnc_ok;
}

static cnnc_status read_optimizer(cnnc_context *c, const cnnc_optimizer *o) {
  if (o && o->struct_size < sizeof *o)
    return cnnc_fail(c->text, cnnc_bad_argument, "the optimizer's struct_size is %zu and should be at least %zu: set it to sizeof", o->struct_size, sizeof *o);
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
    status = cnnc_fail(c->text, cnnc_not_finite, "the gradient of '%s' is not finite in step %" PRIu64 ", nothing was updated: lower the learning rate or clip the gradients", first_not_finite(c), step);
  else
    changed(c->weights);
  memset(c->frame.gradients, 0, c->gradient_bytes);
  c->has_gradient = c->has_loss = 0;
  return status;
}

static cnnc_status update(cnnc_context *c, uint64_t step) {
  cnnc_status status = check_training(c, "update");
  if (status == cnnc_ok)
    status = check_step(c, step);
  if (status != cnnc_ok)
    return status;
  if (!c->has_gradient)
    return cnnc_fail(c->text, cnnc_bad_argument, "update without a gradient: call loss and backward first");
  if (!cnnc_write_begin(&c->weights->guard))
    return weights_busy(c);
  status = run_update(c, step);
  cnnc_write_end(&c->weights->guard);
  return status;
}

cnnc_status cnnc_core_update(cnnc_context *c, const float *hyper, uint64_t step) {
  if (!enter(c))
    return refused(c);
  cnnc_status status = read_hyper(c, hyper, UINT64_MAX);
  return leave(c, status == cnnc_ok ? update(c, step) : status);
}

cnnc_status cnnc_core_update_optimizer(cnnc_context *c, const cnnc_optimizer *optimizer) {
  if (!enter(c))
    return refused(c);
  cnnc_status status = read_optimizer(c, optimizer);
  return leave(c, status == cnnc_ok ? update(c, optimizer ? optimizer->step : 0) : status);
}

static cnnc_status train_step(cnnc_context *c, unsigned n, const void *const *inputs, uint64_t seed, uint64_t step, float *loss) {
  cnnc_status status = check_step(c, step);
  if (status != cnnc_ok)
    return status;
  if (!cnnc_write_begin(&c->weights->guard))
    return weights_busy(c);
  status = run_loss(c, n, inputs, seed, step, loss);
  changed(c->weights);
  if (status == cnnc_ok) {
    run_backward(c, NULL);
    status = run_update(c, step);
  }
  cnnc_write_end(&c->weights->guard);
  return status;
}

cnnc_status cnnc_core_train_step(cnnc_context *c, unsigned n, const void *const *inputs, const cnnc_step *step, const float *hyper, float *loss) {
  if (!enter(c))
    return refused(c);
  cnnc_status status = check_loss(c, n, inputs, step, loss);
  if (status == cnnc_ok)
    status = read_hyper(c, hyper, UINT64_MAX);
  return leave(c, status == cnnc_ok ? train_step(c, n, inputs, step ? step->seed : 0, step ? step->step : 0, loss) : status);
}

cnnc_status cnnc_core_train_step_optimizer(cnnc_context *c, unsigned n, const void *const *inputs, const cnnc_step *step, const cnnc_optimizer *optimizer, float *loss) {
  if (!enter(c))
    return refused(c);
  cnnc_status status = check_loss(c, n, inputs, step, loss);
  if (status == cnnc_ok)
    status = read_optimizer(c, optimizer);
  uint64_t number = step ? step->step : optimizer ? optimizer->step : 0;
  return leave(c, status == cnnc_ok ? train_step(c, n, inputs, step ? step->seed : 0, number, loss) : status);
}
