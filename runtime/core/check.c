/* check.c - the arguments of the calls that run a program. */
#include <inttypes.h>
#include <math.h>

#include "runtime/core/run.h"

const char *cnnc_not_finite_text(float value) { return isnan(value) ? "nan" : value > 0 ? "inf" : "-inf"; }

cnnc_status cnnc_weights_busy(cnnc_context *c) {
  return cnnc_fail(c->text, cnnc_busy, "another thread is using the weights of model '%s': try again", c->weights->model->name);
}

cnnc_status cnnc_check_n(cnnc_context *c, unsigned n) {
  if (n == 0 || n > c->frame.capacity)
    return cnnc_fail(
        c->text, cnnc_bad_argument,
        "n is %u and the context was created for batches of 1 to %u: create one with a larger batch or split the call", n,
        c->frame.capacity);
  const cnnc_model *model = c->weights->model;
  if (model->exact_batch && n != model->batch)
    return cnnc_fail(c->text, cnnc_bad_argument,
                     "n is %u and the model takes batches of exactly %u: fill the batch up, or export the model with another", n,
                     model->batch);
  return cnnc_ok;
}

static cnnc_status check_pointers(cnnc_context *c, const char *what, const cnnc_tensor_info *infos, uint32_t count,
                                  const void *const *pointers) {
  for (uint32_t i = 0; i < count; ++i)
    if (infos[i].elements && (!pointers || !pointers[i]))
      return cnnc_fail(c->text, cnnc_bad_argument, "%s '%s' is a null pointer: pass a buffer for all n examples", what,
                       infos[i].name);
  return cnnc_ok;
}

static cnnc_status check_labels(cnnc_context *c, const cnnc_tensor_info *info, unsigned n, const int32_t *labels) {
  for (uint64_t i = 0; info->dtype == cnnc_i32 && info->classes && i < n * info->elements; ++i)
    if ((labels[i] < 0 || (uint32_t)labels[i] >= info->classes) && labels[i] != info->ignored)
      return cnnc_fail(c->text, cnnc_bad_argument,
                       "'%s' of example %" PRIu64 " is %d and the model has classes 0 to %u: check the data's labels", info->name,
                       i / info->elements, labels[i], info->classes - 1);
  return cnnc_ok;
}

cnnc_status cnnc_check_training(cnnc_context *c, const char *call) {
  if (!c->training)
    return cnnc_fail(c->text, cnnc_bad_argument, "%s in a context created for inference: create one with training set to 1",
                     call);
  return cnnc_ok;
}

cnnc_status cnnc_check_forward(cnnc_context *c, unsigned n, const void *const *inputs, void *const *outputs) {
  const cnnc_model *model = c->weights->model;
  cnnc_status status = cnnc_check_n(c, n);
  if (status == cnnc_ok)
    status = check_pointers(c, "input", model->inputs, model->input_count, inputs);
  if (status == cnnc_ok)
    status = check_pointers(c, "output", model->outputs, model->output_count, (const void *const *)outputs);
  return status;
}

cnnc_status cnnc_check_loss(cnnc_context *c, unsigned n, const void *const *inputs, const cnnc_step *step, const float *loss) {
  const cnnc_model *model = c->weights->model;
  cnnc_status status = cnnc_check_training(c, "loss");
  if (status == cnnc_ok)
    status = cnnc_check_n(c, n);
  if (status == cnnc_ok)
    status = check_pointers(c, "input", model->inputs, model->input_count, inputs);
  if (status == cnnc_ok)
    status = check_pointers(c, "target", model->targets, model->target_count, inputs ? inputs + model->input_count : NULL);
  for (uint32_t i = 0; status == cnnc_ok && i < model->target_count; ++i)
    status = check_labels(c, &model->targets[i], n, inputs[model->input_count + i]);
  if (status == cnnc_ok && step && step->struct_size < sizeof *step)
    status = cnnc_fail(c->text, cnnc_bad_argument, "the step's struct_size is %zu and should be %zu: set it to sizeof",
                       step->struct_size, sizeof *step);
  if (status == cnnc_ok && !loss)
    status = cnnc_fail(c->text, cnnc_bad_argument, "loss is a null pointer: pass the address of a float");
  return status;
}
