/* memory.h - where tensors live. */
#ifndef CNNC_CORE_MEMORY_H
#define CNNC_CORE_MEMORY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `bytes` of memory at a multiple of CNNC_ALIGN, not zeroed; free() takes it back. NULL if there is no room. A large
 * block asks for huge pages: kernels stream through it faster than small pages can be translated. */
void *cnnc_allocate(size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
