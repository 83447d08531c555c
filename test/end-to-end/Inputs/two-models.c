/* Two models in one program: four threads, a context each, weights shared by
 * two threads of each model, a pool of its own in every second thread. */
#include "first.h"
#include "second.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { runs = 50, batch = 4 };

static first_weights *first;
static second_weights *second;

#define CHECK(condition)                                                                                                         \
  do {                                                                                                                           \
    if (!(condition)) {                                                                                                          \
      fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                                                    \
      exit(1);                                                                                                                   \
    }                                                                                                                            \
  } while (0)

/* Forward passes with the shared weights, then training steps with weights of
 * the thread's own; every pass over the same input gives the same bits. */
#define WORKER(model, in, out)                                                                                                   \
  static void *model##_worker(void *own_pool) {                                                                                  \
    cnnc_pool pool = model##_pool(own_pool ? 2 : 1);                                                                             \
    model##_options options = {.struct_size = sizeof options, .batch = batch, .training = 1, .pool = &pool};                     \
    model##_context *context = model##_context_create(model, &options, NULL);                                                    \
    CHECK(context);                                                                                                              \
    float x[batch * in] = {0}, y[batch * out], again[batch * out], target[batch * out] = {0}, loss;                              \
    for (int i = 0; i < batch * in; ++i)                                                                                         \
      x[i] = (float)(i % 7) - 3;                                                                                                 \
    CHECK(model##_forward(context, batch, x, y) == model##_ok);                                                                  \
    for (int i = 0; i < runs; ++i) {                                                                                             \
      CHECK(model##_forward(context, batch, x, again) == model##_ok);                                                            \
      CHECK(memcmp(y, again, sizeof y) == 0);                                                                                    \
    }                                                                                                                            \
    model##_context_destroy(context);                                                                                            \
    model##_weights *mine = model##_weights_create(1, NULL);                                                                     \
    CHECK(mine && (context = model##_context_create(mine, &options, NULL)));                                                     \
    model##_optimizer step = {.struct_size = offsetof(model##_optimizer, step) + sizeof step.step};                              \
    for (step.step = 1; step.step <= runs; ++step.step)                                                                          \
      CHECK(model##_train_step(context, batch, x, target, NULL, &step, &loss) == model##_ok);                                    \
    model##_context_destroy(context);                                                                                            \
    model##_weights_destroy(mine);                                                                                               \
    pool.destroy(pool.self);                                                                                                     \
    return NULL;                                                                                                                 \
  }
WORKER(first, first_x_size, first_y_size)
WORKER(second, second_x_size, second_y_size)

int main(void) {
  CHECK(first = first_weights_create(1, NULL));
  CHECK(second = second_weights_create(2, NULL));
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    CHECK(pthread_create(&threads[i], NULL, i & 1 ? second_worker : first_worker, i & 2 ? &threads : NULL) == 0);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
  first_weights_destroy(first);
  second_weights_destroy(second);
  puts("two models: ok");
  return 0;
}
