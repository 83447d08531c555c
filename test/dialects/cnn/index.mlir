// RUN: cnnc-opt %s | cnnc-opt | FileCheck %s

// CHECK-LABEL: func.func @index
func.func @index(%x: tensor<?x3x4xf32>, %i: tensor<?x3x2xi32>, %f: tensor<?x3x2xf32>, %p: tensor<?x5x1xi32>, %s: tensor<?x5x4xf32>) {
  // CHECK: cnn.reduce_prod %{{.*}} {axes = array<i64: 1>} : tensor<?x3x4xf32> -> tensor<?x1x4xf32>
  %0 = cnn.reduce_prod %x {axes = array<i64: 1>} : tensor<?x3x4xf32> -> tensor<?x1x4xf32>
  // CHECK: cnn.cumsum %{{.*}} {axis = 1 : i64, exclusive, reverse} : tensor<?x3x4xf32>
  %1 = cnn.cumsum %x {axis = 1 : i64, exclusive, reverse} : tensor<?x3x4xf32>
  // CHECK: cnn.arg_max %{{.*}} {axis = 2 : i64, last} : tensor<?x3x4xf32> -> tensor<?x3x1xf32>
  %2 = cnn.arg_max %x {axis = 2 : i64, last} : tensor<?x3x4xf32> -> tensor<?x3x1xf32>
  // CHECK: cnn.top_k %{{.*}} {k = 2 : i64} : tensor<?x3x4xf32> -> tensor<?x3x2xf32>
  %3 = cnn.top_k %x {k = 2 : i64} : tensor<?x3x4xf32> -> tensor<?x3x2xf32>
  // CHECK: cnn.one_hot %{{.*}} {axis = 1 : i64, ignore = -1 : i64} : tensor<?x3x2xi32> -> tensor<?x7x3x2xf32>
  %4 = cnn.one_hot %i {axis = 1 : i64, ignore = -1 : i64} : tensor<?x3x2xi32> -> tensor<?x7x3x2xf32>
  // CHECK: cnn.gather_elements %{{.*}}, %{{.*}} {axis = 2 : i64} : (tensor<?x3x4xf32>, tensor<?x3x2xf32>) -> tensor<?x3x2xf32>
  %5 = cnn.gather_elements %x, %f {axis = 2 : i64} : (tensor<?x3x4xf32>, tensor<?x3x2xf32>) -> tensor<?x3x2xf32>
  // CHECK: cnn.gather_nd %{{.*}}, %{{.*}} {batch_dims = 1 : i64} : (tensor<?x3x4xf32>, tensor<?x5x1xi32>) -> tensor<?x5x4xf32>
  %6 = cnn.gather_nd %x, %p {batch_dims = 1 : i64} : (tensor<?x3x4xf32>, tensor<?x5x1xi32>) -> tensor<?x5x4xf32>
  // CHECK: cnn.scatter_elements %{{.*}}, %{{.*}}, %{{.*}} {axis = 2 : i64, reduction = "max"} : (tensor<?x3x4xf32>, tensor<?x3x2xi32>, tensor<?x3x2xf32>) -> tensor<?x3x4xf32>
  %7 = cnn.scatter_elements %x, %i, %f {axis = 2 : i64, reduction = "max"} : (tensor<?x3x4xf32>, tensor<?x3x2xi32>, tensor<?x3x2xf32>) -> tensor<?x3x4xf32>
  // CHECK: cnn.scatter_nd %{{.*}}, %{{.*}}, %{{.*}} {batch_dims = 1 : i64} : (tensor<?x3x4xf32>, tensor<?x5x1xi32>, tensor<?x5x4xf32>) -> tensor<?x3x4xf32>
  %8 = cnn.scatter_nd %x, %p, %s {batch_dims = 1 : i64} : (tensor<?x3x4xf32>, tensor<?x5x1xi32>, tensor<?x5x4xf32>) -> tensor<?x3x4xf32>
  return
}

// CHECK-LABEL: func.func @grid_sample
func.func @grid_sample(%x: tensor<?x2x4x5xf32>, %g: tensor<?x3x3x2xf32>) {
  // CHECK: cnn.grid_sample %{{.*}}, %{{.*}} {align_corners, mode = "cubic", padding = "border"} : (tensor<?x2x4x5xf32>, tensor<?x3x3x2xf32>) -> tensor<?x2x3x3xf32>
  %0 = cnn.grid_sample %x, %g {align_corners, mode = "cubic", padding = "border"} : (tensor<?x2x4x5xf32>, tensor<?x3x3x2xf32>) -> tensor<?x2x3x3xf32>
  // CHECK: cnn.grid_sample_input_grad %{{.*}}, %{{.*}} : (tensor<?x2x3x3xf32>, tensor<?x3x3x2xf32>) -> tensor<?x2x4x5xf32>
  %1 = cnn.grid_sample_input_grad %0, %g : (tensor<?x2x3x3xf32>, tensor<?x3x3x2xf32>) -> tensor<?x2x4x5xf32>
  // CHECK: cnn.grid_sample_grid_grad %{{.*}}, %{{.*}}, %{{.*}} : (tensor<?x2x4x5xf32>, tensor<?x3x3x2xf32>, tensor<?x2x3x3xf32>) -> tensor<?x3x3x2xf32>
  %2 = cnn.grid_sample_grid_grad %x, %g, %0 : (tensor<?x2x4x5xf32>, tensor<?x3x3x2xf32>, tensor<?x2x3x3xf32>) -> tensor<?x3x3x2xf32>
  return
}
