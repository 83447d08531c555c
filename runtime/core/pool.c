/* pool.c - a parallel-for with persistent workers.
 *
 * Protocol of a run: the caller takes `running`, writes the job, raises `epoch`
 * and does part 0. Each worker sees the epoch change, does its part and lowers
 * `unfinished`; at zero the caller may return, and no worker looks at the job
 * again until the epoch changes. Part w of T is tasks [t*w/T, t*(w+1)/T), so
 * which thread does what is fixed.
 *
 * Whoever waits (workers for the epoch, the caller for `unfinished`) spins for
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
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__SSE__)
#include <immintrin.h>
#endif

enum { spins = 1000, most_threads = 1024 };

typedef struct pool pool;

typedef struct worker {
  pool *owner;
  unsigned part;
  pthread_t thread;
} worker;

struct pool {
  atomic_uint epoch;
  atomic_uint unfinished;
  atomic_int sleeping_workers, sleeping_caller;
  atomic_int running, stop;
  unsigned tasks; /* the job */
  void (*task)(void *, unsigned);
  void *argument;
  unsigned rounding; /* the caller's floating-point control: all threads give the same bits */
  unsigned threads;
  worker workers[];
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

static void do_part(const pool *p, unsigned part) {
  unsigned begin = (unsigned)((uint64_t)p->tasks * part / p->threads);
  unsigned end = (unsigned)((uint64_t)p->tasks * (part + 1) / p->threads);
  for (unsigned i = begin; i < end; ++i)
    p->task(p->argument, i);
}

static void *work(void *argument) {
  worker *self = argument;
  pool *p = self->owner;
  for (unsigned seen = 0;; ++seen) {
    wait_for_change(&p->epoch, seen, &p->sleeping_workers);
    if (atomic_load_explicit(&p->stop, memory_order_relaxed))
      return NULL;
    set_rounding(p->rounding);
    do_part(p, self->part);
    if (atomic_fetch_sub(&p->unfinished, 1) == 1 && atomic_load(&p->sleeping_caller))
      wake_all(&p->unfinished);
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
  p->tasks = tasks;
  p->task = task;
  p->argument = argument;
  p->rounding = get_rounding();
  atomic_store_explicit(&p->unfinished, p->threads - 1, memory_order_relaxed);
  next_epoch(p);
  do_part(p, 0);
  for (unsigned left; (left = atomic_load_explicit(&p->unfinished, memory_order_acquire)) != 0;)
    wait_for_change(&p->unfinished, left, &p->sleeping_caller);
  atomic_store_explicit(&p->running, 0, memory_order_release);
}

static void destroy_serial(void *self) { (void)self; }

static void destroy_parallel(void *self) {
  pool *p = self;
  atomic_store_explicit(&p->stop, 1, memory_order_relaxed);
  next_epoch(p);
  for (unsigned i = 0; i + 1 < p->threads; ++i)
    pthread_join(p->workers[i].thread, NULL);
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
 * only once they run, since a job waits for every one of them. */
static void start_workers(pool *p, unsigned threads) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (p->threads = 1; p->threads < threads; ++p->threads) {
    worker *w = &p->workers[p->threads - 1];
    w->owner = p;
    w->part = p->threads;
    if (pthread_create(&w->thread, NULL, work, w) != 0)
      break;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

cnnc_pool cnnc_core_pool(unsigned threads) {
  if (threads == 0)
    threads = usable_cores();
  if (threads > most_threads)
    threads = most_threads;
  pool *p = threads > 1 ? calloc(1, sizeof *p + (threads - 1) * sizeof(worker)) : NULL;
  if (!p)
    return cnnc_serial_pool();
  start_workers(p, threads);
  if (p->threads == 1) {
    free(p);
    return cnnc_serial_pool();
  }
  cnnc_pool made = {p, p->threads, run_parallel, destroy_parallel};
  return made;
}
