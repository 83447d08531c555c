# RUN: cnnc %s --emit=cnn | FileCheck %s

# CHECK-DAG: cnn.parameter @token  weight : tensor<1x1x8xf32>
# CHECK-DAG: cnn.parameter @scale  weight : tensor<8xf32>
# CHECK-DAG: cnn.parameter @fc.weight  weight : tensor<4x8xf32>
# CHECK-DAG: cnn.parameter @fc.bias  weight : tensor<4xf32>
model rows(x: f32[N, 3, 8]) -> f32[N, 4, 4] {
  # CHECK: cnn.broadcast {{.*}} : tensor<1x1x8xf32> -> tensor<?x1x8xf32>
  # CHECK: cnn.concat
  h = concat(x |> parameter([1, 1, 8], init: constant(0)) @token, x)
  # CHECK: cnn.broadcast {{.*}} : tensor<8xf32> -> tensor<?x8xf32>
  factor = x |> parameter([8]) @scale
  # CHECK: cnn.transpose {{.*}} : tensor<4x8xf32> -> tensor<8x4xf32>
  # CHECK: cnn.matmul {{.*}} : (tensor<?x4x8xf32>, tensor<8x4xf32>) -> tensor<?x4x4xf32>
  # CHECK: cnn.broadcast {{.*}} : tensor<4xf32> -> tensor<?x4x4xf32>
  # CHECK: cnn.add
  return (h * broadcast(factor |> reshape([1, 8]), [4, 8])) |> dense(4) @fc
}
