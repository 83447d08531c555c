/* pool.c - a parallel-for with persistent workers.
 *
 * Protocol of a run: the caller takes `running`, writes the job, sets `inside`
 * to `open` and raises `epoch`. A worker that sees the epoch change counts
 * itself into `inside`, but only while that is open, works, and counts itself
 * out. A caller that finds no more tasks closes `inside` and waits until nobody
 * is in. So a worker that the system keeps from running delays nobody, unless
 * it is in the middle of a task, and nobody reads a job while it is written.
 *
 * Each thread has a share of the tasks, [t*w/T, t*(w+1)/T) for thread w of T, so
 * that it meets the data of the job before. It takes a few at a time from the
 * front, then those left of the others' shares from the back. Which thread does
 * what therefore varies, and no result may depend on it.
 *
 * Whoever waits (workers for the epoch, the caller for `inside`) spins for
 * a moment, then announces itself in a counter and sleeps on the word. Both
 * sides use sequentially consistent operations: either the sleeper sees the
 * new value or the waker sees the sleeper.
 *
 * A run that finds another one under way, also one from inside a task, does
 * all of its tasks on its own thread: that cannot deadlock. */
#define _GNU_SOURCE
#include "runtime/core/pool.h"

#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__SSE__)
#include <immintrin.h>
#endif

enum { spins = 1000, most_threads = 1024, cache_line = 64 };

static const unsigned open = 1u << 31; /* in `inside`, above the number of workers */

typedef struct pool pool;

/* One per thread, on a cache line of its own. Thread 0 is the caller's. */
typedef struct member {
  _Alignas(cache_line) atomic_ullong share; /* the tasks left: first | end << 32 */
  pool *owner;
  pthread_t thread;
} member;

struct pool {
  _Alignas(cache_line) atomic_uint epoch;
  atomic_int sleeping_workers, stop;
  _Alignas(cache_line) atomic_uint inside;
  atomic_int sleeping_caller;
  _Alignas(cache_line) atomic_int running;
  void (*task)(void *, unsigned); /* the job */
  void *argument;
  unsigned rounding; /* the caller's floating-point control: all threads give the same bits */
  unsigned threads;
  member members[];
};

static unsigned get_rounding(void) {
#if defined(__SSE__)
  return _mm_getcsr();
#else
  return 0;
#endif
}

static void set_rounding(unsigned rounding) {
#if defined(__SSE__)
  _mm_setcsr(rounding);
#else
  (void)rounding;
#endif
}

static void pause_briefly(void) {
#if defined(__SSE__)
  _mm_pause();
#endif
}

static void sleep_while(atomic_uint *word, unsigned value) { syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0); }

static void wake_all(atomic_uint *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0); }

/* Returns once *word differs from value. */
static void wait_for_change(atomic_uint *word, unsigned value, atomic_int *sleepers) {
  for (int i = 0; i < spins; ++i) {
    if (atomic_load_explicit(word, memory_order_acquire) != value)
      return;
    pause_briefly();
  }
  atomic_fetch_add(sleepers, 1);
  while (atomic_load(word) == value)
    sleep_while(word, value);
  atomic_fetch_sub(sleepers, 1);
}

static unsigned long long tasks_between(unsigned first, unsigned end) { return first | (unsigned long long)end << 32; }

typedef struct range {
  unsigned first, end;
} range;

/* Takes tasks from the front or the back of a share: few, so that no thread is held up with many, but more where
 * there are so many that taking costs. Empty if none is left. */
static range take(atomic_ullong *share, int from_back) {
  enum { parts = 16 };
  unsigned long long left = atomic_load_explicit(share, memory_order_relaxed), rest;
  range taken;
  do {
    unsigned first = (unsigned)left, end = (unsigned)(left >> 32);
    if (first >= end)
      return (range){0, 0};
    unsigned count = 1 + (end - first) / parts;
    taken = from_back ? (range){end - count, end} : (range){first, first + count};
    rest = from_back ? tasks_between(first, end - count) : tasks_between(first + count, end);
  } while (!atomic_compare_exchange_weak_explicit(share, &left, rest, memory_order_relaxed, memory_order_relaxed));
  return taken;
}

/* Works on the job as thread `self` until no task is left to take. */
static void do_tasks(pool *p, unsigned self) {
  for (unsigned i = 0; i < p->threads; ++i) {
    unsigned other = self + i < p->threads ? self + i : self + i - p->threads;
    for (range r; (r = take(&p->members[other].share, i != 0)).first < r.end;)
      for (unsigned number = r.first; number < r.end; ++number)
        p->task(p->argument, number);
  }
}

