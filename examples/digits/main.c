/* Loads trained weights, trains a little further and classifies, with
 * nothing but digits.h. Run by `./dev demo`; the files come from raw.py. */
#include "digits.h"
#include <stdio.h>
#include <stdlib.h>

enum { batch = 32, train_count = 256, test_count = 355 };

static void *readFile(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) || (*size = (size_t)ftell(file)) == 0) {
    perror(path);
    exit(1);
  }
  rewind(file);
  void *bytes = malloc(*size);
  if (fread(bytes, 1, *size, file) != *size) {
    perror(path);
    exit(1);
  }
  fclose(file);
  return bytes;
}

static unsigned correct(digits_context *context, const float *images, const int32_t *labels) {
  static float logits[batch * digits_logits_size];
  unsigned right = 0;
  for (unsigned at = 0, n; at < test_count; at += n) {
    n = test_count - at < batch ? test_count - at : batch;
    if (digits_forward(context, n, images + at * digits_image_size, logits) != digits_ok) {
      puts(digits_error(context));
      exit(1);
    }
    for (unsigned i = 0; i < n; ++i) {
      unsigned best = 0;
      for (unsigned c = 1; c < digits_logits_size; ++c)
        if (logits[i * digits_logits_size + c] > logits[i * digits_logits_size + best])
          best = c;
      right += best == (unsigned)labels[at + i];
    }
  }
  return right;
}

int main(int argc, char **argv) {
  size_t size, ignored;
  void *bytes = readFile(argc > 1 ? argv[1] : "best.safetensors", &size);
  float *train = readFile("train.f32", &ignored), *test = readFile("test.f32", &ignored);
  int32_t *train_labels = readFile("train.i32", &ignored), *test_labels = readFile("test.i32", &ignored);

  digits_status status;
  digits_weights *weights = digits_weights_create(1, &status);
  if (!weights || digits_weights_load(weights, bytes, size) != digits_ok) {
    puts(weights ? digits_weights_error(weights) : "no weights");
    return 1;
  }
  digits_options options = {sizeof options, .batch = batch, .training = 1};
  digits_context *context = digits_context_create(weights, &options, &status);
  if (!context) {
    puts(digits_weights_error(weights));
    return 1;
  }
  printf("with the weights of %s: %u of %d right\n", argc > 1 ? argv[1] : "best.safetensors", correct(context, test, test_labels),
         test_count);

  float loss = 0;
  for (unsigned at = 0; at < train_count; at += batch) {
    digits_optimizer optimizer = {sizeof optimizer, .step = 1 + at / batch, .lr = 1e-4f,
                                  .beta1 = 0.9f,    .beta2 = 0.999f,        .epsilon = 1e-8f};
    if (digits_train_step(context, batch, train + at * digits_image_size, train_labels + at, NULL, &optimizer, &loss) !=
        digits_ok) {
      puts(digits_error(context));
      return 1;
    }
  }
  printf("after %d more steps, loss %.4f: %u of %d right\n", train_count / batch, loss, correct(context, test, test_labels),
         test_count);

  digits_context_destroy(context);
  digits_weights_destroy(weights);
  free(bytes), free(train), free(test), free(train_labels), free(test_labels);
  return 0;
}
