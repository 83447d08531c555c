// RUN: cnnc-opt %s --cnnc-fuse --split-input-file | FileCheck %s

// A gradient is added where it belongs.
// CHECK: plan.kernel @channel_sum attributes {{.*}}result_layouts = [#plan.layout<channels accumulate = true>]
cnn.parameter @b weight : tensor<20xf32>
func.func @accumulate_gradient(%dy: tensor<?x20xf32>) {
  %0 = cnn.channel_sum %dy : tensor<?x20xf32> -> tensor<20xf32>
  cnn.add_gradient @b, %0 : tensor<20xf32>
  return
}

// -----

// A gradient that something else reads too is copied.
// CHECK-LABEL: plan.program @copy_shared_gradient
// CHECK: %[[SUM:.*]] = plan.launch @channel_sum(
// CHECK: %[[COPY:.*]] = plan.launch @copy_1(%[[SUM]])
// CHECK: cnn.add_gradient @a, %[[COPY]]
// CHECK: plan.kernel @channel_sum attributes {{.*}}result_layouts = [#plan.layout<channels>]
// CHECK: plan.kernel @copy_1 {{.*}}result_layouts = [#plan.layout<channels accumulate = true>]
cnn.parameter @a weight : tensor<20xf32>
cnn.parameter @b weight : tensor<20xf32>
func.func @copy_shared_gradient(%dy: tensor<?x20xf32>) {
  %0 = cnn.channel_sum %dy : tensor<?x20xf32> -> tensor<20xf32>
  cnn.add_gradient @a, %0 : tensor<20xf32>
  cnn.add_gradient @b, %0 : tensor<20xf32>
  return
}

// -----

// An update writes where it reads.
// CHECK: plan.kernel @sgd attributes {in_place,
cnn.parameter @w weight : tensor<20x3x3x3xf32>
cnn.parameter @"momentum_buffer/w" slot : tensor<20x3x3x3xf32>
func.func @update_in_place() {
  %w = cnn.read @w : tensor<20x3x3x3xf32>
  %g = cnn.read_gradient @w : tensor<20x3x3x3xf32>
  %m = cnn.read @"momentum_buffer/w" : tensor<20x3x3x3xf32>
  %lr = cnn.hyper "lr" : tensor<f32>
  %momentum = cnn.hyper "momentum" : tensor<f32>
  %decay = cnn.hyper "weight_decay" : tensor<f32>
  %0:2 = cnn.sgd %w, %g, %m, %lr, %momentum, %decay : (tensor<20x3x3x3xf32>, tensor<20x3x3x3xf32>, tensor<20x3x3x3xf32>, tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<20x3x3x3xf32>, tensor<20x3x3x3xf32>)
  cnn.write @w, %0#0 : tensor<20x3x3x3xf32>
  cnn.write @"momentum_buffer/w", %0#1 : tensor<20x3x3x3xf32>
  return
}
