// RUN: cnnc-opt %s --cnnc-tile --split-input-file --verify-diagnostics

plan.kernel @halo_too_small attributes {operand_layouts = [#plan.layout<batch halo = [1, 1, 1, 0]>, #plan.layout<kernel>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: tensor<?x16x8x8xf32>, %w: tensor<16x16x3x3xf32>):
  // expected-error @below {{reads 1 places beyond the right of its input, whose layout has a halo of 0 there; give the layout a larger halo}}
  %0 = cnn.conv %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x16x8x8xf32>, tensor<16x16x3x3xf32>) -> tensor<?x16x8x8xf32>
  plan.yield %0 : tensor<?x16x8x8xf32>
}
