#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/core/safetensors.h"
#include "runtime/core/text.h"

static const char rest_key[] = "xxh64", tensor_prefix[] = "xxh64/";

typedef struct entry {
  const char *name, *hash;
} entry;

static int by_name(const void *a, const void *b) { return strcmp(((const entry *)a)->name, ((const entry *)b)->name); }

static const char *rest_hash(const cnnc_safetensors *file) {
  for (size_t i = 0; i < file->metadata_count; ++i)
    if (strcmp(file->metadata[2 * i], rest_key) == 0)
      return file->metadata[2 * i + 1];
  return NULL;
}

static int matches(const char *written, uint64_t hash) {
  char digits[17];
  snprintf(digits, sizeof digits, "%016" PRIx64, hash);
  return written && strcmp(written, digits) == 0;
}

cnnc_status cnnc_safetensors_hash_metadata(const char *const *metadata, size_t pairs, cnnc_xxh64 hash, uint64_t *result,
                                           char *text) {
  size_t room = 0, size = 0;
  for (size_t i = 0; i < 2 * pairs; ++i)
    room += strlen(metadata[i]) + 1;
  char *joined = malloc(room + 1);
  if (!joined)
    return cnnc_fail(text, cnnc_out_of_memory, "no memory for %zu bytes of metadata: free some", room);
  for (size_t i = 0; i < 2 * pairs; ++i)
    if (strcmp(metadata[i & ~(size_t)1], rest_key) != 0) {
      size_t length = strlen(metadata[i]) + 1;
      memcpy(joined + size, metadata[i], length);
      size += length;
    }
  *result = hash(joined, size);
  free(joined);
  return cnnc_ok;
}

int cnnc_safetensors_has_hashes(const cnnc_safetensors *file) { return rest_hash(file) != NULL; }

/* The hashes of tensors, sorted by their names: a file may have a million. */
static size_t tensor_hashes(const cnnc_safetensors *file, entry *entries) {
  size_t count = 0, prefix = sizeof tensor_prefix - 1;
  for (size_t i = 0; i < file->metadata_count; ++i)
    if (strncmp(file->metadata[2 * i], tensor_prefix, prefix) == 0)
      entries[count++] = (entry){file->metadata[2 * i] + prefix, file->metadata[2 * i + 1]};
  if (count)
    qsort(entries, count, sizeof *entries, by_name);
  return count;
}

cnnc_status cnnc_safetensors_check_hashes(const cnnc_safetensors *file, cnnc_xxh64 hash, char *text) {
  uint64_t rest;
  cnnc_status status = cnnc_safetensors_hash_metadata(file->metadata, file->metadata_count, hash, &rest, text);
  if (status != cnnc_ok)
    return status;
  if (!matches(rest_hash(file), rest))
    return cnnc_fail(text, cnnc_bad_weights, "its metadata do not match their hash");
  entry *entries = malloc((file->metadata_count + 1) * sizeof *entries);
  if (!entries)
    return cnnc_fail(text, cnnc_out_of_memory, "no memory for %zu hashes: free some", file->metadata_count);
  size_t count = tensor_hashes(file, entries);
  for (size_t i = 0; i < file->count && status == cnnc_ok; ++i) {
    const cnnc_safetensor *t = &file->tensors[i];
    entry wanted = {t->name, NULL};
    const entry *found = count ? bsearch(&wanted, entries, count, sizeof *entries, by_name) : NULL;
    if (!found || !matches(found->hash, hash(t->data, t->end - t->begin)))
      status = cnnc_fail(text, cnnc_bad_weights, "tensor '%.100s' does not match its hash", t->name);
  }
  free(entries);
  return status;
}
