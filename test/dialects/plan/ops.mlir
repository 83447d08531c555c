// RUN: cnnc-opt %s | cnnc-opt | FileCheck %s

cnn.parameter @bias weight : tensor<20xf32>

// CHECK: plan.kernel @add_bias attributes {operand_layouts = [#plan.layout<batch halo = [1, 1, 1, 1]>, #plan.layout<channels>], result_layouts = [#plan.layout<plain>]}
plan.kernel @add_bias attributes {operand_layouts = [#plan.layout<batch halo = [1, 1, 1, 1]>, #plan.layout<channels>], result_layouts = [#plan.layout<plain>]} {
^bb0(%x: tensor<?x20x8x8xf32>, %b: tensor<20xf32>):
  %0 = cnn.bias %x, %b : (tensor<?x20x8x8xf32>, tensor<20xf32>) -> tensor<?x20x8x8xf32>
  plan.yield %0 : tensor<?x20x8x8xf32>
}

// CHECK: plan.program @infer
plan.program @infer {
^bb0(%x: tensor<?x20x8x8xf32>):
  %b = cnn.read @bias : tensor<20xf32>
  // CHECK: plan.launch @add_bias(%{{.*}}, %{{.*}}) : (tensor<?x20x8x8xf32>, tensor<20xf32>) -> tensor<?x20x8x8xf32>
  %0 = plan.launch @add_bias(%x, %b) : (tensor<?x20x8x8xf32>, tensor<20xf32>) -> tensor<?x20x8x8xf32>
  plan.yield %0 : tensor<?x20x8x8xf32>
}

// CHECK: plan.launch @add_bias() {addresses = [#plan.address<arena offset = 64 unit = 128>, #plan.address<input index = 1>, #plan.address<constant value = 2.500000e-01 : f32>]}
plan.program @planned {
^bb0:
  plan.launch @add_bias() {addresses = [#plan.address<arena offset = 64 unit = 128>, #plan.address<input index = 1>, #plan.address<constant value = 0.25 : f32>]} : () -> ()
  plan.yield
}
