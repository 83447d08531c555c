/* philox.h - counter-based random numbers: Philox4x32-10 of Salmon et al.,
 * "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
 *
 * The numbers are a function of (key, counter) and nothing else, so their
 * order of use does not matter. The last word of the counter says what they
 * are for; each use has a stream of its own. */
#ifndef CNNC_CORE_PHILOX_H
#define CNNC_CORE_PHILOX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cnnc_philox_block {
  uint32_t v[4];
} cnnc_philox_block;

cnnc_philox_block cnnc_philox(cnnc_philox_block counter, uint32_t key0, uint32_t key1);

#define CNNC_STREAM_INIT 0x74696e69u /* initial weights: counter = block (2 words), parameter, stream */

#ifdef __cplusplus
}
#endif

#endif
