/* json.h - a scanner for the JSON of a safetensors header: no recursion, so no
 * depth to bound; strings are decoded into a buffer as long as the input. */
#ifndef CNNC_CORE_JSON_H
#define CNNC_CORE_JSON_H

#include <stdint.h>

typedef struct cnnc_json {
  const unsigned char *begin, *at, *end;
  char *store; /* where the next decoded string goes; never longer than its source */
} cnnc_json;

/* Skips white space, then takes `c` if it is next. */
int cnnc_json_take(cnnc_json *j, char c);

/* The next string, decoded to UTF-8 with a NUL, or NULL: not a string, a bad
 * escape, a control character or a NUL in it. */
const char *cnnc_json_string(cnnc_json *j);

/* A non-negative integer below 2^63; 0 if there is none. */
int cnnc_json_integer(cnnc_json *j, uint64_t *value);

/* Whether nothing but white space is left. */
int cnnc_json_at_end(cnnc_json *j);

#endif
