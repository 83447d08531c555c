#include "runtime/core/text.h"

#include <stdarg.h>
#include <stdio.h>

#include "runtime/core/internal.h"

static void format_line(char *text, const char *format, va_list arguments) {
  vsnprintf(text, CNNC_TEXT_BYTES, format, arguments);
  for (char *c = text; *c; ++c)
    if ((unsigned char)*c < 0x20 || *c == 0x7f)
      *c = '?';
}

cnnc_status cnnc_fail(char *text, cnnc_status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  format_line(text, format, arguments);
  va_end(arguments);
  return status;
}

cnnc_status cnnc_weights_fail(const cnnc_weights *weights, cnnc_status status, const char *format, ...) {
  cnnc_weights *w = (cnnc_weights *)weights;
  va_list arguments;
  va_start(arguments, format);
  pthread_mutex_lock(&w->text_lock);
  format_line(w->text, format, arguments);
  pthread_mutex_unlock(&w->text_lock);
  va_end(arguments);
  return status;
}

const char *cnnc_shape_text(char *shape, const uint32_t *dims, uint32_t rank) {
  int at = snprintf(shape, CNNC_SHAPE_BYTES, "[");
  for (uint32_t i = 0; i < rank; ++i)
    at += snprintf(shape + at, (size_t)(CNNC_SHAPE_BYTES - at), i ? ", %u" : "%u", dims[i]);
  snprintf(shape + at, (size_t)(CNNC_SHAPE_BYTES - at), "]");
  return shape;
}
