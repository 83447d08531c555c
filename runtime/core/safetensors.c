#include "runtime/core/safetensors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/core/json.h"
#include "runtime/core/text.h"

static const struct {
  const char *name;
  uint32_t bytes;
} dtypes[] = {{"F32", 4},     {"F16", 2},     {"BF16", 2}, {"F64", 8}, {"I64", 8}, {"I32", 4}, {"I16", 2}, {"I8", 1},
              {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"U8", 1},   {"U16", 2}, {"U32", 4}, {"U64", 8}, {"BOOL", 1}};

typedef struct reader {
  cnnc_json json;
  cnnc_safetensors *file;
  size_t tensor_room, metadata_room;
  char *text;
} reader;

static cnnc_status malformed(reader *r, const char *expected) {
  return cnnc_fail(r->text, cnnc_bad_weights,
                   "byte %zu of the safetensors header should be %s: the file is damaged or of another format",
                   (size_t)(r->json.at - r->json.begin) + 8, expected);
}

/* Room for one more of `size` bytes in *array, doubling; 0 without memory or
 * past the format's limit. */
static int grow(void **array, size_t count, size_t *room, size_t size) {
  if (count < *room)
    return 1;
  size_t wanted = *room ? *room * 2 : 64;
  void *larger = count < cnnc_safetensors_most_entries ? realloc(*array, wanted * size) : NULL;
  if (!larger)
    return 0;
  *array = larger;
  *room = wanted;
  return 1;
}

static cnnc_status full(reader *r) {
  return cnnc_fail(r->text, cnnc_out_of_memory,
                   "no memory for the entries of the safetensors header (at most %d): free some or load a smaller file",
                   cnnc_safetensors_most_entries);
}

static cnnc_status read_metadata(reader *r) {
  cnnc_json *j = &r->json;
  cnnc_safetensors *f = r->file;
  if (!cnnc_json_take(j, '{'))
    return malformed(r, "the '{' of __metadata__");
  if (cnnc_json_take(j, '}'))
    return cnnc_ok;
  do {
    if (!grow((void **)&f->metadata, f->metadata_count, &r->metadata_room, 2 * sizeof(char *)))
      return full(r);
    const char *key = cnnc_json_string(j);
    const char *value = key && cnnc_json_take(j, ':') ? cnnc_json_string(j) : NULL;
    if (!value)
      return malformed(r, "a pair of strings in __metadata__");
    f->metadata[2 * f->metadata_count] = key;
    f->metadata[2 * f->metadata_count + 1] = value;
    ++f->metadata_count;
  } while (cnnc_json_take(j, ','));
  return cnnc_json_take(j, '}') ? cnnc_ok : malformed(r, "the '}' of __metadata__");
}

static cnnc_status read_dtype(reader *r, cnnc_safetensor *t) {
  const char *name = cnnc_json_string(&r->json);
  if (!name)
    return malformed(r, "a string, the type");
  for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; ++i)
    if (strcmp(dtypes[i].name, name) == 0) {
      t->dtype = dtypes[i].name;
      t->dtype_bytes = dtypes[i].bytes;
      return cnnc_ok;
    }
  return cnnc_fail(r->text, cnnc_bad_weights, "tensor '%.100s' has type '%.20s', which is not one of safetensors: save it as F32",
                   t->name, name);
}

static cnnc_status read_shape(reader *r, cnnc_safetensor *t) {
  cnnc_json *j = &r->json;
  if (!cnnc_json_take(j, '['))
    return malformed(r, "the '[' of a shape");
  if (cnnc_json_take(j, ']'))
    return cnnc_ok;
  do {
    uint64_t dim;
    if (!cnnc_json_integer(j, &dim))
      return malformed(r, "a non-negative integer, a dimension");
    if (t->rank == CNNC_MAX_RANK || dim > INT32_MAX)
      return cnnc_fail(r->text, cnnc_bad_weights,
                       "tensor '%.100s' has dimension %u of %" PRIu64 ": at most %u dimensions of at most 2^31 - 1 are read",
                       t->name, t->rank, dim, CNNC_MAX_RANK);
    t->dims[t->rank++] = (uint32_t)dim;
  } while (cnnc_json_take(j, ','));
  return cnnc_json_take(j, ']') ? cnnc_ok : malformed(r, "the ']' of a shape");
}

static cnnc_status read_offsets(reader *r, cnnc_safetensor *t) {
  cnnc_json *j = &r->json;
  if (!cnnc_json_take(j, '[') || !cnnc_json_integer(j, &t->begin) || !cnnc_json_take(j, ',') || !cnnc_json_integer(j, &t->end) ||
      !cnnc_json_take(j, ']'))
    return malformed(r, "two integers in brackets, the data_offsets");
  return cnnc_ok;
}

/* elements <= 2^40, whatever the order of large and zero dimensions. */
static cnnc_status check_bytes(reader *r, cnnc_safetensor *t) {
  const uint64_t most = (uint64_t)1 << 40;
  t->elements = 1;
  for (uint32_t i = 0; i < t->rank; ++i) {
    t->elements *= t->dims[i];
    if (t->elements > most)
      return cnnc_fail(r->text, cnnc_bad_weights, "tensor '%.100s' has more than 2^40 elements: the file is damaged", t->name);
  }
  uint64_t wanted = t->elements * t->dtype_bytes;
  if (t->end < t->begin || t->end - t->begin != wanted)
    return cnnc_fail(r->text, cnnc_bad_weights,
                     "tensor '%.100s' has data_offsets %" PRIu64 " to %" PRIu64 " and its shape takes %" PRIu64
                     " bytes of %s: the file is damaged",
                     t->name, t->begin, t->end, wanted, t->dtype);
  return cnnc_ok;
}

