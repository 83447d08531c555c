/* text.h - one-line failure texts in fixed buffers. */
#ifndef CNNC_CORE_TEXT_H
#define CNNC_CORE_TEXT_H

#include <stddef.h>

#include "cnnc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CNNC_TEXT_BYTES 512
#define CNNC_SHAPE_BYTES 128

/* Formats into text (CNNC_TEXT_BYTES), puts '?' for control characters, which
 * names from files may hold, and returns status. */
cnnc_status cnnc_fail(char *text, cnnc_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* "[64, 3, 7, 7]" into shape (CNNC_SHAPE_BYTES); returns shape. */
const char *cnnc_shape_text(char *shape, const uint32_t *dims, uint32_t rank);

#ifdef __cplusplus
}
#endif

#endif
