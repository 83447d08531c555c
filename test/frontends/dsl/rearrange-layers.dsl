# RUN: cnnc %s --emit=cnn | FileCheck %s

model rearrange(image: f32[N, 8, 9, 8]) -> f32[N, 3] {
  # CHECK-DAG: cnn.parameter @thin.weight weight : tensor<6x72xf32>
  # CHECK-DAG: cnn.parameter @thin.bias weight : tensor<6xf32>
  # CHECK: cnn.maxpool {{.*}} {ceil_mode = true, dilation = array<i64: 2, 2>, {{.*}} -> tensor<?x8x4x4xf32>
  a = image |> maxpool(2, dilation: 2, ceil_mode: true)
  # CHECK: cnn.avgpool {{.*}} {ceil_mode = true, {{.*}} -> tensor<?x8x5x4xf32>
  b = image |> avgpool(2, ceil_mode: true)
  # CHECK: cnn.slice {{.*}} {start = array<i64: 0, 1, 0>, step = array<i64: 1, 1, 1>, stop = array<i64: 8, 5, 3>} : {{.*}} -> tensor<?x8x4x3xf32>
  # CHECK: cnn.pad {{.*}} {high = array<i64: 0, 0, 0>, interior = array<i64: 0, 0, 0>, low = array<i64: 0, 0, 1>} : {{.*}} -> tensor<?x8x4x4xf32>
  c = b |> pad(low: [0, -1, 1], high: [0, 0, -1])
  # CHECK: cnn.resample {{.*}} columns = array<i64: 2, 1, 0, 1, 2, 3, 2>, {{.*}} rows = array<i64: 0, 1, 2, 3>} : {{.*}} -> tensor<?x8x4x7xf32>
  # CHECK: cnn.slice {{.*}} -> tensor<?x8x4x4xf32>
  # CHECK-NOT: cnn.resample
  d = a |> pad(low: [0, 0, 2], high: [0, 0, 1], mode: reflect) |> pad(high: [0, 0, -3], mode: edge)
  # CHECK: cnn.add
  # CHECK: cnn.depth_to_space {{.*}} {block_size = 2 : i64, channels_first = true} : {{.*}} -> tensor<?x2x8x8xf32>
  # CHECK: cnn.space_to_depth {{.*}} {block_size = 4 : i64{{.*}} -> tensor<?x32x2x2xf32>
  # CHECK: cnn.channel_shuffle {{.*}} {groups = 4 : i64}
  e = c + d |> depth_to_space(2, channels_first: true) |> space_to_depth(4) |> channel_shuffle(4)
  # CHECK: cnn.resample {{.*}} columns = array<i64: 0, 0, 1>, {{.*}} rows = array<i64: 0, 1>} : {{.*}} -> tensor<?x32x2x3xf32>
  # CHECK: cnn.resample {{.*}} columns = array<i64: 0, 1, 2>, {{.*}} rows = array<i64: 0, 1, 0>} : {{.*}} -> tensor<?x32x3x3xf32>
  # CHECK: cnn.maxout {{.*}} {pieces = 4 : i64} : {{.*}} -> tensor<?x8x3x3xf32>
  # CHECK: cnn.dropout {{.*}} {id = 0 : i64, ratio = 2.500000e-01 : f64} : tensor<6x72xf32>
  # CHECK: cnn.dense
  # CHECK: cnn.bias
  # CHECK: cnn.maxout {{.*}} {pieces = 2 : i64} : tensor<?x6xf32> -> tensor<?x3xf32>
  return e |> pad(low: [0, 0, 1], mode: edge) |> pad(high: [0, 1, 0], mode: wrap) |> maxout(4) |> flatten |> dropconnect(6, ratio: 0.25) @thin |> maxout(2)
}
