/* Two models in one program: one is trained, the other infers. */
#include "curve.h"
#include "line.h"
#include <stdio.h>

int main(void) {
  line_status line_result;
  line_weights *weights = line_weights_create(1, &line_result);
  line_options options = {sizeof options, .batch = 4, .training = 1};
  line_context *context = line_context_create(weights, &options, &line_result);
  const float x[] = {-1, 0, 1, 2}, target[] = {-1, 1, 3, 5};
  float loss = 0, y[4];
  for (unsigned step = 1; step <= 300; ++step) {
    line_optimizer optimizer = {sizeof optimizer, .step = step, .lr = 0.1f};
    if (line_train_step(context, 4, x, target, NULL, &optimizer, &loss) != line_ok)
      return puts(line_error(context)), 1;
  }
  line_forward(context, 4, x, y);
  printf("loss %.4f, y(2) = %.3f\n", loss, y[3]);
  line_context_destroy(context);
  line_weights_destroy(weights);

  curve_status curve_result;
  curve_weights *none = curve_weights_create(1, &curve_result);
  curve_options small = {sizeof small, .batch = 1};
  curve_context *second = curve_context_create(none, &small, &curve_result);
  const float in[] = {-3, 4};
  float out[2];
  if (curve_forward(second, 1, in, out) != curve_ok)
    return puts(curve_error(second)), 1;
  printf("curve %g %g\n", out[0], out[1]);
  curve_context_destroy(second);
  curve_weights_destroy(none);
  return 0;
}
