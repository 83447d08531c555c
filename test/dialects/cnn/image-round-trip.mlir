// RUN: cnnc-opt %s | cnnc-opt | FileCheck %s

// CHECK-LABEL: func.func @images
func.func @images(%x: tensor<?x4x2x2xf32>, %v: tensor<?x4xf32>, %c: tensor<4xf32>, %w: tensor<4x3x2x2xf32>) {
  // CHECK: cnn.lrn %{{.*}} {alpha = 1.000000e-04 : f64, beta = 7.500000e-01 : f64, bias = 1.000000e+00 : f64, size = 5 : i64} : tensor<?x4x2x2xf32>
  %0 = cnn.lrn %x {size = 5 : i64, alpha = 1.0e-4 : f64, beta = 0.75 : f64, bias = 1.0 : f64} : tensor<?x4x2x2xf32>
  // CHECK: cnn.lrn_grad %{{.*}}, %{{.*}} {{.*}} : tensor<?x4x2x2xf32>
  %1 = cnn.lrn_grad %x, %x {size = 5 : i64, alpha = 1.0e-4 : f64, beta = 0.75 : f64, bias = 1.0 : f64} : tensor<?x4x2x2xf32>
  // CHECK: cnn.groupnorm %{{.*}} {epsilon = 1.000000e-05 : f64, groups = 2 : i64} : (tensor<?x4x2x2xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x4x2x2xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
  %2:3 = cnn.groupnorm %x, %c, %c {groups = 2 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x4x2x2xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x4x2x2xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
  // CHECK: cnn.groupnorm_grad %{{.*}} {groups = 2 : i64}
  %3:3 = cnn.groupnorm_grad %x, %x, %c, %v, %v {groups = 2 : i64} : (tensor<?x4x2x2xf32>, tensor<?x4x2x2xf32>, tensor<4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) -> (tensor<?x4x2x2xf32>, tensor<4xf32>, tensor<4xf32>)
  // CHECK: cnn.conv_transpose %{{.*}}, %{{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, output_padding = array<i64: 1, 0>, pad = array<i64: 0, 1, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x4x2x2xf32>, tensor<4x3x2x2xf32>) -> tensor<?x6x5x3xf32>
  %4 = cnn.conv_transpose %x, %w {stride = array<i64: 2, 2>, pad = array<i64: 0, 1, 0, 0>, output_padding = array<i64: 1, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<?x4x2x2xf32>, tensor<4x3x2x2xf32>) -> tensor<?x6x5x3xf32>
  // CHECK: cnn.resample %{{.*}} {column_taps = 2 : i64, column_weights = array<f64: 5.000000e-01, 5.000000e-01>, columns = array<i64: 0, 1>, row_taps = 1 : i64, row_weights = array<f64: 1.000000e+00, 1.000000e+00, 2.000000e+00>, rows = array<i64: 0, 0, 1>} : tensor<?x4x2x2xf32> -> tensor<?x4x3x1xf32>
  %5 = cnn.resample %x {rows = array<i64: 0, 0, 1>, row_weights = array<f64: 1.0, 1.0, 2.0>, row_taps = 1 : i64, columns = array<i64: 0, 1>, column_weights = array<f64: 0.5, 0.5>, column_taps = 2 : i64} : tensor<?x4x2x2xf32> -> tensor<?x4x3x1xf32>
  // CHECK: cnn.depth_to_space %{{.*}} {block_size = 2 : i64, channels_first = true} : tensor<?x4x2x2xf32> -> tensor<?x1x4x4xf32>
  %6 = cnn.depth_to_space %x {block_size = 2 : i64, channels_first = true} : tensor<?x4x2x2xf32> -> tensor<?x1x4x4xf32>
  // CHECK: cnn.space_to_depth %{{.*}} {block_size = 2 : i64} : tensor<?x4x2x2xf32> -> tensor<?x16x1x1xf32>
  %7 = cnn.space_to_depth %x {block_size = 2 : i64} : tensor<?x4x2x2xf32> -> tensor<?x16x1x1xf32>
  // CHECK: cnn.channel_shuffle %{{.*}} {groups = 2 : i64} : tensor<?x4x2x2xf32>
  %8 = cnn.channel_shuffle %x {groups = 2 : i64} : tensor<?x4x2x2xf32>
  // CHECK: cnn.maxout %{{.*}} {pieces = 2 : i64} : tensor<?x4xf32> -> tensor<?x2xf32>
  %9 = cnn.maxout %v {pieces = 2 : i64} : tensor<?x4xf32> -> tensor<?x2xf32>
  // CHECK: cnn.maxout_grad %{{.*}}, %{{.*}} {pieces = 2 : i64} : (tensor<?x4xf32>, tensor<?x2xf32>) -> tensor<?x4xf32>
  %10 = cnn.maxout_grad %v, %9 {pieces = 2 : i64} : (tensor<?x4xf32>, tensor<?x2xf32>) -> tensor<?x4xf32>
  // CHECK: cnn.maxpool %{{.*}} {ceil_mode = true, dilation = array<i64: 1, 2>, kernel = array<i64: 1, 1>
  %11 = cnn.maxpool %x {kernel = array<i64: 1, 1>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 2>, ceil_mode = true} : tensor<?x4x2x2xf32> -> tensor<?x4x1x1xf32>
  return
}
