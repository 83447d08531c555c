// RUN: cnnc-opt %s --split-input-file --cnnc-differentiate --cse --cnnc-recompute | FileCheck %s
// RUN: cnnc-opt %s --split-input-file --cnnc-differentiate --cse | FileCheck %s --check-prefix=KEEP

cnn.parameter @w weight : tensor<2x3xf32>

// What comes cheaply from an input is computed again.
// CHECK-LABEL: func.func @train
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %
// CHECK: cnn.standardize %[[X]]
// CHECK: cnn.phase "backward"
// CHECK: %[[AGAIN:.*]] = cnn.standardize %[[X]]
// CHECK: cnn.dense_kernel_grad %[[AGAIN]]
// KEEP-LABEL: func.func @train
// KEEP: %[[KEPT:.*]] = cnn.standardize
// KEEP-NOT: cnn.standardize
// KEEP: cnn.dense_kernel_grad %[[KEPT]]
func.func @train(%x: tensor<?x3xf32>, %t: tensor<?x2xf32> {cnn.target}) -> tensor<f32> {
  %w = cnn.read @w : tensor<2x3xf32>
  %0 = cnn.standardize %x {mean = array<f64: 0.5>, std = array<f64: 0.25>} : tensor<?x3xf32>
  %y = cnn.dense %0, %w : (tensor<?x3xf32>, tensor<2x3xf32>) -> tensor<?x2xf32>
  %loss = cnn.mean_squared_error %y, %t : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}

// -----

cnn.parameter @w1 weight : tensor<3x3xf32>
cnn.parameter @w2 weight : tensor<2x3xf32>

// The relu's result is kept, since its operand would have to be; the dropout's
// is computed again from it.
// CHECK-LABEL: func.func @train
// CHECK: %[[RELU:.*]] = cnn.relu
// CHECK: cnn.phase "backward"
// CHECK: %[[AGAIN:.*]] = cnn.dropout_mask %[[RELU]]
// CHECK: cnn.dense_kernel_grad %[[AGAIN]]
// CHECK: cnn.relu_grad %[[RELU]]
func.func @train(%x: tensor<?x3xf32>, %t: tensor<?x2xf32> {cnn.target}) -> tensor<f32> {
  %w1 = cnn.read @w1 : tensor<3x3xf32>
  %w2 = cnn.read @w2 : tensor<2x3xf32>
  %0 = cnn.dense %x, %w1 : (tensor<?x3xf32>, tensor<3x3xf32>) -> tensor<?x3xf32>
  %1 = cnn.relu %0 : tensor<?x3xf32>
  %2 = cnn.dropout_mask %1 {ratio = 0.5 : f64, id = 0 : i64} : tensor<?x3xf32>
  %y = cnn.dense %2, %w2 : (tensor<?x3xf32>, tensor<2x3xf32>) -> tensor<?x2xf32>
  %loss = cnn.mean_squared_error %y, %t : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}

// -----

cnn.parameter @scale buffer : tensor<2xf32>
cnn.parameter @w weight : tensor<2x2xf32>

// A parameter that the step changes has another value by then.
// CHECK-LABEL: func.func @train
// CHECK: %[[KEPT:.*]] = cnn.bias
// CHECK-NOT: cnn.bias
// CHECK: cnn.dense_kernel_grad %[[KEPT]]
func.func @train(%x: tensor<?x2xf32>, %t: tensor<?x2xf32> {cnn.target}) -> tensor<f32> {
  %scale = cnn.read @scale : tensor<2xf32>
  %0 = cnn.bias %x, %scale : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %sum = cnn.channel_sum %x : tensor<?x2xf32> -> tensor<2xf32>
  cnn.write @scale, %sum : tensor<2xf32>
  %w = cnn.read @w : tensor<2x2xf32>
  %y = cnn.dense %0, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %loss = cnn.mean_squared_error %y, %t : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}
