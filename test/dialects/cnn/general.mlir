// RUN: cnnc-opt %s | cnnc-opt | FileCheck %s

// CHECK-LABEL: func.func @general
func.func @general(%x: tensor<?x3x4x5xf32>, %w: tensor<5x6xf32>, %row: tensor<5xf32>, %i: tensor<2xi32>, %g: tensor<?x3x2x5xf32>) {
  // CHECK: cnn.transpose %{{.*}} {permutation = array<i64: 0, 2, 1, 3>} : tensor<?x3x4x5xf32> -> tensor<?x4x3x5xf32>
  %0 = cnn.transpose %x {permutation = array<i64: 0, 2, 1, 3>} : tensor<?x3x4x5xf32> -> tensor<?x4x3x5xf32>
  // CHECK: cnn.broadcast %{{.*}} : tensor<5xf32> -> tensor<?x3x4x5xf32>
  %1 = cnn.broadcast %row : tensor<5xf32> -> tensor<?x3x4x5xf32>
  // CHECK: cnn.reduce_sum %{{.*}} {axes = array<i64: 1, 3>} : tensor<?x3x4x5xf32> -> tensor<?x1x4x1xf32>
  %2 = cnn.reduce_sum %x {axes = array<i64: 1, 3>} : tensor<?x3x4x5xf32> -> tensor<?x1x4x1xf32>
  // CHECK: cnn.reduce_max
  %3 = cnn.reduce_max %x {axes = array<i64: 2>} : tensor<?x3x4x5xf32> -> tensor<?x3x1x5xf32>
  // CHECK: cnn.reduce_min %{{.*}} {axes = array<i64: 0>} : tensor<?x3x4x5xf32> -> tensor<1x3x4x5xf32>
  %4 = cnn.reduce_min %x {axes = array<i64: 0>} : tensor<?x3x4x5xf32> -> tensor<1x3x4x5xf32>
  // CHECK: cnn.matmul %{{.*}}, %{{.*}} : (tensor<?x3x4x5xf32>, tensor<5x6xf32>) -> tensor<?x3x4x6xf32>
  %5 = cnn.matmul %x, %w : (tensor<?x3x4x5xf32>, tensor<5x6xf32>) -> tensor<?x3x4x6xf32>
  // CHECK: cnn.matmul %{{.*}}, %{{.*}} {sum_products, transpose_lhs} : (tensor<?x3x4x5xf32>, tensor<?x3x4x6xf32>) -> tensor<5x6xf32>
  %6 = cnn.matmul %x, %5 {sum_products, transpose_lhs} : (tensor<?x3x4x5xf32>, tensor<?x3x4x6xf32>) -> tensor<5x6xf32>
  // CHECK: cnn.gather %{{.*}}, %{{.*}} {axis = 2 : i64} : (tensor<?x3x4x5xf32>, tensor<2xi32>) -> tensor<?x3x2x5xf32>
  %7 = cnn.gather %x, %i {axis = 2 : i64} : (tensor<?x3x4x5xf32>, tensor<2xi32>) -> tensor<?x3x2x5xf32>
  // CHECK: cnn.gather_grad
  %8 = cnn.gather_grad %g, %i {axis = 2 : i64} : (tensor<?x3x2x5xf32>, tensor<2xi32>) -> tensor<?x3x4x5xf32>
  // CHECK: cnn.row_softmax %{{.*}} : tensor<?x3x4x5xf32>
  %9 = cnn.row_softmax %x : tensor<?x3x4x5xf32>
  // CHECK: cnn.row_softmax_grad %{{.*}}, %{{.*}} : tensor<?x3x4x5xf32>
  %10 = cnn.row_softmax_grad %9, %x : tensor<?x3x4x5xf32>
  // CHECK: cnn.layernorm %{{.*}} {epsilon = 1.000000e-03 : f64} : tensor<?x3x4x5xf32>
  %11 = cnn.layernorm %x {epsilon = 0.001 : f64} : tensor<?x3x4x5xf32>
  // CHECK: cnn.layernorm_grad %{{.*}}, %{{.*}} : tensor<?x3x4x5xf32>
  %12 = cnn.layernorm_grad %x, %11 : tensor<?x3x4x5xf32>
  return
}
