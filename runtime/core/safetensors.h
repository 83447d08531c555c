/* safetensors.h - the file format of weights and checkpoints, over memory.
 *
 * A file is a 64-bit little-endian header length, a JSON header and the data.
 * The reader trusts nothing: a header of at most 100 MB and of the one shape
 * the format has, known types, shape * type = bytes, data ranges that follow
 * each other from 0 to the end without gap, no name twice. */
#ifndef CNNC_CORE_SAFETENSORS_H
#define CNNC_CORE_SAFETENSORS_H

#include "cnnc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  cnnc_safetensors_most_header = 100000000, /* bytes */
  cnnc_safetensors_most_entries = 1 << 20   /* tensors, and pairs of metadata */
};

typedef struct cnnc_safetensor {
  const char *name;  /* decoded */
  const char *dtype; /* "F32", "BF16", "I64" ...: as in the file, a known one */
  uint32_t dtype_bytes;
  uint32_t rank;
  uint32_t dims[CNNC_MAX_RANK];
  uint64_t elements;
  uint64_t begin, end;       /* from the start of the data */
  const unsigned char *data; /* any alignment */
} cnnc_safetensor;

typedef struct cnnc_safetensors {
  cnnc_safetensor *tensors; /* in the order of their data */
  size_t count;
  const char **metadata; /* key, value, key, value ... */
  size_t metadata_count; /* pairs */
  char *strings;
} cnnc_safetensors;

/* Reads the header of the file at bytes, which must stay in place while the
 * tensors are used. bad_weights or out_of_memory: text (CNNC_TEXT_BYTES) says
 * why and file holds nothing. */
cnnc_status cnnc_safetensors_read(const void *bytes, size_t size, cnnc_safetensors *file, char *text);
void cnnc_safetensors_free(cnnc_safetensors *file);

/* Whether cnnc_safetensor_floats knows the type: F32, F64, F16, BF16. */
int cnnc_safetensor_is_float(const cnnc_safetensor *tensor);

/* Converts all elements to float, to nearest even. */
void cnnc_safetensor_floats(const cnnc_safetensor *tensor, float *values);

/* Writes a header into at most `room` bytes at `out` and counts all of it, so
 * that a first pass with room 0 measures. Tensors are F32 and their data
 * follow the header in the order of the calls. */
typedef struct cnnc_safetensors_writer {
  unsigned char *out;
  uint64_t room, at; /* bytes */
  uint64_t data;     /* bytes of tensors so far */
  int entries;
} cnnc_safetensors_writer;

/* metadata: key, value, ...; pairs of them. */
void cnnc_safetensors_begin(cnnc_safetensors_writer *w, void *out, uint64_t room, const char *const *metadata, size_t pairs);
void cnnc_safetensors_tensor(cnnc_safetensors_writer *w, const char *prefix, const char *name, const uint32_t *dims,
                             uint32_t rank);

/* Closes the header; returns its bytes, a multiple of 8. The file has
 * w->data more. */
uint64_t cnnc_safetensors_end(cnnc_safetensors_writer *w);

/* Hashes in the metadata, 16 hexadecimal digits each: "xxh64/<tensor>" of each
 * tensor's bytes, and "xxh64" of all other keys and values, each with its zero,
 * in the order of the file. Who links the core brings the function: XXH64 with seed 0. */
typedef uint64_t (*cnnc_xxh64)(const void *bytes, size_t size);

/* That of metadata (key, value, ...) without "xxh64"; out_of_memory: text says so. */
cnnc_status cnnc_safetensors_hash_metadata(const char *const *metadata, size_t pairs, cnnc_xxh64 hash, uint64_t *result,
                                           char *text);

/* True for a file that says "xxh64". */
int cnnc_safetensors_has_hashes(const cnnc_safetensors *file);

/* bad_weights: text says which tensor is damaged, or has no hash. */
cnnc_status cnnc_safetensors_check_hashes(const cnnc_safetensors *file, cnnc_xxh64 hash, char *text);

#ifdef __cplusplus
}
#endif

#endif
