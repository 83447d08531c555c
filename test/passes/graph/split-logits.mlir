// RUN: cnnc-opt %s --cnnc-split | FileCheck %s

// Cross entropy over the logarithm of a softmax reads the softmax's input, which is the same and cannot overflow.
// CHECK-LABEL: func.func @infer
// CHECK: cnn.softmax
// CHECK-LABEL: func.func @train
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[T:.*]]: tensor<?xi32>
// CHECK-NOT: cnn.softmax %
// CHECK-NOT: cnn.log
// CHECK: cnn.softmax_cross_entropy %[[X]], %[[T]]
func.func @forward(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %0 = cnn.softmax %x : tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}
func.func @loss(%y: tensor<?x3xf32>, %t: tensor<?xi32>) -> tensor<f32> {
  %0 = cnn.log %y : tensor<?x3xf32>
  %1 = cnn.softmax_cross_entropy %0, %t : (tensor<?x3xf32>, tensor<?xi32>) -> tensor<f32>
  return %1 : tensor<f32>
}
