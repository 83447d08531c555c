/* context.c - one block of memory per context: the record, the hyper-parameters,
 * the input pointers, the gradients and the arena, each 64-byte aligned. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/core/internal.h"
#include "runtime/core/memory.h"
#include "runtime/core/pool.h"

typedef struct layout {
  size_t hyper, inputs, no_outputs, gradients, arena, total; /* offsets, bytes */
} layout;

/* Appends bytes at the next aligned place. Returns its offset; SIZE_MAX in
 * *total says that some sum overflowed. */
static size_t append(size_t *total, uint64_t bytes) {
  size_t at = *total, end;
  if (__builtin_add_overflow(at, bytes, &end) || end > SIZE_MAX - 2 * CNNC_ALIGN)
    *total = SIZE_MAX - 2 * CNNC_ALIGN + 1;
  else
    *total = (end + CNNC_ALIGN - 1) & ~(CNNC_ALIGN - 1);
  return at;
}

static uint64_t arena_bytes(const cnnc_memory *m, unsigned batch) {
  uint64_t bytes;
  if (__builtin_mul_overflow(m->per_example, (uint64_t)batch, &bytes) || __builtin_add_overflow(bytes, m->fixed, &bytes))
    return UINT64_MAX;
  return bytes;
}

/* A training context also runs inference. Returns 0 if no size fits. */
static int lay_out(const cnnc_model *model, const cnnc_options *o, layout *l) {
  uint64_t infer = arena_bytes(&model->infer_memory, o->batch);
  uint64_t train = o->training ? arena_bytes(&model->train_memory, o->batch) : 0;
  l->total = 0;
  append(&l->total, sizeof(cnnc_context));
  l->hyper = append(&l->total, model->hyper_count * sizeof(float));
  l->inputs = append(&l->total, ((uint64_t)model->input_count + model->target_count) * sizeof(void *));
  l->no_outputs = append(&l->total, (uint64_t)model->input_count * sizeof(void *));
  l->gradients = append(&l->total, o->training ? model->gradient_bytes : 0);
  l->arena = append(&l->total, infer > train ? infer : train);
  return l->total <= SIZE_MAX - 2 * CNNC_ALIGN;
}

/* Copies what struct_size says is there; a newer caller's fields must be zero. */
static int read_options(const cnnc_options *given, cnnc_options *o) {
  memset(o, 0, sizeof *o);
  if (!given || given->struct_size < offsetof(cnnc_options, pool))
    return 0;
  for (size_t i = sizeof *o; i < given->struct_size; ++i)
    if (((const unsigned char *)given)[i])
      return 0;
  memcpy(o, given, given->struct_size < sizeof *o ? given->struct_size : sizeof *o);
  return 1;
}

/* Checks the options, fills o and l; text says what is wrong. */
static cnnc_status check_options(const cnnc_model *model, const cnnc_options *given, cnnc_options *o, layout *l, char *text) {
  if (!read_options(given, o))
    return cnnc_fail(text, cnnc_bad_argument,
                     "the options' struct_size is %zu and this library knows %zu bytes: set it to sizeof and the rest to zero",
                     given ? given->struct_size : (size_t)0, sizeof *o);
  if (o->device && strcmp(o->device, "cpu") != 0)
    return cnnc_fail(text, cnnc_device_error, "device '%.64s' is not among the library's devices (cpu): use \"cpu\" or NULL",
                     o->device);
  if (o->training && !model->codes[0].loss)
    return cnnc_fail(text, cnnc_bad_argument,
                     "model '%s' was compiled for inference only: compile it with a train block to train it", model->name);
  if (o->pool && (!o->pool->run || o->pool->threads == 0))
    return cnnc_fail(text, cnnc_bad_argument, "the pool has %u threads and %s run function: fill both or pass NULL",
                     o->pool->threads, o->pool->run ? "a" : "no");
  if (o->batch == 0)
    o->batch = model->batch;
  if (o->batch == 0)
    return cnnc_fail(text, cnnc_bad_argument, "the options' batch is 0: say how many examples a call may have");
  if (model->exact_batch && o->batch != model->batch)
    return cnnc_fail(text, cnnc_bad_argument, "batch is %u and the model takes batches of exactly %u: use that, or 0", o->batch,
                     model->batch);
  if (model->batch && o->batch > model->batch)
    return cnnc_fail(text, cnnc_bad_argument,
                     "batch %u is larger than the %u the library was compiled for: compile it with --batch=%u", o->batch,
                     model->batch, o->batch);
  if (!lay_out(model, o, l))
    return cnnc_fail(text, cnnc_out_of_memory, "a context for batch %u is larger than the address space: use a smaller batch",
                     o->batch);
  if (o->memory && o->memory_bytes < l->total + CNNC_ALIGN)
    return cnnc_fail(text, cnnc_out_of_memory,
                     "a context for batch %u takes %zu bytes and %zu were handed in: ask context_bytes for the size", o->batch,
                     l->total + CNNC_ALIGN, o->memory_bytes);
  return cnnc_ok;
}

