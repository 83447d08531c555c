# RUN: not cnnc %s --emit=cnn 2>&1 | FileCheck %s

model elementwise(x: f32[N, 4, 3, 5], v: f32[N, 7], s: f32[N, 3, 1, 1, 1, 5]) -> f32[N, 4, 3, 5] {
  _ = x |> celu(alpha: 0)
  _ = x / 0
  _ = x |> gelu(approximate: sigmoid)
  _ = where(x, x, v)
  _ = where(v, x, x)
  _ = x |> prelu
  _ = s |> prelu @slope
  return x
}

# CHECK: :4:12: error: 'celu' needs a positive 'alpha', got 0
# CHECK: help: 1 is the usual one
# CHECK: :5:9: error: division by 0
# CHECK: help: check the divisor
# CHECK: :6:30: error: 'approximate' of 'gelu' takes none or tanh, and 'sigmoid' is none
# CHECK: :7:7: error: 'where' needs equal shapes, got f32[N, 4, 3, 5] and f32[N, 7]
# CHECK: :8:7: error: 'where' needs equal shapes, got f32[N, 7] and f32[N, 4, 3, 5]
# CHECK: :9:12: error: 'prelu' has parameters and needs a name
# CHECK: :10:12: error: 'prelu' needs a tensor [N, features] or [N, C, …] with at most three dimensions behind the channels, got f32[N, 3, 1, 1, 1, 5]
