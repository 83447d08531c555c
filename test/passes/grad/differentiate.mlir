// RUN: cnnc-opt %s --split-input-file --cnnc-differentiate | FileCheck %s

cnn.parameter @w weight : tensor<2x3xf32>

// CHECK-LABEL: func.func @train
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[T:.*]]: tensor<?x2xf32> {cnn.target}) -> (tensor<f32>, tensor<?x3xf32>)
// CHECK: %[[W:.*]] = cnn.read @w
// CHECK: %[[Y:.*]] = cnn.dense %[[X]], %[[W]]
// CHECK: %[[LOSS:.*]] = cnn.mean_squared_error
// CHECK: cnn.phase "backward"
// CHECK: %[[ONE:.*]] = cnn.constant dense<1.000000e+00> : tensor<f32>
// CHECK: %[[DY:.*]] = cnn.mean_squared_error_grad %[[Y]], %[[T]], %[[ONE]]
// CHECK: %[[DW:.*]] = cnn.dense_kernel_grad %[[X]], %[[DY]]
// CHECK: cnn.add_gradient @w, %[[DW]]
// CHECK: cnn.phase "input_gradient"
// CHECK: %[[DX:.*]] = cnn.dense_input_grad %[[DY]], %[[W]]
// CHECK: return %[[LOSS]], %[[DX]]
func.func @train(%x: tensor<?x3xf32>, %t: tensor<?x2xf32> {cnn.target}) -> tensor<f32> {
  %w = cnn.read @w : tensor<2x3xf32>
  %y = cnn.dense %x, %w : (tensor<?x3xf32>, tensor<2x3xf32>) -> tensor<?x2xf32>
  %loss = cnn.mean_squared_error %y, %t : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}

// -----

cnn.parameter @first weight : tensor<3x3xf32> {frozen}
cnn.parameter @second weight : tensor<2x3xf32>

// What lies below the last trainable parameter is for the inputs alone.
// CHECK-LABEL: func.func @train
// CHECK: cnn.phase "backward"
// CHECK-NOT: cnn.dense_input_grad
// CHECK: cnn.add_gradient @second
// CHECK-NOT: cnn.add_gradient
// CHECK: cnn.phase "input_gradient"
// CHECK: cnn.dense_input_grad
// CHECK: cnn.relu_grad
// CHECK: cnn.dense_input_grad
func.func @train(%x: tensor<?x3xf32>, %t: tensor<?x2xf32> {cnn.target}) -> tensor<f32> {
  %w1 = cnn.read @first : tensor<3x3xf32>
  %w2 = cnn.read @second : tensor<2x3xf32>
  %0 = cnn.dense %x, %w1 : (tensor<?x3xf32>, tensor<3x3xf32>) -> tensor<?x3xf32>
  %1 = cnn.relu %0 : tensor<?x3xf32>
  %y = cnn.dense %1, %w2 : (tensor<?x3xf32>, tensor<2x3xf32>) -> tensor<?x2xf32>
  %loss = cnn.mean_squared_error %y, %t : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}

// -----

cnn.parameter @w weight : tensor<3x3xf32>

// A value with two uses gets the sum of both gradients.
// CHECK-LABEL: func.func @train
// CHECK: cnn.phase "backward"
// CHECK: %[[DY:.*]] = cnn.mean_squared_error_grad
// CHECK: %[[RELU:.*]] = cnn.relu_grad %{{.*}}, %[[DY]]
// CHECK: %[[SUM:.*]] = cnn.add %[[DY]], %[[RELU]]
// CHECK: cnn.dense_kernel_grad %{{.*}}, %[[SUM]]
func.func @train(%x: tensor<?x3xf32>, %t: tensor<?x3xf32> {cnn.target}) -> tensor<f32> {
  %w = cnn.read @w : tensor<3x3xf32>
  %0 = cnn.dense %x, %w : (tensor<?x3xf32>, tensor<3x3xf32>) -> tensor<?x3xf32>
  %1 = cnn.relu %0 : tensor<?x3xf32>
  %2 = cnn.add %0, %1 : tensor<?x3xf32>
  %loss = cnn.mean_squared_error %2, %t : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}

// -----

// An input that does not reach the loss has a gradient of zeros.
// CHECK-LABEL: func.func @train
// CHECK-SAME: %[[UNUSED:[^:]*]]: tensor<?x5xf32>
// CHECK: cnn.phase "input_gradient"
// CHECK: %[[ZERO:.*]] = cnn.affine %[[UNUSED]] {scale = 0.000000e+00 : f64}
// CHECK: return %{{.*}}, %[[ZERO]], %{{.*}}
func.func @train(%unused: tensor<?x5xf32>, %x: tensor<?x3xf32>, %t: tensor<?x3xf32> {cnn.target}) -> tensor<f32> {
  %loss = cnn.mean_squared_error %x, %t : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}
