# RUN: not cnnc %s --emit=cnn 2>&1 | FileCheck %s

model layers(x: f32[N, 6, 4, 5]) -> f32[N, 6, 4, 5] {
  # CHECK: :[[#@LINE+2]]:{{[0-9]+}}: error: 'transpose' cannot use dimensions [1, 2] of f32[N, 6, 4, 5]
  # CHECK: help: every dimension but N once, counted from N = 0: [2, 1] turns [N, A, B] into [N, B, A]
  a = x |> transpose([1, 2])
  # CHECK: :[[#@LINE+1]]:{{[0-9]+}}: error: 'matmul' needs matrices [N, …, A, B] and [N, …, B, C], got f32[N, 6, 4, 5] and f32[N, 6, 4, 5]
  b = matmul(x, x)
  # CHECK: :[[#@LINE+2]]:{{[0-9]+}}: error: 'reduce_sum' cannot use dimensions [0, 1] of f32[N, 6, 4, 5]
  # CHECK: help: each at most once, counted from N = 0, which is not reduced
  c = x |> reduce_sum([1, 0])
  # CHECK: :[[#@LINE+2]]:{{[0-9]+}}: error: 'broadcast' cannot repeat f32[N, 6, 4, 5] to f32[N, 6, 8, 5]
  # CHECK: help: sizes are those of one example, without N; only a size of 1 is repeated
  d = x |> broadcast([6, 8, 5])
  # CHECK: :[[#@LINE+2]]:{{[0-9]+}}: error: 'cumsum' cannot go along dimension 4 of f32[N, 6, 4, 5]
  # CHECK: help: dimensions are counted from N = 0, which stays as it is
  e = x |> cumsum(4)
  # CHECK: :[[#@LINE+2]]:{{[0-9]+}}: error: 'gather_elements' cannot read f32[N, 6, 4, 5] by f32[N, 120]
  # CHECK: help: indices have as many dimensions, and none but the axis is larger
  f = gather_elements(x, x |> flatten, 1)
  # CHECK: :[[#@LINE+2]]:{{[0-9]+}}: error: 'grid_sample' cannot read f32[N, 6, 4, 5] at the places of f32[N, 6, 4, 5]
  # CHECK: help: images are [N, C, H, W] and the grid [N, P, Q, 2], the column of a place first
  g = grid_sample(x, x)
  return x
}
