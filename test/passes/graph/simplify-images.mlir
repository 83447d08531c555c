// RUN: cnnc-opt %s --cnnc-simplify | FileCheck %s

cnn.parameter @kernel weight : tensor<4x2x3x3xf32> {init = #cnn.init<constant, 0.0 : f64, 0.0 : f64>}
cnn.parameter @channels weight : tensor<4xf32> {init = #cnn.init<constant, 0.0 : f64, 0.0 : f64>}

// CHECK-LABEL: @pad_is_padding
// CHECK-SAME: (%[[X:.*]]: tensor<?x2x5x6xf32>)
// CHECK: cnn.conv %[[X]], %{{.*}} {{{.*}}pad = array<i64: 1, 2, 1, 1>
func.func @pad_is_padding(%x: tensor<?x2x5x6xf32>) -> tensor<?x4x5x7xf32> {
  %0 = cnn.pad %x {low = array<i64: 0, 0, 1>, high = array<i64: 0, 0, 0>, interior = array<i64: 0, 0, 0>} : tensor<?x2x5x6xf32> -> tensor<?x2x5x7xf32>
  %1 = cnn.read @kernel : tensor<4x2x3x3xf32>
  %2 = cnn.conv %0, %1 {stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x5x7xf32>, tensor<4x2x3x3xf32>) -> tensor<?x4x5x7xf32>
  return %2 : tensor<?x4x5x7xf32>
}

// CHECK-LABEL: @pad_of_ones_stays
// CHECK: cnn.pad
// CHECK: cnn.conv {{.*}}pad = array<i64: 0, 0, 0, 0>
func.func @pad_of_ones_stays(%x: tensor<?x2x5x6xf32>) -> tensor<?x4x3x5xf32> {
  %0 = cnn.pad %x {low = array<i64: 0, 0, 1>, high = array<i64: 0, 0, 0>, interior = array<i64: 0, 0, 0>, value = 1.0 : f64} : tensor<?x2x5x6xf32> -> tensor<?x2x5x7xf32>
  %1 = cnn.read @kernel : tensor<4x2x3x3xf32>
  %2 = cnn.conv %0, %1 {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x5x7xf32>, tensor<4x2x3x3xf32>) -> tensor<?x4x3x5xf32>
  return %2 : tensor<?x4x3x5xf32>
}

// CHECK-LABEL: @pad_of_channels_stays
// CHECK: cnn.pad
func.func @pad_of_channels_stays(%x: tensor<?x1x5x6xf32>) -> tensor<?x4x3x4xf32> {
  %0 = cnn.pad %x {low = array<i64: 1, 0, 0>, high = array<i64: 0, 0, 0>, interior = array<i64: 0, 0, 0>} : tensor<?x1x5x6xf32> -> tensor<?x2x5x6xf32>
  %1 = cnn.read @kernel : tensor<4x2x3x3xf32>
  %2 = cnn.conv %0, %1 {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x5x6xf32>, tensor<4x2x3x3xf32>) -> tensor<?x4x3x4xf32>
  return %2 : tensor<?x4x3x4xf32>
}

// CHECK-LABEL: @mean_of_places
// CHECK-NEXT: %[[M:.*]] = cnn.global_avgpool
// CHECK-NEXT: return %[[M]]
func.func @mean_of_places(%x: tensor<?x3x4x2xf32>) -> tensor<?x3x1x1xf32> {
  %0 = cnn.reduce_sum %x {axes = array<i64: 2, 3>} : tensor<?x3x4x2xf32> -> tensor<?x3x1x1xf32>
  %1 = cnn.affine %0 {scale = 0.125 : f64} : tensor<?x3x1x1xf32>
  return %1 : tensor<?x3x1x1xf32>
}

// CHECK-LABEL: @scale_and_bias
// CHECK: %[[C:.*]] = cnn.read @channels
// CHECK: %[[S:.*]] = cnn.scale_shift %{{.*}}, %[[C]]
// CHECK: cnn.bias %[[S]], %[[C]]
func.func @scale_and_bias(%x: tensor<?x4x2x2xf32>) -> tensor<?x4x2x2xf32> {
  %0 = cnn.read @channels : tensor<4xf32>
  %1 = cnn.reshape %0 : tensor<4xf32> -> tensor<1x4x1x1xf32>
  %2 = cnn.broadcast %1 : tensor<1x4x1x1xf32> -> tensor<?x4x2x2xf32>
  %3 = cnn.mul %x, %2 : tensor<?x4x2x2xf32>
  %4 = cnn.add %2, %3 : tensor<?x4x2x2xf32>
  return %4 : tensor<?x4x2x2xf32>
}

// Four rows of four are no channels.
// CHECK-LABEL: @rows_stay_broadcast
// CHECK: cnn.add
func.func @rows_stay_broadcast(%x: tensor<?x4x4x4xf32>) -> tensor<?x4x4x4xf32> {
  %0 = cnn.read @channels : tensor<4xf32>
  %1 = cnn.broadcast %0 : tensor<4xf32> -> tensor<?x4x4x4xf32>
  %2 = cnn.add %x, %1 : tensor<?x4x4x4xf32>
  return %2 : tensor<?x4x4x4xf32>
}
