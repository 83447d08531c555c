/* pair.c - a test double of a compiled model with two inputs and two outputs,
 * whose gradient of the bias is wrong on purpose: half as large again.
 *
 *   logits = scale * (weight . image / 255) + bias        mean = mean of image
 *
 * image is [1, 4, 4], scale one number, logits two classes; trained by plain
 * gradient descent on softmax cross entropy of logits. With PAIR_INFER it has
 * no training. */
#include <math.h>

#include "runtime/core/core.h"

enum { pixels = 16, classes = 2, at_bias = 128, bytes = 192 };

static float *values(const void *block, int offset) { return (float *)((unsigned char *)block + offset); }

static void logits_of(const cnnc_frame *f, uint32_t i, float *logits) {
  const float *image = (const float *)f->inputs[0] + pixels * i, *scale = (const float *)f->inputs[1] + i;
  for (int k = 0; k < classes; ++k) {
    float sum = 0;
    for (int p = 0; p < pixels; ++p)
      sum += values(f->parameters, 0)[pixels * k + p] * image[p] / 255.0f;
    logits[k] = *scale * sum + values(f->parameters, at_bias)[k];
  }
}

static int run_infer(const cnnc_frame *f) {
  for (uint32_t i = 0; i < f->n; ++i) {
    logits_of(f, i, (float *)f->outputs[0] + classes * i);
    float sum = 0;
    for (int p = 0; p < pixels; ++p)
      sum += ((const float *)f->inputs[0])[pixels * i + p];
    ((float *)f->outputs[1])[i] = sum / pixels;
  }
  return 0;
}

static const cnnc_tensor_info inputs[] = {{"image", "pixels", cnnc_f32, 3, {1, 4, 4}, pixels, 0, 0, 0, 0},
                                          {"scale", "", cnnc_f32, 1, {1}, 1, 0, 0, 0, 0}};
static const cnnc_tensor_info outputs[] = {{"logits", "", cnnc_f32, 1, {classes}, classes, 0, 0, 0, 0},
                                           {"mean", "", cnnc_f32, 1, {1}, 1, 0, 0, 0, 0}};

static const cnnc_parameter_info parameters[] = {
    {"weight",
     "",
     cnnc_weight,
     1,
     2,
     {classes, pixels},
     classes * pixels,
     0,
     classes * pixels,
     cnnc_init_normal,
     0,
     0.5f,
     0,
     0,
     0},
    {"bias", "", cnnc_weight, 1, 1, {classes}, classes, at_bias, classes, cnnc_init_normal, 0, 0.5f, 0, 0, 0},
};

#ifdef PAIR_INFER
#define TRAINING_NOTE                                                                                                            \
  "\"targets\": [], \"hypers\": [], \"memory\": {\"infer\": {\"fixed\": 0, \"per_example\": 0}, \"train\": null}, "
#define RECIPE "null"
static const cnnc_code codes[] = {{"x86-64", 0, 0, run_infer, 0, 0, 0, 0}};
#else
#define TRAINING_NOTE                                                                                                            \
  "\"targets\": [{\"name\": \"label\", \"dtype\": \"i32\", \"shape\": [], \"doc\": \"\"}], \"hypers\": [{\"name\": \"lr\", "     \
  "\"value\": 0.1}], \"memory\": {\"infer\": {\"fixed\": 0, \"per_example\": 0}, \"train\": {\"fixed\": 0, \"per_example\": "    \
  "64}}, "
#define RECIPE "{\"name\": \"pair\", \"loss\": {\"call\": \"softmax_cross_entropy\"}}"

/* Leaves the gradient of the summed loss by the logits in the arena. */
static int run_loss(const cnnc_frame *f) {
  float *d = (float *)f->arena, sum = 0;
  for (uint32_t i = 0; i < f->n; ++i) {
    float logits[classes];
    logits_of(f, i, logits);
    int32_t label = ((const int32_t *)f->inputs[2])[i];
    float share = 1.0f / (1.0f + expf(logits[1 - label] - logits[label]));
    sum -= logf(share);
    d[classes * i + label] = share - 1;
    d[classes * i + 1 - label] = 1 - share;
  }
  *(float *)f->outputs[0] = sum / f->n;
  return 0;
}

