// RUN: cnnc-opt %s --cnnc-simplify | FileCheck %s

// CHECK-LABEL: @dropout_of_nothing
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @dropout_of_nothing(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = cnn.dropout %x {ratio = 0.0 : f64, id = 0 : i64} : tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK-LABEL: @pad_and_slice_of_nothing
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @pad_and_slice_of_nothing(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = cnn.pad %x {low = array<i64: 0>, high = array<i64: 0>, interior = array<i64: 0>} : tensor<?x4xf32> -> tensor<?x4xf32>
  %1 = cnn.slice %0 {start = array<i64: 0>, stop = array<i64: 4>, step = array<i64: 1>} : tensor<?x4xf32> -> tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}

// CHECK-LABEL: @keep_shift
// CHECK: cnn.slice
// CHECK: cnn.pad
func.func @keep_shift(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = cnn.slice %x {start = array<i64: 1>, stop = array<i64: 4>, step = array<i64: 1>} : tensor<?x4xf32> -> tensor<?x3xf32>
  %1 = cnn.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>} : tensor<?x3xf32> -> tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}

// CHECK-LABEL: @concat_of_one
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @concat_of_one(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = cnn.concat %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK-LABEL: @reshape_of_reshape
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: %[[Y:.*]] = cnn.reshape %[[X]] : tensor<?x2x2x3xf32> -> tensor<?x12xf32>
// CHECK-NEXT: return %[[Y]]
func.func @reshape_of_reshape(%x: tensor<?x2x2x3xf32>) -> tensor<?x12xf32> {
  %0 = cnn.reshape %x : tensor<?x2x2x3xf32> -> tensor<?x3x2x2xf32>
  %1 = cnn.reshape %0 : tensor<?x3x2x2xf32> -> tensor<?x12xf32>
  return %1 : tensor<?x12xf32>
}

// CHECK-LABEL: @reshape_and_back
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @reshape_and_back(%x: tensor<?x2x2x3xf32>) -> tensor<?x2x2x3xf32> {
  %0 = cnn.reshape %x : tensor<?x2x2x3xf32> -> tensor<?x12xf32>
  %1 = cnn.reshape %0 : tensor<?x12xf32> -> tensor<?x2x2x3xf32>
  return %1 : tensor<?x2x2x3xf32>
}

// CHECK-LABEL: @affine_of_affine
// CHECK-NEXT: cnn.affine %{{.*}} {offset = 7.000000e+00 : f64, scale = 6.000000e+00 : f64}
// CHECK-NEXT: return
func.func @affine_of_affine(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = cnn.affine %x {scale = 2.0 : f64, offset = 3.0 : f64} : tensor<?x4xf32>
  %1 = cnn.affine %0 {scale = 3.0 : f64, offset = -2.0 : f64} : tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}

// CHECK-LABEL: @affine_of_nothing
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @affine_of_nothing(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = cnn.affine %x {scale = 1.0 : f64} : tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK-LABEL: @transpose_of_transpose
// CHECK-NEXT: cnn.transpose %{{.*}} {permutation = array<i64: 0, 2, 1, 3>} : tensor<?x2x3x4xf32> -> tensor<?x3x2x4xf32>
// CHECK-NEXT: return
func.func @transpose_of_transpose(%x: tensor<?x2x3x4xf32>) -> tensor<?x3x2x4xf32> {
  %0 = cnn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : tensor<?x2x3x4xf32> -> tensor<?x4x2x3xf32>
  %1 = cnn.transpose %0 {permutation = array<i64: 0, 3, 2, 1>} : tensor<?x4x2x3xf32> -> tensor<?x3x2x4xf32>
  return %1 : tensor<?x3x2x4xf32>
}

// CHECK-LABEL: @transpose_of_one_channel
// CHECK-NEXT: cnn.reshape
// CHECK-NEXT: return
func.func @transpose_of_one_channel(%x: tensor<?x3x4x1xf32>) -> tensor<?x1x3x4xf32> {
  %0 = cnn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : tensor<?x3x4x1xf32> -> tensor<?x1x3x4xf32>
  return %0 : tensor<?x1x3x4xf32>
}

// CHECK-LABEL: @reshape_behind_elementwise
// CHECK-NEXT: cnn.relu %{{.*}} : tensor<?x4x1x9xf32>
// CHECK-NEXT: return
func.func @reshape_behind_elementwise(%x: tensor<?x4x1x9xf32>) -> tensor<?x4x1x9xf32> {
  %0 = cnn.reshape %x : tensor<?x4x1x9xf32> -> tensor<?x4x9xf32>
  %1 = cnn.relu %0 : tensor<?x4x9xf32>
  %2 = cnn.reshape %1 : tensor<?x4x9xf32> -> tensor<?x4x1x9xf32>
  return %2 : tensor<?x4x1x9xf32>
}
