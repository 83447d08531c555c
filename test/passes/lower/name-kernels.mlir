// RUN: cnnc-opt %s --cnnc-name-kernels | FileCheck %s

// A name is the kind and a hash of the rest: equal kernels become one, in whatever order they come.
// CHECK-LABEL: plan.program @infer
// CHECK: plan.launch @scale.[[TWICE:[0-9a-f]{32}]](
// CHECK: plan.launch @scale.[[THRICE:[0-9a-f]{32}]](
// CHECK: plan.launch @scale.[[TWICE]](
plan.program @infer {
  %0 = plan.launch @scale() : () -> tensor<16xf32>
  %1 = plan.launch @scale_1() : () -> tensor<16xf32>
  %2 = plan.launch @scale_2() : () -> tensor<16xf32>
  plan.yield
}

// CHECK: plan.kernel @scale.[[TWICE]]
// CHECK: arith.constant 2.0
plan.kernel @scale attributes {operand_layouts = [], result_layouts = [#plan.layout<channels>]} {
^bb0(%y: memref<16xf32>):
  plan.stage 0 per_example + 1 {
  ^bb1(%task: index, %n: index, %seed: i64, %step: i64):
    %c = arith.constant 2.0 : f32
    memref.store %c, %y[%task] : memref<16xf32>
    plan.yield
  }
  plan.yield
}

// CHECK: plan.kernel @scale.[[THRICE]]
// CHECK: arith.constant 3.0
plan.kernel @scale_1 attributes {operand_layouts = [], result_layouts = [#plan.layout<channels>]} {
^bb0(%y: memref<16xf32>):
  plan.stage 0 per_example + 1 {
  ^bb1(%task: index, %n: index, %seed: i64, %step: i64):
    %c = arith.constant 3.0 : f32
    memref.store %c, %y[%task] : memref<16xf32>
    plan.yield
  }
  plan.yield
}

// CHECK-NOT: plan.kernel
plan.kernel @scale_2 attributes {operand_layouts = [], result_layouts = [#plan.layout<channels>]} {
^bb0(%y: memref<16xf32>):
  plan.stage 0 per_example + 1 {
  ^bb1(%other: index, %n: index, %seed: i64, %step: i64):
    %c = arith.constant 2.0 : f32
    memref.store %c, %y[%other] : memref<16xf32>
    plan.yield
  }
  plan.yield
}