/* 0 if there is no job, or none that a worker may still join. */
static int enter(pool *p) {
  unsigned workers = atomic_load_explicit(&p->inside, memory_order_relaxed);
  do {
    if (!(workers & open))
      return 0;
  } while (!atomic_compare_exchange_weak_explicit(&p->inside, &workers, workers + 1, memory_order_acquire, memory_order_relaxed));
  return 1;
}

static void leave(pool *p) {
  if (atomic_fetch_sub(&p->inside, 1) == 1 && atomic_load(&p->sleeping_caller))
    wake_all(&p->inside);
}

static void *work(void *argument) {
  member *self = argument;
  pool *p = self->owner;
  for (unsigned seen = 0;;) {
    wait_for_change(&p->epoch, seen, &p->sleeping_workers);
    seen = atomic_load_explicit(&p->epoch, memory_order_acquire);
    if (atomic_load_explicit(&p->stop, memory_order_relaxed))
      return NULL;
    if (!enter(p))
      continue;
    set_rounding(p->rounding);
    do_tasks(p, (unsigned)(self - p->members));
    leave(p);
  }
}

static void run_serial(void *self, unsigned tasks, void (*task)(void *, unsigned), void *argument) {
  (void)self;
  for (unsigned i = 0; i < tasks; ++i)
    task(argument, i);
}

static void next_epoch(pool *p) {
  atomic_fetch_add(&p->epoch, 1);
  if (atomic_load(&p->sleeping_workers))
    wake_all(&p->epoch);
}

static void run_parallel(void *self, unsigned tasks, void (*task)(void *, unsigned), void *argument) {
  pool *p = self;
  int idle = 0;
  if (tasks < 2 || !atomic_compare_exchange_strong_explicit(&p->running, &idle, 1, memory_order_acquire, memory_order_relaxed)) {
    run_serial(NULL, tasks, task, argument);
    return;
  }
  p->task = task;
  p->argument = argument;
  p->rounding = get_rounding();
  for (unsigned i = 0, first = 0; i < p->threads; ++i) {
    unsigned end = (unsigned)((uint64_t)tasks * (i + 1) / p->threads);
    atomic_store_explicit(&p->members[i].share, tasks_between(first, end), memory_order_relaxed);
    first = end;
  }
  atomic_store_explicit(&p->inside, open, memory_order_release);
  next_epoch(p);
  do_tasks(p, 0);
  atomic_fetch_and_explicit(&p->inside, ~open, memory_order_relaxed);
  for (unsigned left; (left = atomic_load_explicit(&p->inside, memory_order_acquire)) != 0;)
    wait_for_change(&p->inside, left, &p->sleeping_caller);
  atomic_store_explicit(&p->running, 0, memory_order_release);
}

static void destroy_serial(void *self) { (void)self; }

static void destroy_parallel(void *self) {
  pool *p = self;
  atomic_store_explicit(&p->stop, 1, memory_order_relaxed);
  next_epoch(p);
  for (unsigned i = 1; i < p->threads; ++i)
    pthread_join(p->members[i].thread, NULL);
  free(p);
}

cnnc_pool cnnc_serial_pool(void) {
  cnnc_pool serial = {NULL, 1, run_serial, destroy_serial};
  return serial;
}

static unsigned usable_cores(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

/* Workers take no signals: those are the program's. They count in `threads`
 * only once they run, so that those which do not exist have no share. */
static unsigned start_workers(pool *p, unsigned threads) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  unsigned running = 1;
  for (; running < threads; ++running) {
    member *m = &p->members[running];
    m->owner = p;
    if (pthread_create(&m->thread, NULL, work, m) != 0)
      break;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return running;
}

cnnc_pool cnnc_core_pool(unsigned threads) {
  if (threads == 0)
    threads = usable_cores();
  if (threads > most_threads)
    threads = most_threads;
  size_t bytes = sizeof(pool) + threads * sizeof(member);
  pool *p = threads > 1 ? aligned_alloc(cache_line, bytes) : NULL;
  if (!p)
    return cnnc_serial_pool();
  memset(p, 0, bytes);
  p->threads = start_workers(p, threads);
  if (p->threads == 1) {
    free(p);
    return cnnc_serial_pool();
  }
  cnnc_pool made = {p, p->threads, run_parallel, destroy_parallel};
  return made;
}
