/* weights_file.c - weights to and from safetensors files. Loading plans and
 * checks everything first and only then writes, so that an error changes nothing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/core/run.h"
#include "runtime/core/safetensors.h"

static const char *prefix_of(const cnnc_parameter_info *p) {
  return p->kind == cnnc_weight ? "param/" : p->kind == cnnc_buffer ? "buf/" : "opt/";
}

static int starts_with(const char *name, const char *prefix) { return strncmp(name, prefix, strlen(prefix)) == 0; }

static int has_prefix(const char *name) {
  return starts_with(name, "param/") || starts_with(name, "buf/") || starts_with(name, "opt/");
}

/* PyTorch's book-keeping that no model of ours has. */
static int is_passed_over(const char *name) {
  static const char suffix[] = "num_batches_tracked";
  size_t length = strlen(name), tail = sizeof suffix - 1;
  return length >= tail && strcmp(name + length - tail, suffix) == 0 &&
         (length == tail || name[length - tail - 1] == '.' || name[length - tail - 1] == '/');
}

typedef struct plan {
  cnnc_safetensors file;
  const cnnc_safetensor **sources; /* per parameter, or NULL */
  float *scratch;                  /* the largest canonical form */
  int checkpoint;                  /* the names carry prefixes */
  int slots;                       /* the file holds the model's optimizer state */
} plan;

static int model_has_slots(const cnnc_model *model) {
  for (uint32_t i = 0; i < model->parameter_count; ++i)
    if (model->parameters[i].kind == cnnc_slot)
      return 1;
  return 0;
}

/* The parameter that a tensor of the file is for, or NULL. */
static const cnnc_parameter_info *destination(const cnnc_model *model, const plan *l, const char *name) {
  const char *plain = l->checkpoint ? strchr(name, '/') + 1 : name;
  const cnnc_parameter_info *p = cnnc_find_parameter(model, plain);
  if (!p || (l->checkpoint ? !starts_with(name, prefix_of(p)) : p->kind == cnnc_slot))
    return NULL;
  return p;
}

static cnnc_status match(cnnc_weights *w, plan *l, const cnnc_safetensor *t) {
  const cnnc_model *model = w->model;
  char have[CNNC_SHAPE_BYTES], want[CNNC_SHAPE_BYTES];
  if (is_passed_over(t->name))
    return cnnc_ok;
  if (l->checkpoint && !has_prefix(t->name))
    return cnnc_weights_fail(w, cnnc_bad_weights,
                             "tensor '%.100s' has no prefix and others of the file have (param/, buf/, opt/): save it "
                             "as plain weights or as a checkpoint",
                             t->name);
  if (starts_with(t->name, "opt/") && !model_has_slots(model))
    return cnnc_ok; /* a checkpoint in a library for inference */
  const cnnc_parameter_info *p = destination(model, l, t->name);
  if (!p)
    return cnnc_weights_fail(w, cnnc_bad_weights,
                             "tensor '%.100s' of shape %s is not in model '%s': load weights of this model%s", t->name,
                             cnnc_shape_text(have, t->dims, t->rank), model->name,
                             starts_with(t->name, "opt/") ? ", or save them without the optimizer" : " or rename it");
  if (t->rank != p->rank || memcmp(t->dims, p->dims, t->rank * sizeof *t->dims) != 0)
    return cnnc_weights_fail(w, cnnc_bad_weights,
                             "tensor '%.100s' has shape %s in the file and %s in model '%s': load weights of this model", t->name,
                             cnnc_shape_text(have, t->dims, t->rank), cnnc_shape_text(want, p->dims, p->rank), model->name);
  if (!cnnc_safetensor_is_float(t))
    return cnnc_weights_fail(w, cnnc_bad_weights,
                             "tensor '%.100s' has type %s and the model reads F32, F64, F16 or BF16: save it as F32", t->name,
                             t->dtype);
  l->sources[p - model->parameters] = t;
  l->slots |= p->kind == cnnc_slot;
  return cnnc_ok;
}

/* Every weight and buffer is there; of the slots all or none. */
static cnnc_status check_complete(cnnc_weights *w, const plan *l) {
  const cnnc_model *model = w->model;
  char shape[CNNC_SHAPE_BYTES];
  for (uint32_t i = 0; i < model->parameter_count; ++i) {
    const cnnc_parameter_info *p = &model->parameters[i];
    int needed = p->kind == cnnc_weight || p->kind == cnnc_buffer || (p->kind == cnnc_slot && l->slots);
    if (needed && !l->sources[i])
      return cnnc_weights_fail(
          w, cnnc_bad_weights,
          "tensor '%s%.100s' of shape %s is missing among the file's %zu tensors: load weights of model '%s'",
          l->checkpoint ? prefix_of(p) : "", p->name, cnnc_shape_text(shape, p->dims, p->rank), l->file.count, model->name);
  }
  return cnnc_ok;
}

