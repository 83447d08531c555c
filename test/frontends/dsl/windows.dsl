# RUN: cnnc %s --emit=cnn | FileCheck %s

# One and three dimensions become images.
model windows(x: f32[N, 4, 5, 6, 7], row: f32[N, 3, 9]) -> (f32[N, 6, 1, 1, 1], f32[N, 5, 1]) {
  # CHECK-DAG: cnn.parameter @volume.weight weight : tensor<6x2x2x3x3xf32> {{.*}}-0.1666666
  # CHECK-DAG: cnn.parameter @volume.bias weight : tensor<6xf32>
  # CHECK-DAG: cnn.parameter @row.weight weight : tensor<5x3x4xf32>
  # CHECK-DAG: cnn.parameter @up.weight weight : tensor<6x6x2x2x2xf32>
  # CHECK-DAG: cnn.parameter @norm.running_mean buffer : tensor<6xf32>
  # CHECK-LABEL: func.func @forward
  # CHECK: cnn.pad %arg0 {high = array<i64: 0, 1, 1, 0>, interior = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 0, 1, 0>} : tensor<?x4x5x6x7xf32> -> tensor<?x4x6x8x7xf32>
  # CHECK: cnn.reshape {{.*}} -> tensor<?x4x48x7xf32>
  # CHECK: cnn.conv {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 0, 1, 2, 1>, stride = array<i64: 1, 1>} : (tensor<?x4x40x7xf32>, tensor<6x2x3x3xf32>) -> tensor<?x6x40x7xf32>
  # CHECK: cnn.conv
  # CHECK: cnn.add
  # CHECK: cnn.broadcast {{.*}} -> tensor<?x6x5x6x7xf32>
  # CHECK: cnn.batchnorm {{.*}} : (tensor<?x6x30x7xf32>,
  a = x |> conv(6, [2, 3, 3], pad: [0, 1, 1, 1, 1, 1], groups: 2) @volume |> batchnorm @norm |> relu
  # CHECK: cnn.maxpool {{.*}} : tensor<?x30x6x7xf32> -> tensor<?x30x3x3xf32>
  # CHECK: cnn.maxpool {{.*}} : tensor<?x6x5x9xf32> -> tensor<?x6x2x9xf32>
  # CHECK: cnn.conv_transpose
  # CHECK: cnn.conv_transpose
  b = a |> maxpool(2) |> conv_transpose(6, 2, stride: [a.depth - 3, a.height - 4, a.width - 5]) @up
  # CHECK: cnn.avgpool {{.*}} : tensor<?x24x6x6xf32> -> tensor<?x24x5x5xf32>
  # CHECK: cnn.global_avgpool {{.*}} : tensor<?x6x15x5xf32>
  c = b |> avgpool(2, stride: 1) |> global_avgpool
  # CHECK: cnn.conv {{.*}} : (tensor<?x3x1x9xf32>, tensor<5x3x1x4xf32>) -> tensor<?x5x1x6xf32>
  # CHECK: cnn.global_maxpool {{.*}} : tensor<?x5x1x6xf32>
  d = row |> conv(5, row.length - 5) @row |> global_maxpool
  return c, d
}
