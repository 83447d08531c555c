/* memory.c - where tensors live. */
#define _DEFAULT_SOURCE
#include "runtime/core/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "runtime/core/internal.h"

void *cnnc_allocate(size_t bytes) {
  const size_t huge_page = (size_t)2 << 20, alignment = bytes >= 2 * huge_page ? huge_page : CNNC_ALIGN;
  if (bytes > SIZE_MAX - alignment)
    return NULL;
  bytes = (bytes + alignment - 1) & ~(alignment - 1);
  void *block = aligned_alloc(alignment, bytes);
#ifdef MADV_HUGEPAGE
  if (block && alignment == huge_page)
    (void)madvise(block, bytes, MADV_HUGEPAGE); /* a system without them keeps small ones */
#endif
  return block;
}
