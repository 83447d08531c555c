/* core.h - what the stubs of a compiled library call.
 *
 * The core is linked hidden into every library. The compiler emits the record
 * `const cnnc_model <prefix>_model`, the table `const cnnc_api <prefix>_api`,
 * the record `const cnnc_info <prefix>_info` and the exported functions.
 *
 * In the table, the entry called f is cnnc_core_f, except the three that need
 * the model (weights_create, context_bytes, status_text): there the compiler
 * puts stubs of its own that pass &<prefix>_model on. CNNC_CORE_API writes the
 * table in C.
 *
 * The exported functions of the header have the same names and types; only
 * these differ, where the compiler gathers the named tensors into arrays:
 *   <prefix>_forward        cnnc_core_forward
 *   <prefix>_loss           cnnc_core_loss
 *   <prefix>_backward       cnnc_core_backward (NULL if every argument is NULL)
 *   <prefix>_update         cnnc_core_update_optimizer
 *   <prefix>_train_step     cnnc_core_train_step_optimizer
 *   <prefix>_describe       returns &<prefix>_info
 *
 * Threads: a context belongs to one call at a time; a second gets cnnc_busy.
 * Weights have many readers or one writer, each for the length of a call:
 * forward, backward, get and save read; set, load, update and train_step
 * write; loss reads, or writes where the model has buffers (the running
 * statistics of batch norm). Who would have to wait gets cnnc_busy and may try
 * again: nothing has changed.
 *
 * Errors: a function that fails leaves one line of text in its context (or in
 * the weights: their own functions and context_create). cnnc_busy on the very
 * object that is asked leaves its text alone, since another thread may be
 * reading it; cnnc_core_status_text has words for every status. */
#ifndef CNNC_CORE_H
#define CNNC_CORE_H

#include "cnnc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A pool of threads - 1 workers and the calling thread; 0: as many threads as
 * the process may use. Where threads cannot be had the pool has fewer. */
cnnc_pool cnnc_core_pool(unsigned threads);

/* Weights with the embedded values, or initialised with random numbers that
 * depend on the seed and a parameter's place alone. NULL: unsupported_cpu or
 * out_of_memory. status may be NULL. */
cnnc_weights *cnnc_core_weights_create(const cnnc_model *model, uint64_t seed, cnnc_status *status);

/* Reads a safetensors file: plain weights (the parameters' names; optimizer
 * slots start anew) or a checkpoint. Every weight and buffer must be there with
 * its shape. bad_weights: nothing has changed. */
cnnc_status cnnc_core_weights_load(cnnc_weights *weights, const void *bytes, size_t size);

/* Writes a safetensors file: plain weights, or with_optimizer a checkpoint
 * with the names param/<name>, buf/<name>, opt/<slot>/<name>. With bytes NULL
 * only sets *size; else *size is the room at bytes and becomes the length. */
cnnc_status cnnc_core_weights_save(const cnnc_weights *weights, int with_optimizer, void *bytes, size_t *size);

/* Copies one weight, buffer or slot; count must be its number of elements. */
cnnc_status cnnc_core_weights_get(const cnnc_weights *weights, const char *name, float *values, size_t count);
cnnc_status cnnc_core_weights_set(cnnc_weights *weights, const char *name, const float *values, size_t count);

const char *cnnc_core_weights_error(const cnnc_weights *weights);

/* The contexts of the weights must be gone. */
void cnnc_core_weights_destroy(cnnc_weights *weights);

/* All the memory, in bytes, that a context with these options will ever use,
 * with the slack to align a caller's block; 0 if the options are not valid. */
size_t cnnc_core_context_bytes(const cnnc_model *model, const cnnc_options *options);

/* Nothing is allocated after this. The options and the pool's record are
 * copied; the pool itself, the memory and the weights must outlive the context. */
cnnc_context *cnnc_core_context_create(cnnc_weights *weights, const cnnc_options *options, cnnc_status *status);
void cnnc_core_context_destroy(cnnc_context *context);

/* Inference. Rebuilds the derived parameters first if they are stale. */
cnnc_status cnnc_core_forward(cnnc_context *context, unsigned n, const void *const *inputs, void *const *outputs);

/* Forward in training mode, and the mean loss. step NULL: seed and step 0.
 * not_finite: *loss holds the value, and backward refuses; buffers may have
 * taken the step's statistics, so go on from a checkpoint. */
cnnc_status cnnc_core_loss(cnnc_context *context, unsigned n, const void *const *inputs_and_targets, const cnnc_step *step,
                           float *loss);

/* After loss, once: adds into the gradients. input_gradients: NULL, or one
 * pointer per input, each of which may be NULL. */
cnnc_status cnnc_core_backward(cnnc_context *context, void *const *input_gradients);

/* Copies the accumulated gradient of a trainable weight, canonical order. */
cnnc_status cnnc_core_gradient(const cnnc_context *context, const char *name, float *values, size_t count);

/* After at least one backward: consumes the gradients and zeroes them. Steps
 * count from 1. not_finite: the gradients are dropped, nothing is written. */
cnnc_status cnnc_core_update(cnnc_context *context, const float *hyper, uint64_t step);
cnnc_status cnnc_core_update_optimizer(cnnc_context *context, const cnnc_optimizer *optimizer);

/* loss, backward and update under one writer's guard: the same bits. The step
 * is that of step; in the second form, with step NULL, the optimizer's. */
cnnc_status cnnc_core_train_step(cnnc_context *context, unsigned n, const void *const *inputs_and_targets, const cnnc_step *step,
                                 const float *hyper, float *loss);
cnnc_status cnnc_core_train_step_optimizer(cnnc_context *context, unsigned n, const void *const *inputs_and_targets,
                                           const cnnc_step *step, const cnnc_optimizer *optimizer, float *loss);

/* The context's last failure in words; never NULL, "" before the first. */
const char *cnnc_core_error(const cnnc_context *context);

/* A constant line for a status, with what to do; for unsupported_cpu it names
 * what the library needs and what to ask the compiler for. */
const char *cnnc_core_status_text(const cnnc_model *model, cnnc_status status);

#define CNNC_CORE_API(weights_create, context_bytes, status_text)                                                                \
  {sizeof(cnnc_api),          cnnc_core_pool,        weights_create,           cnnc_core_weights_load,                           \
   cnnc_core_weights_save,    cnnc_core_weights_get, cnnc_core_weights_set,    cnnc_core_weights_error,                          \
   cnnc_core_weights_destroy, context_bytes,         cnnc_core_context_create, cnnc_core_context_destroy,                        \
   cnnc_core_forward,         cnnc_core_loss,        cnnc_core_backward,       cnnc_core_gradient,                               \
   cnnc_core_update,          cnnc_core_train_step,  cnnc_core_error,          status_text}

#ifdef __cplusplus
}
#endif

#endif
