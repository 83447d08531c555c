/* embed.c - a program with nothing but the header and the library. */
#include "fixture.h"

#include <stdio.h>

int main(void) {
  const float x[3 * fixture_x_size] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
  const int32_t label[3] = {2, 0, 1};
  float first = 0, last = 0, logits[3 * fixture_logits_size];
  fixture_options options = {sizeof options, 3, 1, NULL, NULL, NULL, NULL, 0};
  fixture_optimizer optimizer = {sizeof optimizer, 0, 0.5f, 0.9f, 0.0f};
  fixture_weights *weights = fixture_weights_create(1, NULL);
  fixture_context *context = weights ? fixture_context_create(weights, &options, NULL) : NULL;
  if (!context)
    return 1;
  for (optimizer.step = 1; optimizer.step <= 60; ++optimizer.step) {
    if (fixture_train_step(context, 3, x, label, NULL, &optimizer, &last) != fixture_ok)
      return 1;
    if (optimizer.step == 1)
      first = last;
  }
  printf("loss fell from %.1f to %.3f\n", (double)first, (double)last);
  if (fixture_forward(context, 9, x, logits) != fixture_bad_argument)
    return 1;
  printf("%s\n", fixture_error(context));
  fixture_context_destroy(context);
  fixture_weights_destroy(weights);
  return 0;
}
