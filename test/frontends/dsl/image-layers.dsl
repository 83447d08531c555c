# RUN: cnnc %s --emit=cnn | FileCheck %s

model images(image: f32[N, 4, 6, 5]) -> f32[N, 4, 14, 15] {
  # CHECK-DAG: cnn.parameter @up.weight weight : tensor<4x2x3x3xf32> {{.*}}-0.2357022
  # CHECK-DAG: cnn.parameter @up.bias weight : tensor<4xf32>
  # CHECK-DAG: cnn.parameter @gn.weight weight : tensor<4xf32> {{.*}}1.0
  # CHECK-DAG: cnn.parameter @each.bias weight : tensor<4xf32>
  # CHECK-NOT: @plain
  # CHECK-LABEL: func.func @forward
  # CHECK: cnn.lrn {{.*}} {alpha = 1.000000e-04 : f64, beta = 7.500000e-01 : f64, bias = 2.000000e+00 : f64, size = 5 : i64}
  a = image |> lrn(5, bias: 2)
  # CHECK: cnn.conv_transpose {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, output_padding = array<i64: 1, 0>, pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 2, 2>} : {{.*}} -> tensor<?x4x12x11xf32>
  # CHECK: cnn.bias
  b = a |> conv_transpose(4, 3, stride: 2, pad: [1, 0], output_padding: [1, 0], groups: 2) @up
  # An output padding of as much as the stride first takes back padding, and what is left is zeros.
  # CHECK: cnn.conv_transpose {{.*}} output_padding = array<i64: 0, 0>, pad = array<i64: 1, 1, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<?x4x13x12xf32>
  # CHECK: cnn.pad {{.*}} {high = array<i64: 0, 0, 1>, {{.*}} -> tensor<?x4x13x13xf32>
  # CHECK-NOT: cnn.bias
  c = b |> conv_transpose(4, 2, pad: [1, 1, 1, 0], output_padding: 1, dilation: 2, bias: false) @dilated
  # CHECK: cnn.groupnorm {{.*}} {epsilon = 1.000000e-05 : f64, groups = 2 : i64}
  # CHECK: cnn.groupnorm {{.*}} {epsilon = 1.000000e-03 : f64, groups = 4 : i64}
  # CHECK: cnn.constant dense<1.000000e+00> : tensor<4xf32>
  # CHECK: cnn.constant dense<0.000000e+00> : tensor<4xf32>
  # CHECK: cnn.groupnorm {{.*}} {epsilon = 1.000000e-05 : f64, groups = 4 : i64}
  d = c |> groupnorm(2) @gn |> instancenorm(epsilon: 1e-3) @each |> instancenorm(affine: false) @plain
  # CHECK: cnn.resample {{.*}} {column_taps = 1 : i64, {{.*}} rows = array<i64: 0, 0, 0, 1, 1, 1{{.*}} : tensor<?x4x13x13xf32> -> tensor<?x4x39x26xf32>
  # CHECK: cnn.resample {{.*}} {column_taps = 2 : i64, {{.*}} -> tensor<?x4x7x5xf32>
  # CHECK: cnn.resample {{.*}} {column_taps = 4 : i64, {{.*}} -> tensor<?x4x14x15xf32>
  return d |> upsample([3, 2]) |> resize([7, 5], mode: bilinear, align_corners: true) |> upsample([2, 3], mode: bicubic)
}
