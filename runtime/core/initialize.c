/* initialize.c - initial values of parameters. */
#include <math.h>
#include <string.h>

#include "runtime/core/internal.h"
#include "runtime/core/philox.h"

/* Four independent normals: Box and Muller 1958, once per pair of words. */
static void normals(const cnnc_philox_block *words, double mean, double deviation, float *out) {
  const double tau = 6.283185307179586476925;
  for (int i = 0; i < 4; i += 2) {
    double radius = sqrt(-2.0 * log(((double)words->v[i] + 1.0) * 0x1p-32));
    double angle = tau * ((double)words->v[i + 1] * 0x1p-32);
    out[i] = (float)(mean + deviation * (radius * cos(angle)));
    out[i + 1] = (float)(mean + deviation * (radius * sin(angle)));
  }
}

/* In [low, high): rounding to float may not reach high. */
static float uniform(uint32_t x, double low, double high) {
  double u = (double)(x >> 8) * 0x1p-24;
  float value = (float)(low + (high - low) * u);
  return low < high && value >= (float)high ? nextafterf((float)high, (float)low) : value;
}

void cnnc_initialize(const cnnc_model *model, unsigned index, uint64_t seed, float *canonical) {
  const cnnc_parameter_info *p = &model->parameters[index];
  if (p->embedded) {
    memcpy(canonical, p->embedded, p->elements * sizeof(float));
    return;
  }
  if (p->init == cnnc_init_constant) {
    for (uint64_t i = 0; i < p->elements; ++i)
      canonical[i] = p->init_a;
    return;
  }
  for (uint64_t block = 0; block * 4 < p->elements; ++block) {
    cnnc_philox_block counter = {{(uint32_t)block, (uint32_t)(block >> 32), index, CNNC_STREAM_INIT}};
    cnnc_philox_block words = cnnc_philox(counter, (uint32_t)seed, (uint32_t)(seed >> 32));
    float four[4];
    if (p->init == cnnc_init_normal)
      normals(&words, p->init_a, p->init_b, four);
    else
      for (unsigned i = 0; i < 4; ++i)
        four[i] = uniform(words.v[i], p->init_a, p->init_b);
    uint64_t left = p->elements - block * 4;
    memcpy(canonical + block * 4, four, (left < 4 ? left : 4) * sizeof(float));
  }
}
