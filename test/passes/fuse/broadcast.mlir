// RUN: cnnc-opt %s --cnnc-fuse | FileCheck %s

// A parameter that is repeated is row-major, and so is what is computed from it.
// CHECK: plan.kernel @broadcast_mul attributes {operand_layouts = [#plan.layout<channels>, #plan.layout<{{.*}}>], result_layouts = [#plan.layout<plain>]}
// CHECK: plan.kernel @broadcast_add attributes {operand_layouts = [#plan.layout<plain>, #plan.layout<plain>], result_layouts = [#plan.layout<plain>]}
func.func @infer(%x: tensor<?x4x6xf32>) -> tensor<?x4x6xf32> {
  %w = cnn.read @w : tensor<1xf32>
  %m = cnn.read @m : tensor<4x6xf32>
  %0 = cnn.broadcast %w : tensor<1xf32> -> tensor<4x6xf32>
  %1 = cnn.mul %0, %m : tensor<4x6xf32>
  %2 = cnn.broadcast %1 : tensor<4x6xf32> -> tensor<?x4x6xf32>
  %3 = cnn.add %x, %2 : tensor<?x4x6xf32>
  return %3 : tensor<?x4x6xf32>
}
cnn.parameter @w weight : tensor<1xf32>
cnn.parameter @m weight : tensor<4x6xf32>
