// RUN: cnnc-opt %s --cnnc-tile --canonicalize --cse | FileCheck %s

// sigmoid(0) is not 0: the lanes beyond the last channel are masked.
// CHECK-LABEL: plan.kernel @sigmoid_of_20_channels
// CHECK: arith.cmpi sgt, {{.*}} : vector<16xi32>
// CHECK: arith.select {{.*}} : vector<16xi1>, vector<16xf32>
// CHECK-NEXT: vector.store
plan.kernel @sigmoid_of_20_channels attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: tensor<?x20xf32>):
  %0 = cnn.sigmoid %x : tensor<?x20xf32>
  plan.yield %0 : tensor<?x20xf32>
}

// Whole blocks have no gap.
// CHECK-LABEL: plan.kernel @sigmoid_of_32_channels
// CHECK-NOT: arith.cmpi
plan.kernel @sigmoid_of_32_channels attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: tensor<?x32xf32>):
  %0 = cnn.sigmoid %x : tensor<?x32xf32>
  plan.yield %0 : tensor<?x32xf32>
}
