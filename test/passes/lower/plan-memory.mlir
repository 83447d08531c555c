// RUN: cnnc-opt %s --cnnc-plan-memory --split-input-file | FileCheck %s

// The trainable weights come first, so that the gradients are packed like a prefix; every parameter starts at 64 bytes.
// Values that are never alive together share memory: %0 and %2. Scratch lives as long as its launch.
// CHECK: module attributes {plan.gradient_bytes = 64 : i64, plan.infer_memory = array<i64: 128, 640>, plan.parameter_bytes = 192 : i64, plan.train_memory = array<i64: 0, 0>}
// CHECK: cnn.parameter @frozen {{.*}}plan.offset = 64
// CHECK: cnn.parameter @trained {{.*}}plan.offset = 0
// CHECK-LABEL: plan.program @infer
// CHECK: plan.launch @first{{.*}} {addresses = [#plan.address<input>, #plan.address<arena offset = 128>]}
// CHECK: plan.launch @next{{.*}} {addresses = [#plan.address<arena offset = 128>, #plan.address<arena offset = 128 unit = 256>, #plan.address<arena offset = 128 unit = 512>, #plan.address<arena>]}
// CHECK: plan.launch @next{{.*}} {addresses = [#plan.address<arena offset = 128 unit = 256>, #plan.address<arena offset = 128>, #plan.address<arena offset = 128 unit = 512>, #plan.address<arena>]}
// CHECK: plan.launch @last{{.*}} {addresses = [#plan.address<arena offset = 128>, #plan.address<output>]}
cnn.parameter @frozen weight : tensor<20xf32> {frozen}
cnn.parameter @trained weight : tensor<16xf32>
plan.kernel @first attributes {operand_layouts = [#plan.layout<plain>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: memref<?x64xf32>, %y: memref<?x4x1x1x16xf32>):
  plan.yield
}
plan.kernel @next attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<batch>], scratch = [[30, 0], [0, 32]]} {
^bb0(%x: memref<?x4x1x1x16xf32>, %y: memref<?x4x1x1x16xf32>, %a: memref<?x30xf32>, %b: memref<32xf32>):
  plan.yield
}
plan.kernel @last attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<plain>]} {
^bb0(%x: memref<?x4x1x1x16xf32>, %y: memref<?x64xf32>):
  plan.yield
}
plan.program @infer {
^bb0(%x: tensor<?x64xf32>):
  %0 = plan.launch @first(%x) : (tensor<?x64xf32>) -> tensor<?x64xf32>
  %1 = plan.launch @next(%0) : (tensor<?x64xf32>) -> tensor<?x64xf32>
  %2 = plan.launch @next(%1) : (tensor<?x64xf32>) -> tensor<?x64xf32>
  %3 = plan.launch @last(%2) : (tensor<?x64xf32>) -> tensor<?x64xf32>
  plan.yield %3 : tensor<?x64xf32>
}

// -----

// A value that the backward phase reads keeps its memory; the gradient of an input has memory of its own where the caller wants none.
// CHECK-LABEL: plan.program @train
// CHECK: plan.launch @loss{{.*}} {addresses = [#plan.address<input>, #plan.address<output>, #plan.address<arena>]}
// CHECK: plan.launch @weights{{.*}} {addresses = [#plan.address<input>, #plan.address<arena>, #plan.address<gradients offset = 64>]}
// CHECK: plan.launch @inputs{{.*}} {addresses = [#plan.address<arena>, #plan.address<optional_output unit = {{[0-9]+}}>]}
cnn.parameter @a weight : tensor<16xf32>
cnn.parameter @w weight : tensor<16xf32>
plan.kernel @loss attributes {operand_layouts = [#plan.layout<plain>], result_layouts = [#plan.layout<scalar>, #plan.layout<batch>]} {
^bb0(%x: memref<?x16xf32>, %loss: memref<1xf32>, %kept: memref<?x1x1x1x16xf32>):
  plan.yield
}
plan.kernel @weights attributes {operand_layouts = [#plan.layout<plain>, #plan.layout<batch>], result_layouts = [#plan.layout<channels accumulate = true>]} {
^bb0(%x: memref<?x16xf32>, %kept: memref<?x1x1x1x16xf32>, %dw: memref<16xf32>):
  plan.yield
}
plan.kernel @inputs attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<plain>]} {
^bb0(%kept: memref<?x1x1x1x16xf32>, %dx: memref<?x16xf32>):
  plan.yield
}
plan.program @train {
^bb0(%x: tensor<?x16xf32>):
  %loss, %kept = plan.launch @loss(%x) : (tensor<?x16xf32>) -> (tensor<f32>, tensor<?x16xf32>)
  cnn.phase "backward"
  %dw = plan.launch @weights(%x, %kept) : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<16xf32>
  cnn.add_gradient @w, %dw : tensor<16xf32>
  cnn.phase "input_gradient"
  %dx = plan.launch @inputs(%kept) : (tensor<?x16xf32>) -> tensor<?x16xf32>
  plan.yield %loss, %dx : tensor<f32>, tensor<?x16xf32>
}

// -----

// The rule's hyper-parameters come before the bounds of clipping.
// An update writes where it reads: its kernel may not assume that pointers differ.
// CHECK: plan.launch @sgd{{.*}} {addresses = [#plan.address<parameters>, #plan.address<gradients>, #plan.address<hyper>, #plan.address<step>, #plan.address<constant value = 5.000000e-01 : f32>, #plan.address<parameters>]}
// CHECK: plan.kernel @sgd attributes {in_place
cnn.parameter @w weight : tensor<16xf32>
cnn.optimizer "sgd" {hypers = {clip_norm = 1.0 : f64, lr = 0.1 : f64}, clip_norm}
plan.program @update {
  %w = cnn.read @w : tensor<16xf32>
  %g = cnn.read_gradient @w : tensor<16xf32>
  %lr = cnn.hyper "lr" : tensor<f32>
  %step = cnn.hyper "step" : tensor<f32>
  %half = cnn.constant dense<0.5> : tensor<f32>
  %0 = plan.launch @sgd(%w, %g, %lr, %step, %half) : (tensor<16xf32>, tensor<16xf32>, tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<16xf32>
  cnn.write @w, %0 : tensor<16xf32>
  plan.yield
}
plan.kernel @sgd attributes {operand_layouts = [#plan.layout<channels>, #plan.layout<channels>, #plan.layout<scalar>, #plan.layout<scalar>, #plan.layout<scalar>], result_layouts = [#plan.layout<channels>]} {
^bb0(%w: memref<16xf32>, %g: memref<16xf32>, %lr: memref<1xf32>, %step: memref<1xf32>, %half: memref<1xf32>, %0: memref<16xf32>):
  plan.yield
}

// -----

// A vector of channels is memory of the library, padded like a parameter.
// CHECK: plan.launch @shift{{.*}} {addresses = [#plan.address<input>, #plan.address<constant value = dense<{{.*}}> : tensor<16xf32>>, #plan.address<output>]}
plan.kernel @shift attributes {operand_layouts = [#plan.layout<plain>, #plan.layout<channels>], result_layouts = [#plan.layout<plain>]} {
^bb0(%x: memref<?x2xf32>, %c: memref<16xf32>, %y: memref<?x2xf32>):
  plan.yield
}
plan.program @infer {
^bb0(%x: tensor<?x2xf32>):
  %c = cnn.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %0 = plan.launch @shift(%x, %c) : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  plan.yield %0 : tensor<?x2xf32>
}
