/* safetensors_convert.c - stored number formats to float. */
#include <string.h>

#include "runtime/core/safetensors.h"

int cnnc_safetensor_is_float(const cnnc_safetensor *t) {
  return strcmp(t->dtype, "F32") == 0 || strcmp(t->dtype, "F64") == 0 || strcmp(t->dtype, "F16") == 0 ||
         strcmp(t->dtype, "BF16") == 0;
}

/* IEEE 754 binary16: every value is a float. By hand, since the compiler's
 * conversion is a call into its own library where F16C is not assumed. */
static float from_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 0x1f, fraction = half & 0x3ff, bits;
  if (exponent == 0) { /* zero or subnormal: fraction * 2^-24 */
    float magnitude = (float)fraction * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  bits = sign | (exponent == 0x1f ? 0x7f800000u : (exponent + 112) << 23) | fraction << 13;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static float from_bfloat(uint16_t bits) {
  uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, sizeof value);
  return value;
}

void cnnc_safetensor_floats(const cnnc_safetensor *t, float *values) {
  if (strcmp(t->dtype, "F32") == 0) {
    memcpy(values, t->data, t->elements * sizeof(float));
    return;
  }
  int is_double = t->dtype_bytes == 8, is_bfloat = t->dtype[0] == 'B';
  for (uint64_t i = 0; i < t->elements; ++i) {
    double wide;
    uint16_t narrow;
    if (is_double) {
      memcpy(&wide, t->data + i * sizeof wide, sizeof wide);
      values[i] = (float)wide;
    } else {
      memcpy(&narrow, t->data + i * sizeof narrow, sizeof narrow);
      values[i] = is_bfloat ? from_bfloat(narrow) : from_half(narrow);
    }
  }
}
