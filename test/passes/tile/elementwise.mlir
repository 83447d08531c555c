// RUN: cnnc-opt %s --cnnc-tile --canonicalize --cse | FileCheck %s

// A batch is walked in places of 16 channels; the halo of the result is zeroed, the operand's is stepped over.
// CHECK-LABEL: plan.kernel @relu_with_halo
// CHECK: ^bb0(%[[IN:.*]]: memref<?x1x8x8x16xf32>, %[[OUT:.*]]: memref<?x1x10x10x16xf32>):
// CHECK: plan.stage 1 per_example + 0
// CHECK: ^bb0(%[[N:[a-z0-9]+]]: index,
// CHECK-COUNT-4: vector.store %cst, %[[OUT]]
// CHECK: scf.for %[[Y:.*]] = %c0 to %c8
// CHECK: scf.for %[[X:.*]] = %c0 to %c8
// CHECK: %[[LANES:.*]] = vector.load %[[IN]][%[[N]], %c0, %[[Y]], %[[X]], %c0]
// CHECK: arith.cmpf ogt, %cst{{.*}}, %[[LANES]]
// CHECK: vector.store %{{.*}}, %[[OUT]][%[[N]], %c0, %{{.*}}, %{{.*}}, %c0]
plan.kernel @relu_with_halo attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<batch halo = [1, 1, 1, 1]>]} {
^bb0(%x: tensor<?x6x8x8xf32>):
  %0 = cnn.relu %x : tensor<?x6x8x8xf32>
  plan.yield %0 : tensor<?x6x8x8xf32>
}

// Parameters are one run of memory.
// CHECK-LABEL: plan.kernel @add_kernels
// CHECK: memref<4x4x3x3x16x16xf32>
// CHECK: plan.stage 0 per_example + 3
// CHECK: vector.load %{{.*}} : memref<36864xf32>, vector<16xf32>
plan.kernel @add_kernels attributes {operand_layouts = [#plan.layout<kernel>, #plan.layout<kernel>], result_layouts = [#plan.layout<kernel accumulate = true>]} {
^bb0(%a: tensor<64x64x3x3xf32>, %b: tensor<64x64x3x3xf32>):
  %0 = cnn.add %a, %b : tensor<64x64x3x3xf32>
  plan.yield %0 : tensor<64x64x3x3xf32>
}
