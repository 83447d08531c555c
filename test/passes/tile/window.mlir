// RUN: cnnc-opt %s --cnnc-tile --canonicalize --cse | FileCheck %s

// A window without padding is read without loops, and what is fused behind it follows in registers.
// CHECK-LABEL: plan.kernel @maxpool_with_relu
// CHECK: plan.stage 1 per_example + 0
// CHECK: scf.for {{.*}} to %c4
// CHECK: scf.for {{.*}} to %c4
// CHECK-COUNT-4: vector.load %arg0
// CHECK-NOT: scf.for
// CHECK: arith.cmpf ogt, %cst{{.*}}
// CHECK-COUNT-1: vector.store {{.*}}, %arg1
// CHECK-NOT: vector.store
plan.kernel @maxpool_with_relu attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: tensor<?x16x8x8xf32>):
  %0 = cnn.maxpool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : tensor<?x16x8x8xf32> -> tensor<?x16x4x4xf32>
  %1 = cnn.relu %0 : tensor<?x16x4x4xf32>
  plan.yield %1 : tensor<?x16x4x4xf32>
}

// Windows side by side write their gradient themselves.
// CHECK-LABEL: plan.kernel @tiled_maxpool_grad
// CHECK-NOT: scratch
// CHECK-COUNT-4: vector.load %arg0
// CHECK-COUNT-4: vector.store {{.*}}, %arg2
plan.kernel @tiled_maxpool_grad attributes {operand_layouts = [#plan.layout<batch>, #plan.layout<batch>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: tensor<?x16x8x8xf32>, %dy: tensor<?x16x4x4xf32>):
  %0 = cnn.maxpool_grad %x, %dy {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<?x16x8x8xf32>, tensor<?x16x4x4xf32>) -> tensor<?x16x8x8xf32>
  plan.yield %0 : tensor<?x16x8x8xf32>
}

// Where windows overlap, each place asks those that cover it, and the winners are kept per example.
// CHECK-LABEL: plan.kernel @overlapping_maxpool_grad
// CHECK-SAME: scratch = {{\[}}[784, 0]]
// CHECK: vector.store {{.*}}, %arg3
// CHECK: vector.load %arg3
// CHECK: arith.cmpi eq
// CHECK: vector.store {{.*}}, %arg2
plan.kernel @overlapping_maxpool_grad attributes {operand_layouts = [#plan.layout<batch>, #plan.layout<batch>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: tensor<?x16x8x8xf32>, %dy: tensor<?x16x7x7xf32>):
  %0 = cnn.maxpool_grad %x, %dy {kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>} : (tensor<?x16x8x8xf32>, tensor<?x16x7x7xf32>) -> tensor<?x16x8x8xf32>
  plan.yield %0 : tensor<?x16x8x8xf32>
}

// Channels that start in the middle of a block are two loads and a shuffle.
// CHECK-LABEL: plan.kernel @pad_channels
// CHECK-COUNT-2: vector.load %arg0
// CHECK: vector.shuffle {{.*}} [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]
plan.kernel @pad_channels attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: tensor<?x16x4x4xf32>):
  %0 = cnn.pad %x {low = array<i64: 8, 0, 0>, high = array<i64: 8, 0, 0>, interior = array<i64: 0, 0, 0>} : tensor<?x16x4x4xf32> -> tensor<?x32x4x4xf32>
  plan.yield %0 : tensor<?x32x4x4xf32>
}
