/* guard.h - many readers or one writer; nobody waits.
 *
 * state > 0 counts readers, -1 is a writer. A failed begin means busy. The
 * acquire on begin and the release on end order what the roles protect. */
#ifndef CNNC_CORE_GUARD_H
#define CNNC_CORE_GUARD_H

#include <limits.h>
#include <stdatomic.h>

typedef struct cnnc_guard {
  atomic_int state;
} cnnc_guard;

static inline int cnnc_read_begin(cnnc_guard *g) {
  int seen = atomic_load_explicit(&g->state, memory_order_relaxed);
  while (seen >= 0 && seen < INT_MAX)
    if (atomic_compare_exchange_weak_explicit(&g->state, &seen, seen + 1, memory_order_acquire, memory_order_relaxed))
      return 1;
  return 0;
}

static inline void cnnc_read_end(cnnc_guard *g) { atomic_fetch_sub_explicit(&g->state, 1, memory_order_release); }

static inline int cnnc_write_begin(cnnc_guard *g) {
  int free = 0;
  return atomic_compare_exchange_strong_explicit(&g->state, &free, -1, memory_order_acquire, memory_order_relaxed);
}

static inline void cnnc_write_end(cnnc_guard *g) { atomic_store_explicit(&g->state, 0, memory_order_release); }

#endif
