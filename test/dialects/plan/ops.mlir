// RUN: cnnc-opt %s | cnnc-opt | FileCheck %s

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