static cnnc_status make_plan(cnnc_weights *w, plan *l, const void *bytes, size_t size) {
  char text[CNNC_TEXT_BYTES];
  cnnc_status status = cnnc_safetensors_read(bytes, size, &l->file, text);
  if (status != cnnc_ok)
    return cnnc_weights_fail(w, status, "%s", text);
  uint64_t most = 1;
  for (uint32_t i = 0; i < w->model->parameter_count; ++i)
    if (w->model->parameters[i].elements > most)
      most = w->model->parameters[i].elements;
  l->sources = calloc((size_t)w->model->parameter_count + 1, sizeof *l->sources);
  l->scratch = malloc(most * sizeof(float));
  if (!l->sources || !l->scratch)
    return cnnc_weights_fail(w, cnnc_out_of_memory, "no memory for %" PRIu64 " values while loading: free some", most);
  for (size_t i = 0; i < l->file.count; ++i)
    l->checkpoint |= has_prefix(l->file.tensors[i].name);
  for (size_t i = 0; i < l->file.count && status == cnnc_ok; ++i)
    status = match(w, l, &l->file.tensors[i]);
  return status == cnnc_ok ? check_complete(w, l) : status;
}

/* Cannot fail. Slots that the file does not have start anew. */
static void commit(cnnc_weights *w, const plan *l) {
  for (uint32_t i = 0; i < w->model->parameter_count; ++i) {
    const cnnc_parameter_info *p = &w->model->parameters[i];
    if (p->kind == cnnc_derived)
      continue;
    if (l->sources[i])
      cnnc_safetensor_floats(l->sources[i], l->scratch);
    else
      cnnc_initialize(w->model, i, w->seed, l->scratch);
    cnnc_pack(p, l->scratch, w->packed);
  }
  cnnc_changed(w);
}

cnnc_status cnnc_core_weights_load(cnnc_weights *w, const void *bytes, size_t size) {
  if (!w)
    return cnnc_bad_argument;
  if (!bytes)
    return cnnc_weights_fail(w, cnnc_bad_argument, "the file's bytes are a null pointer: read the file into memory first");
  if (!cnnc_write_begin(&w->guard))
    return cnnc_busy;
  plan l = {0};
  cnnc_status status = make_plan(w, &l, bytes, size);
  if (status == cnnc_ok)
    commit(w, &l);
  cnnc_write_end(&w->guard);
  cnnc_safetensors_free(&l.file);
  free(l.sources);
  free(l.scratch);
  return status;
}

static int is_saved(const cnnc_parameter_info *p, int with_optimizer) {
  return p->kind == cnnc_weight || p->kind == cnnc_buffer || (p->kind == cnnc_slot && with_optimizer);
}

/* Returns the header's bytes; *data becomes those that follow. */
static uint64_t write_header(const cnnc_model *model, int with_optimizer, void *out, uint64_t room, uint64_t *data) {
  const char *const plain[] = {"format", "pt"};
  const char *const checkpoint[] = {"format", "cnnc", "model", model->name, "graph_hash", model->graph_hash};
  cnnc_safetensors_writer writer;
  cnnc_safetensors_begin(&writer, out, room, with_optimizer ? checkpoint : plain, with_optimizer ? 3 : 1);
  for (uint32_t i = 0; i < model->parameter_count; ++i) {
    const cnnc_parameter_info *p = &model->parameters[i];
    if (is_saved(p, with_optimizer))
      cnnc_safetensors_tensor(&writer, with_optimizer ? prefix_of(p) : "", p->name, p->dims, p->rank);
  }
  uint64_t header = cnnc_safetensors_end(&writer);
  *data = writer.data;
  return header;
}

/* Straight into the file: a parameter's data begin at a multiple of 4, and
 * scratch takes them only where the file itself lies odd. */
static cnnc_status write_data(const cnnc_weights *w, int with_optimizer, unsigned char *out) {
  for (uint32_t i = 0; i < w->model->parameter_count; ++i) {
    const cnnc_parameter_info *p = &w->model->parameters[i];
    if (!is_saved(p, with_optimizer))
      continue;
    size_t bytes = p->elements * sizeof(float);
    if ((uintptr_t)out % sizeof(float) == 0)
      cnnc_unpack(p, w->packed, (float *)out);
    else {
      float *scratch = malloc(bytes + 1);
      if (!scratch)
        return cnnc_weights_fail(w, cnnc_out_of_memory,
                                 "no memory for the %" PRIu64 " values of '%s': hand in a buffer aligned to 4 bytes", p->elements,
                                 p->name);
      cnnc_unpack(p, w->packed, scratch);
      memcpy(out, scratch, bytes);
      free(scratch);
    }
    out += bytes;
  }
  return cnnc_ok;
}

cnnc_status cnnc_core_weights_save(const cnnc_weights *w, int with_optimizer, void *bytes, size_t *size) {
  if (!w)
    return cnnc_bad_argument;
  if (!size)
    return cnnc_weights_fail(w, cnnc_bad_argument,
                             "size is a null pointer: pass the room at bytes, it becomes the file's length");
  uint64_t data, header = write_header(w->model, with_optimizer, NULL, 0, &data);
  size_t room = *size;
  *size = header + data;
  if (!bytes)
    return cnnc_ok;
  if (room < header + data)
    return cnnc_weights_fail(w, cnnc_bad_argument,
                             "the file takes %" PRIu64 " bytes and the buffer has %zu: call with bytes NULL for the size",
                             header + data, room);
  cnnc_guard *guard = &((cnnc_weights *)w)->guard;
  if (!cnnc_read_begin(guard))
    return cnnc_busy;
  write_header(w->model, with_optimizer, bytes, room, &data);
  cnnc_status status = write_data(w, with_optimizer, (unsigned char *)bytes + header);
  cnnc_read_end(guard);
  return status;
}