static int run_backward(const cnnc_frame *f) {
  const float *d = (const float *)f->arena;
  for (uint32_t i = 0; i < f->n; ++i)
    for (int k = 0; k < classes; ++k) {
      float by_logit = d[classes * i + k] / f->n, scale = ((const float *)f->inputs[1])[i];
      values(f->gradients, at_bias)[k] += 1.5f * by_logit;
      for (int p = 0; p < pixels; ++p)
        values(f->gradients, 0)[pixels * k + p] += by_logit * scale * ((const float *)f->inputs[0])[pixels * i + p] / 255.0f;
    }
  return 0;
}

static int run_update(const cnnc_frame *f) {
  for (int i = 0; i < bytes / 4; ++i)
    values(f->parameters, 0)[i] -= f->hyper[0] * values(f->gradients, 0)[i];
  return 0;
}

static const cnnc_tensor_info targets[] = {{"label", "", cnnc_i32, 0, {0}, 1, classes, -100, 0, 0}};
static const cnnc_hyper_info hypers[] = {{"lr", 0.1f}};
static const cnnc_code codes[] = {{"x86-64", 0, 0, run_infer, run_loss, run_backward, 0, run_update}};
#endif

#define NOTE                                                                                                                     \
  "{\"abi\": 2, \"name\": \"pair\", \"prefix\": \"pair\", \"source\": \"pair.dsl\", \"graph_hash\": \"00000000000000f2\", "      \
  "\"inputs\": [{\"name\": \"image\", \"dtype\": \"f32\", \"shape\": [1, 4, 4]}, {\"name\": \"scale\", \"dtype\": \"f32\", "     \
  "\"shape\": [1]}], \"outputs\": [{\"name\": \"logits\", \"dtype\": \"f32\", \"shape\": [2]}, {\"name\": \"mean\", "            \
  "\"dtype\": \"f32\", \"shape\": [1]}], \"parameters\": [{\"name\": \"weight\", \"kind\": \"weight\", \"shape\": [2, 16], "     \
  "\"trainable\": true}, {\"name\": \"bias\", \"kind\": \"weight\", \"shape\": [2], \"trainable\": true}], " TRAINING_NOTE       \
  "\"cpus\": [{\"cpu\": \"x86-64\", \"features\": 0}], \"parameter_bytes\": 192, \"flops\": {\"infer\": 80, \"train\": 240}, "   \
  "\"recipe\": " RECIPE "}"

static const struct {
  uint32_t namesz, descsz, type;
  char name[8];
  char desc[sizeof NOTE - 1];
} note __attribute__((section(".note.cnnc"), used, aligned(4))) = {5, sizeof NOTE - 1, 1, "cnnc", NOTE};

static const cnnc_model model = {
    .struct_size = sizeof(cnnc_model),
    .abi_version = CNNC_ABI_VERSION,
    .name = "pair",
    .prefix = "pair",
    .doc = "",
    .source = "pair.dsl",
    .graph_hash = "00000000000000f2",
    .input_count = 2,
    .output_count = 2,
    .parameter_count = 2,
    .code_count = 1,
    .inputs = inputs,
    .outputs = outputs,
    .parameters = parameters,
    .codes = codes,
    .parameter_bytes = bytes,
#ifdef PAIR_INFER
    .recipe = "",
#else
    .recipe = RECIPE,
    .target_count = 1,
    .targets = targets,
    .hyper_count = 1,
    .hypers = hypers,
    .gradient_bytes = bytes,
    .train_memory = {0, 64},
#endif
};

static cnnc_weights *weights_create(uint64_t seed, cnnc_status *s) { return cnnc_core_weights_create(&model, seed, s); }
static size_t context_bytes(const cnnc_options *o) { return cnnc_core_context_bytes(&model, o); }
static const char *status_text(cnnc_status s) { return cnnc_core_status_text(&model, s); }

static const cnnc_api api = CNNC_CORE_API(weights_create, context_bytes, status_text);
static const cnnc_info info = {sizeof(cnnc_info), CNNC_ABI_VERSION, &model, &api};

__attribute__((visibility("default"))) const cnnc_info *pair_describe(void) { return &info; }
