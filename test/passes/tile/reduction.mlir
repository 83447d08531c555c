// RUN: cnnc-opt %s --cnnc-tile --canonicalize --cse | FileCheck %s

// A sum over the batch has sixteen chunks, whatever n; a second stage adds them and stores once.
// CHECK-LABEL: plan.kernel @channel_sum
// CHECK-SAME: scratch = {{\[}}[0, 512]]
// CHECK: plan.stage 0 per_example + 32
// CHECK-COUNT-1: vector.store
// CHECK: plan.stage 0 per_example + 2
// CHECK-COUNT-16: vector.load %arg2
// CHECK-COUNT-1: vector.store {{.*}}, %arg1
// CHECK-NOT: vector.store
plan.kernel @channel_sum attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<channels accumulate = true>]} {
^bb0(%x: tensor<?x20x8x8xf32>):
  %0 = cnn.channel_sum %x : tensor<?x20x8x8xf32> -> tensor<20xf32>
  plan.yield %0 : tensor<20xf32>
}

// Vectors have blocks enough to be tasks: no second stage.
// CHECK-LABEL: plan.kernel @feature_sum
// CHECK: plan.stage 0 per_example + 4
// CHECK-NOT: plan.stage
plan.kernel @feature_sum attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<channels>]} {
^bb0(%x: tensor<?x64xf32>):
  %0 = cnn.channel_sum %x : tensor<?x64xf32> -> tensor<64xf32>
  plan.yield %0 : tensor<64xf32>
}

// Statistics nobody uses are not stored; the relu follows in registers.
// CHECK-LABEL: plan.kernel @batchnorm_with_relu
// CHECK: plan.stage 0 per_example + 16
// CHECK: plan.stage 0 per_example + 1
// CHECK: math.sqrt
// CHECK-NOT: %arg5
// CHECK: plan.stage 1 per_example + 0
// CHECK: arith.cmpf ogt, %cst
// CHECK: vector.store {{.*}}, %arg5
plan.kernel @batchnorm_with_relu attributes {operand_layouts = [#plan.layout<batch>, #plan.layout<channels>, #plan.layout<channels>, #plan.layout<channels>, #plan.layout<channels>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: tensor<?x16x8x8xf32>, %scale: tensor<16xf32>, %shift: tensor<16xf32>, %mean: tensor<16xf32>, %variance: tensor<16xf32>):
  %0:5 = cnn.batchnorm_train %x, %scale, %shift, %mean, %variance {epsilon = 1.0e-5 : f64, momentum = 0.1 : f64} : (tensor<?x16x8x8xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> (tensor<?x16x8x8xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>)
  %1 = cnn.relu %0#0 : tensor<?x16x8x8xf32>
  plan.yield %1 : tensor<?x16x8x8xf32>
}
