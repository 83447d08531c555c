# RUN: not cnnc %s --emit=cnn 2>&1 | FileCheck %s

block pick(x, deep: bool) {
  a = x |> conv(3, 1) @a
  return if deep { a } else { x }
}
model m(image: f32[N, 3, 8, 8]) -> f32[N, 3, 8, 8] {
  h = image
  for i in 0..3 {
    h = image |> conv(3, 1) @"c{i}"
  }
  _ = image |> conv(3, 1) @unused
  return h |> pick(false) @p
}

# CHECK: :4:12: error: the result of 'conv' is never used
# CHECK: help: a loop or an 'if' may pass over it: use it, remove it, or give it to '_'
# CHECK: :10:18: error: the result of 'conv' is never used
# CHECK: help: a loop or an 'if' may pass over it: use it, remove it, or give it to '_'
