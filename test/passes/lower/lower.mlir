// RUN: cnnc-opt %s --cnnc-lower | FileCheck %s
// RUN: cnnc-opt %s --cnnc-lower --cnnc-to-llvm | FileCheck %s --check-prefix=LLVM

// A program fills a record per launch and hands the tasks to the pool; a single task is called.
// CHECK-LABEL: func.func @update(%{{.*}}: !llvm.ptr) -> i32
// CHECK: llvm.alloca %{{.*}} x !llvm.array<5 x i64>
// CHECK: %[[TASK:.*]] = constant @scale.stage0.task : (!llvm.ptr, i32) -> ()
// CHECK: %[[POINTER:.*]] = builtin.unrealized_conversion_cast %[[TASK]]
// CHECK: llvm.call %{{.*}}(%{{.*}}, %{{.*}}, %[[POINTER]], %{{.*}}) : !llvm.ptr, (!llvm.ptr, i32, !llvm.ptr, !llvm.ptr) -> ()
// CHECK: call @scale.stage1.task(
// A value that is not finite ends the program.
// CHECK: cf.cond_br %{{.*}}, ^bb2, ^bb1
// CHECK: ^bb1:
// CHECK: %[[ONE:.*]] = arith.constant 1 : i32
// CHECK: return %[[ONE]]
plan.program @update {
  %n = plan.launch @norm() {addresses = [#plan.address<arena>]} : () -> tensor<f32>
  %0 = plan.launch @scale(%n) {addresses = [#plan.address<arena>, #plan.address<gradients offset = 64>]} : (tensor<f32>) -> tensor<64xf32>
  cnn.require_finite %n : tensor<f32>
  %1 = plan.launch @known() {addresses = [#plan.address<arena>]} : () -> tensor<f32>
  plan.yield
}

// CHECK-LABEL: func.func private @scale.stage0(
// CHECK-SAME: !llvm.ptr {llvm.noalias}, %{{.*}}: !llvm.ptr {llvm.align = 64 : i64, llvm.noalias}, %{{.*}}: index, %{{.*}}: index, %{{.*}}: i64, %{{.*}}: i64)
// CHECK-SAME: llvm.linkage = #llvm.linkage<internal>, passthrough = ["noinline"]
// CHECK: vector.store
// CHECK-LABEL: func.func private @scale.stage0.task(%{{.*}}: !llvm.ptr, %{{.*}}: i32)
// LLVM: llvm.func internal @scale.stage0(%{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: !llvm.ptr {llvm.align = 64 : i64, llvm.noalias}, %{{.*}}: i64, %{{.*}}: i64, %{{.*}}: i64, %{{.*}}: i64) attributes {{.*}}"noinline"
plan.kernel @scale attributes {operand_layouts = [#plan.layout<scalar>], result_layouts = [#plan.layout<channels>]} {
^bb0(%s: memref<1xf32>, %y: memref<64xf32>):
  plan.stage 0 per_example + 4 {
  ^bb1(%task: index, %n: index, %seed: i64, %step: i64):
    %c0 = arith.constant 0 : index
    %c16 = arith.constant 16 : index
    %0 = memref.load %s[%c0] : memref<1xf32>
    %1 = vector.broadcast %0 : f32 to vector<16xf32>
    %2 = arith.muli %task, %c16 : index
    vector.store %1, %y[%2] : memref<64xf32>, vector<16xf32>
    plan.yield
  }
  plan.stage 0 per_example + 1 {
  ^bb1(%task: index, %n: index, %seed: i64, %step: i64):
    plan.yield
  }
  plan.yield
}
plan.kernel @norm attributes {operand_layouts = [], result_layouts = [#plan.layout<scalar>]} {
^bb0(%y: memref<1xf32>):
  plan.yield
}

// What was compiled before is declared, its tasks alone.
// CHECK-NOT: @known.stage0(
// CHECK: func.func private @known.stage0.task(!llvm.ptr, i32)
// CHECK-NOT: @known.stage0
plan.kernel @known attributes {operand_layouts = [], result_layouts = [#plan.layout<scalar>], plan.compiled} {
^bb0(%y: memref<1xf32>):
  plan.stage 0 per_example + 1 {
  ^bb1(%task: index, %n: index, %seed: i64, %step: i64):
    plan.yield
  }
  plan.yield
}