static cnnc_status read_tensor(reader *r, const char *name) {
  cnnc_json *j = &r->json;
  cnnc_safetensors *f = r->file;
  if (!grow((void **)&f->tensors, f->count, &r->tensor_room, sizeof *f->tensors))
    return full(r);
  cnnc_safetensor *t = &f->tensors[f->count];
  memset(t, 0, sizeof *t);
  t->name = name;
  int seen_shape = 0, seen_offsets = 0;
  if (!cnnc_json_take(j, '{'))
    return malformed(r, "the '{' of a tensor");
  do {
    cnnc_status status;
    const char *key = cnnc_json_string(j);
    if (!key || !cnnc_json_take(j, ':'))
      return malformed(r, "a key of a tensor");
    if (strcmp(key, "dtype") == 0 && !t->dtype)
      status = read_dtype(r, t);
    else if (strcmp(key, "shape") == 0 && !seen_shape++)
      status = read_shape(r, t);
    else if (strcmp(key, "data_offsets") == 0 && !seen_offsets++)
      status = read_offsets(r, t);
    else
      return malformed(r, "dtype, shape or data_offsets, each once");
    if (status != cnnc_ok)
      return status;
  } while (cnnc_json_take(j, ','));
  if (!cnnc_json_take(j, '}') || !t->dtype || !seen_shape || !seen_offsets)
    return malformed(r, "a tensor with dtype, shape and data_offsets");
  ++f->count;
  return check_bytes(r, t);
}

static cnnc_status read_header(reader *r) {
  cnnc_json *j = &r->json;
  int metadata = 0;
  if (j->at == j->end || *j->at != '{')
    return malformed(r, "'{'");
  ++j->at;
  if (!cnnc_json_take(j, '}')) {
    do {
      const char *name = cnnc_json_string(j);
      if (!name || !cnnc_json_take(j, ':'))
        return malformed(r, "the name of a tensor");
      int is_metadata = strcmp(name, "__metadata__") == 0;
      if (is_metadata && metadata++)
        return malformed(r, "a tensor: __metadata__ is there twice");
      cnnc_status status = is_metadata ? read_metadata(r) : read_tensor(r, name);
      if (status != cnnc_ok)
        return status;
    } while (cnnc_json_take(j, ','));
    if (!cnnc_json_take(j, '}'))
      return malformed(r, "',' or '}'");
  }
  return cnnc_json_at_end(j) ? cnnc_ok : malformed(r, "the end of the header");
}

static int by_place(const void *a, const void *b) {
  const cnnc_safetensor *x = a, *y = b;
  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

static int by_name(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* The tensors' data follow each other from 0 to `bytes`. */
static cnnc_status check_cover(reader *r, const unsigned char *data, uint64_t bytes) {
  cnnc_safetensors *f = r->file;
  uint64_t at = 0;
  if (f->count)
    qsort(f->tensors, f->count, sizeof *f->tensors, by_place);
  for (size_t i = 0; i < f->count; ++i) {
    cnnc_safetensor *t = &f->tensors[i];
    if (t->begin != at || t->end > bytes)
      return cnnc_fail(r->text, cnnc_bad_weights,
                       "tensor '%.100s' has its data at %" PRIu64 " to %" PRIu64 ", expected from %" PRIu64
                       " on in a file with %" PRIu64 " bytes of data: the file is truncated or damaged",
                       t->name, t->begin, t->end, at, bytes);
    t->data = data + t->begin;
    at = t->end;
  }
  if (at != bytes)
    return cnnc_fail(r->text, cnnc_bad_weights,
                     "the tensors take %" PRIu64 " bytes and the file has %" PRIu64 " bytes of data: the file is damaged", at,
                     bytes);
  return cnnc_ok;
}

static cnnc_status check_names(reader *r) {
  const cnnc_safetensors *f = r->file;
  const char **names = malloc((f->count + 1) * sizeof *names);
  if (!names)
    return full(r);
  for (size_t i = 0; i < f->count; ++i)
    names[i] = f->tensors[i].name;
  qsort(names, f->count, sizeof *names, by_name);
  cnnc_status status = cnnc_ok;
  for (size_t i = 1; i < f->count && status == cnnc_ok; ++i)
    if (strcmp(names[i - 1], names[i]) == 0)
      status = cnnc_fail(r->text, cnnc_bad_weights, "tensor '%.100s' is there twice: the file is damaged", names[i]);
  free(names);
  return status;
}

cnnc_status cnnc_safetensors_read(const void *bytes, size_t size, cnnc_safetensors *file, char *text) {
  const unsigned char *p = bytes;
  uint64_t header = 0;
  memset(file, 0, sizeof *file);
  for (int i = 7; i >= 0 && size >= 8; --i)
    header = header << 8 | p[i];
  if (size < 8 || header > cnnc_safetensors_most_header || header > size - 8)
    return cnnc_fail(text, cnnc_bad_weights,
                     "the file has %zu bytes and says that its header has %" PRIu64
                     " (at most %d): it is truncated or not a safetensors file",
                     size, header, cnnc_safetensors_most_header);
  reader r = {.json = {p + 8, p + 8, p + 8 + header, NULL}, .file = file, .text = text};
  r.json.store = file->strings = malloc(header + 1);
  cnnc_status status = file->strings ? read_header(&r) : full(&r);
  if (status == cnnc_ok)
    status = check_cover(&r, p + 8 + header, size - 8 - header);
  if (status == cnnc_ok)
    status = check_names(&r);
  if (status != cnnc_ok)
    cnnc_safetensors_free(file);
  return status;
}

void cnnc_safetensors_free(cnnc_safetensors *file) {
  free(file->tensors);
  free(file->metadata);
  free(file->strings);
  memset(file, 0, sizeof *file);
}
