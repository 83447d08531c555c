// RUN: cnnc-opt %s --cnnc-tile="register-lanes=16 registers=32" --canonicalize --cse | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: cnnc-opt %s --cnnc-tile="register-lanes=8 registers=16" --canonicalize --cse | FileCheck %s --check-prefixes=CHECK,NARROW

// The sums of a tile of pixels and output blocks are carried in vectors: 24
// with AVX-512, 6 with AVX2. One load of a weight serves all pixels, one
// broadcast all blocks; the channels are unrolled by 4, 64 floats of weights; nothing is stored
// before the last tap.
// CHECK-LABEL: plan.kernel @conv_relu
// CHECK: plan.stage 16 per_example + 0
// WIDE: scf.for {{.*}} step %c64 iter_args(
// WIDE-COUNT-96: vector.fma
// WIDE-NOT: vector.fma
// WIDE: arith.cmpf ogt
// NARROW: scf.for {{.*}} step %c64 iter_args(
// NARROW-COUNT-24: vector.fma
// NARROW-NOT: vector.fma
// NARROW: arith.cmpf ogt
// CHECK: vector.store
plan.kernel @conv_relu attributes {operand_layouts = [#plan.layout<batch halo = [1, 1, 1, 1]>, #plan.layout<kernel>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: tensor<?x64x24x24xf32>, %w: tensor<64x64x3x3xf32>):
  %0 = cnn.conv %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x64x24x24xf32>, tensor<64x64x3x3xf32>) -> tensor<?x64x24x24xf32>
  %1 = cnn.relu %0 : tensor<?x64x24x24xf32>
  plan.yield %1 : tensor<?x64x24x24xf32>
}

// Weights are turned once; then each of the four residues of a strided
// gradient has its own dense taps: 2 × 2, 2 × 1, 1 × 2 and 1 × 1.
// CHECK-LABEL: plan.kernel @strided_input_grad
// CHECK: plan.stage 0 per_example + 1
// CHECK: vector.shuffle
// CHECK: plan.stage {{[0-9]+}} per_example + 0
// CHECK-NOT: vector.shuffle
// CHECK: vector.fma
plan.kernel @strided_input_grad attributes {operand_layouts = [#plan.layout<batch halo = [1, 1, 1, 1]>, #plan.layout<kernel>], result_layouts = [#plan.layout<batch>]} {
^bb0(%dy: tensor<?x16x4x4xf32>, %w: tensor<16x16x3x3xf32>):
  %0 = cnn.conv_input_grad %dy, %w {stride = array<i64: 2, 2>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x16x4x4xf32>, tensor<16x16x3x3xf32>) -> tensor<?x16x8x8xf32>
  plan.yield %0 : tensor<?x16x8x8xf32>
}

// Few blocks: the batch is cut into chunks, which a second stage sums.
// CHECK-LABEL: plan.kernel @kernel_grad_in_chunks
// CHECK: plan.stage 0 per_example + 16
// CHECK: vector.fma
// CHECK: plan.stage 0 per_example + 1
// CHECK-NOT: vector.fma
// CHECK-COUNT-16: arith.addf
plan.kernel @kernel_grad_in_chunks attributes {operand_layouts = [#plan.layout<batch block = 1 halo = [2, 2, 2, 2]>, #plan.layout<batch>], result_layouts = [#plan.layout<kernel block = 1 accumulate = true>]} {
^bb0(%x: tensor<?x1x28x28xf32>, %dy: tensor<?x6x28x28xf32>):
  %0 = cnn.conv_kernel_grad %x, %dy {stride = array<i64: 1, 1>, pad = array<i64: 2, 2, 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x28x28xf32>, tensor<?x6x28x28xf32>) -> tensor<6x1x5x5xf32>
  plan.yield %0 : tensor<6x1x5x5xf32>
}
