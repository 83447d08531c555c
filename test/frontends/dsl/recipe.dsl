# RUN: cnnc %s --emit=cnn | FileCheck %s
# RUN: cnnc %s --emit=cnn | %python %S/Inputs/recipe.py | FileCheck %s --check-prefix=JSON
# Everything a train block can say, and how it is recorded.

model m(image: f32[N, 3, 8, 8], classes: int = 10) -> (f32[N, classes], f32[N, classes], f32[N, 1]) {
  x = image |> flatten
  return x |> dense(classes) @a, x |> dense(classes) @b, x |> dense(1, init: uniform(-0.5, 0.25)) @c
}

train everything {
  model      = m(image: f32[N, 3, 6, 6], classes: 4)
  data       = npy(x: "x.npy", y: "y.npy")
  resize     = [6, 6]
  augment    = [pad(4), random_crop(6), hflip(50%), shift(2)]
  normalize  = standardize(mean: 0.5, std: [0.25, 0.5, 1])
  init       = he_normal(mode: fan_out)
  loss       = [softmax_cross_entropy(class_weights: [1, 2, 3, 4], ignore_label: 255),
                softmax_cross_entropy(weight: 0.25), binary_cross_entropy(from_logits: true)]
  optimizer  = adamw(2e-3, beta2: 0.99)
  clip       = value(0.5)
  schedule   = warmup(500 steps, then: cosine(over: 10 epochs))
  freeze     = ["b.*"]
  validation = 10%
  shuffle    = false
  batch      = 16
  stop       = early(patience: 5, max: 100 epochs)
  metrics    = [accuracy(), top_k(2), loss]
  checkpoint = every(1 epoch, keep: 3, best: "val.accuracy")
  log        = "log \"a\".jsonl"
  seed       = 1234
}

# he_normal by fan_out: √(2 / 4); biases at 0 with an init; a layer's own init wins.
# CHECK: cnn.parameter @a.weight weight : tensor<4x108xf32> {decay, init = #cnn.init<normal, 0.000000e+00 : f64, 0.70710678118654757 : f64>}
# CHECK: cnn.parameter @a.bias weight : tensor<4xf32> {decay, init = #cnn.init<constant, 0.000000e+00 : f64, 0.000000e+00 : f64>}
# CHECK: cnn.parameter @b.weight weight : tensor<4x108xf32> {decay, frozen
# CHECK: cnn.parameter @c.weight weight : tensor<1x108xf32> {decay, init = #cnn.init<uniform, -5.000000e-01 : f64, 2.500000e-01 : f64>}
# CHECK: cnn.standardize %arg0 {mean = array<f64: 5.000000e-01>, std = array<f64: 2.500000e-01, 5.000000e-01, 1.000000e+00>} : tensor<?x3x6x6xf32>
# CHECK: cnn.optimizer "adamw" {clip_value, hypers = {beta1 = 9.000000e-01 : f64, beta2 = 0.98999999999999999 : f64, clip_value = 5.000000e-01 : f64, epsilon = 1.000000e-08 : f64, lr = 2.000000e-03 : f64, weight_decay = 1.000000e-02 : f64}}

# Heads share the label; their losses are summed with their weights.
# CHECK: func.func @loss(%[[A:.*]]: tensor<?x4xf32>, %[[B:.*]]: tensor<?x4xf32>, %[[C:.*]]: tensor<?x1xf32>, %[[LABEL:.*]]: tensor<?xi32> {cnn.name = "label"}, %[[TARGET:.*]]: tensor<?x1xf32> {cnn.name = "target"}) -> tensor<f32>
# CHECK: %[[L0:.*]] = cnn.softmax_cross_entropy %[[A]], %[[LABEL]] {class_weights = array<f64: 1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00>, ignore_label = 255 : i64}
# CHECK: %[[L1:.*]] = cnn.softmax_cross_entropy %[[B]], %[[LABEL]]
# CHECK: %[[L2:.*]] = cnn.affine %[[L1]] {scale = 2.500000e-01 : f64} : tensor<f32>
# CHECK: %[[L3:.*]] = cnn.add %[[L0]], %[[L2]]
# CHECK: %[[L4:.*]] = cnn.binary_cross_entropy %[[C]], %[[TARGET]] {from_logits = true}
# CHECK: cnn.add %[[L3]], %[[L4]]

# JSON: "name": "everything"
# JSON: "image": "f32[N, 3, 6, 6]",
# JSON-NEXT: "classes": 4
# JSON: "resize": [
# JSON: "call": "hflip",
# JSON-NEXT: "args": [
# JSON-NEXT: {
# JSON-NEXT: "value": 50,
# JSON-NEXT: "unit": "percent"
# JSON: "call": "warmup",
# JSON: "value": 500,
# JSON-NEXT: "unit": "steps"
# JSON: "then": {
# JSON-NEXT: "call": "cosine",
# JSON: "validation": 0.1,
# JSON-NEXT: "shuffle": false,
# JSON-NEXT: "batch": 16,
# JSON-NEXT: "stop": {
# JSON-NEXT: "call": "early",
# JSON: "call": "top_k",
# JSON: "call": "loss",
# JSON: "log": "log \"a\".jsonl",
# JSON-NEXT: "seed": 1234