size_t cnnc_core_context_bytes(const cnnc_model *model, const cnnc_options *options) {
  cnnc_options o;
  layout l;
  char text[CNNC_TEXT_BYTES];
  cnnc_options sized;
  if (!read_options(options, &sized))
    return 0;
  sized.struct_size = sizeof sized;
  sized.memory = NULL;
  return check_options(model, &sized, &o, &l, text) == cnnc_ok ? l.total + CNNC_ALIGN : 0;
}

static cnnc_context *place(cnnc_weights *w, const cnnc_options *o, const layout *l, unsigned char *block) {
  cnnc_context *c = (cnnc_context *)block;
  memset(block, 0, l->arena);
  atomic_init(&c->guard.state, 0);
  c->weights = w;
  c->pool = o->pool ? *o->pool : cnnc_serial_pool();
  c->training = o->training != 0;
  c->hyper = (float *)(block + l->hyper);
  c->inputs = (const void **)(block + l->inputs);
  c->no_outputs = (void *const *)(block + l->no_outputs);
  c->gradient_bytes = o->training ? w->model->gradient_bytes : 0;
  c->frame.capacity = o->batch;
  c->frame.arena = block + l->arena;
  c->frame.parameters = w->packed;
  c->frame.gradients = o->training ? (float *)(block + l->gradients) : NULL;
  c->frame.pool = &c->pool;
  return c;
}

cnnc_context *cnnc_core_context_create(cnnc_weights *w, const cnnc_options *options, cnnc_status *status) {
  cnnc_status unused;
  status = status ? status : &unused;
  *status = cnnc_bad_argument;
  if (!w)
    return NULL;
  cnnc_options o;
  layout l;
  char text[CNNC_TEXT_BYTES];
  *status = check_options(w->model, options, &o, &l, text);
  if (*status != cnnc_ok) {
    cnnc_weights_fail(w, *status, "%s", text);
    return NULL;
  }
  unsigned char *allocated = o.memory ? NULL : cnnc_allocate(l.total);
  if (!o.memory && !allocated) {
    *status = cnnc_weights_fail(w, cnnc_out_of_memory, "no memory for a context of %zu bytes for batch %u: use a smaller batch",
                                l.total, o.batch);
    return NULL;
  }
  uintptr_t at = (uintptr_t)(o.memory ? o.memory : allocated);
  unsigned char *block = (unsigned char *)((at + CNNC_ALIGN - 1) & ~(uintptr_t)(CNNC_ALIGN - 1));
  cnnc_context *c = place(w, &o, &l, block);
  c->allocated = allocated;
  return c;
}

void cnnc_core_context_destroy(cnnc_context *c) {
  if (c)
    free(c->allocated);
}

const char *cnnc_core_error(const cnnc_context *c) { return c ? c->text : ""; }
