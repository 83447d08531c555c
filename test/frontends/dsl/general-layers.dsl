# RUN: cnnc %s --emit=cnn | FileCheck %s

model layers(image: f32[N, 6, 4, 5]) -> f32[N, 6, 1, 5] {
  # The channels of both groups by turns.
  # CHECK: cnn.reshape {{.*}} -> tensor<?x2x3x4x5xf32>
  # CHECK: cnn.transpose {{.*}} {permutation = array<i64: 0, 2, 1, 3, 4>} : tensor<?x2x3x4x5xf32> -> tensor<?x3x2x4x5xf32>
  # CHECK: cnn.reshape {{.*}} -> tensor<?x6x4x5xf32>
  shuffled = image |> reshape([2, 3, 4, 5]) |> transpose([2, 1, 3, 4]) |> reshape([6, 4, 5])
  # CHECK: cnn.transpose {{.*}} -> tensor<?x6x5x4xf32>
  # CHECK: cnn.matmul {{.*}} : (tensor<?x6x4x5xf32>, tensor<?x6x5x4xf32>) -> tensor<?x6x4x4xf32>
  products = matmul(shuffled, shuffled |> transpose([1, 3, 2]))
  # CHECK: cnn.matmul {{.*}} -> tensor<?x6x4x5xf32>
  weighted = matmul(products, image)
  # CHECK: cnn.reduce_max {{.*}} {axes = array<i64: 1, 3>} : tensor<?x6x4x5xf32> -> tensor<?x1x4x1xf32>
  # CHECK: cnn.broadcast {{.*}} : tensor<?x1x4x1xf32> -> tensor<?x6x4x5xf32>
  largest = weighted |> reduce_max([3, 1]) |> broadcast([6, 4, 5])
  # CHECK: cnn.reduce_min
  smallest = weighted |> reduce_min([1, 3]) |> broadcast([6, 4, 5])
  # CHECK: cnn.cumsum {{.*}} {axis = 2 : i64, reverse}
  # CHECK: cnn.reduce_prod {{.*}} {axes = array<i64: 2>} : tensor<?x6x4x5xf32> -> tensor<?x6x1x5xf32>
  # CHECK: cnn.arg_max {{.*}} {axis = 2 : i64} : tensor<?x6x4x5xf32> -> tensor<?x6x1x5xf32>
  # CHECK: cnn.gather_elements {{.*}} {axis = 2 : i64} : (tensor<?x6x4x5xf32>, tensor<?x6x1x5xf32>) -> tensor<?x6x1x5xf32>
  chosen = (image |> cumsum(2, reverse: true) |> reduce_prod(2)) + gather_elements(image, image |> arg_max(2), 2)
  # CHECK: cnn.grid_sample {{.*}} {mode = "cubic", padding = "border"} : (tensor<?x6x4x5xf32>, tensor<?x1x5x2xf32>) -> tensor<?x6x1x5xf32>
  sampled = grid_sample(image, image |> slice(start: [0, 0, 0], stop: [1, 2, 5]) |> reshape([1, 5, 2]), mode: cubic, padding: border)
  # CHECK: cnn.layernorm {{.*}} {epsilon = 1.000000e-03 : f64}
  # CHECK: cnn.mul
  # CHECK: cnn.add
  # CHECK: cnn.row_softmax
  normalised = image |> layernorm(epsilon: 1e-3) @norm |> row_softmax
  # CHECK: cnn.reduce_sum {{.*}} {axes = array<i64: 2>} : tensor<?x6x4x5xf32> -> tensor<?x6x1x5xf32>
  # CHECK: cnn.reduce_sum {{.*}} {axes = array<i64: 2>} : tensor<?x6x4x5xf32> -> tensor<?x6x1x5xf32>
  # CHECK: cnn.affine {{.*}} {scale = 2.500000e-01 : f64}
  return ((largest + smallest + normalised) |> reduce_sum(2)) + (weighted |> reduce_mean(2)) + chosen + sampled
}
