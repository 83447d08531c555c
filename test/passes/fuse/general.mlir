// RUN: cnnc-opt %s --cnnc-fuse | FileCheck %s

// What is computed in blocks is copied to rows for general ops, and back for those that want blocks; elementwise ops
// stay where their operands are.
// CHECK-LABEL: plan.program @infer
// CHECK: plan.launch @copy(
// CHECK: plan.launch @conv(
// CHECK-NEXT: plan.launch @copy_1(
// CHECK-NEXT: plan.launch @transpose_relu(
// CHECK-NEXT: plan.launch @copy_2(
// CHECK-NEXT: plan.launch @conv_1(
// CHECK: plan.kernel @copy_1 attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<plain>]}
// CHECK: plan.kernel @transpose_relu attributes {operand_layouts = [#plan.layout<plain>], result_layouts = [#plan.layout<plain>]}
func.func @infer(%x: tensor<?x3x8x8xf32>) -> tensor<?x4x8x8xf32> {
  %w = cnn.read @w : tensor<8x3x3x3xf32>
  %v = cnn.read @v : tensor<4x8x3x3xf32>
  %0 = cnn.conv %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x8x8xf32>, tensor<8x3x3x3xf32>) -> tensor<?x8x8x8xf32>
  %1 = cnn.transpose %0 {permutation = array<i64: 0, 1, 3, 2>} : tensor<?x8x8x8xf32> -> tensor<?x8x8x8xf32>
  %2 = cnn.relu %1 : tensor<?x8x8x8xf32>
  %3 = cnn.conv %2, %v {stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x8xf32>, tensor<4x8x3x3xf32>) -> tensor<?x4x8x8xf32>
  return %3 : tensor<?x4x8x8xf32>
}
cnn.parameter @w weight : tensor<8x3x3x3xf32>
cnn.parameter @v weight : tensor<4x8x3x3xf32>
