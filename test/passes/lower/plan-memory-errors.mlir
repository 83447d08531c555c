// RUN: cnnc-opt %s --cnnc-plan-memory --split-input-file --verify-diagnostics

plan.program @infer {
  // expected-error @+1 {{refers to @missing, which the module does not declare: add a cnn.parameter}}
  %w = cnn.read @missing : tensor<16xf32>
  plan.yield
}

// -----

plan.program @update {
  // expected-error @+1 {{asks for "lr", which is not among the optimizer's hyper-parameters: add it to cnn.optimizer}}
  %lr = cnn.hyper "lr" : tensor<f32>
  plan.yield
}

// -----

plan.program @infer {
  // expected-error @+1 {{has type 'tensor<2x3xf32>', and kernels cannot stand in a program: make it a frozen parameter}}
  %c = cnn.constant dense<0.5> : tensor<2x3xf32>
  plan.yield
}

// -----

plan.program @infer {
^bb0(%x: tensor<?x16xf32>):
  // expected-error @+1 {{is not part of a program: it belongs into a kernel}}
  %0 = cnn.relu %x : tensor<?x16xf32>
  plan.yield
}

// -----

plan.program @infer {
^bb0(%x: tensor<?x16xf32>):
  // expected-error @+1 {{takes a value that no kernel computes: launch one that copies it}}
  plan.yield %x : tensor<?x16xf32>
}

// -----

plan.program @infer {
  // expected-error @+1 {{launches @k, which is not a kernel of the module}}
  plan.launch @k() : () -> ()
  plan.yield
}

// -----

plan.kernel @k attributes {operand_layouts = [#plan.layout<batch>], result_layouts = []} {
^bb0(%x: memref<?x1x1x1x16xf32>):
  plan.yield
}
plan.program @count {
  // expected-error @+1 {{has 0 operands and 0 results and @k has 1 and 0}}
  plan.launch @k() : () -> ()
  plan.yield
}

// -----

plan.kernel @k attributes {operand_layouts = [#plan.layout<batch>], result_layouts = []} {
^bb0(%x: memref<?x1x1x1x16xf32>):
  plan.yield
}
plan.program @layout {
^bb0(%x: tensor<?x16xf32>):
  // expected-error @+1 {{has operand 0 in layout #plan.layout<plain> and @k wants #plan.layout<batch>}}
  plan.launch @k(%x) : (tensor<?x16xf32>) -> ()
  plan.yield
}

// -----

plan.kernel @k attributes {operand_layouts = [], result_layouts = [#plan.layout<batch>]} {
^bb0(%y: memref<?x1x1x1x16xf32>):
  plan.yield
}
plan.program @infer {
  // expected-error @+1 {{has result 0 in layout #plan.layout<batch>, and results of a program are #plan.layout<plain>}}
  %0 = plan.launch @k() : () -> tensor<?x16xf32>
  plan.yield %0 : tensor<?x16xf32>
}

// -----

cnn.parameter @w weight : tensor<16xf32>
plan.kernel @k attributes {operand_layouts = [], result_layouts = [#plan.layout<channels>]} {
^bb0(%y: memref<16xf32>):
  plan.yield
}
plan.program @backward {
  // expected-error @+1 {{a result accumulates exactly when its only use is cnn.add_gradient}}
  %0 = plan.launch @k() : () -> tensor<16xf32>
  cnn.add_gradient @w, %0 : tensor<16xf32>
  plan.yield
}

// -----

cnn.parameter @a weight : tensor<16xf32>
cnn.parameter @b weight : tensor<16xf32>
plan.kernel @k attributes {operand_layouts = [], result_layouts = [#plan.layout<channels>]} {
^bb0(%y: memref<16xf32>):
  plan.yield
}
plan.program @update {
  // expected-error @+1 {{has result 0 that goes to two places: launch a kernel that copies it}}
  %0 = plan.launch @k() : () -> tensor<16xf32>
  cnn.write @a, %0 : tensor<16xf32>
  cnn.write @b, %0 : tensor<16xf32>
  plan.yield
}

// -----

cnn.parameter @w weight : tensor<16xf32>
plan.kernel @k attributes {operand_layouts = [#plan.layout<channels>], result_layouts = [#plan.layout<channels>]} {
^bb0(%x: memref<16xf32>, %y: memref<16xf32>):
  plan.yield
}
plan.program @update {
  %w = cnn.read @w : tensor<16xf32>
  // expected-error @+1 {{overwrites @w, whose old value}}
  %0 = plan.launch @k(%w) : (tensor<16xf32>) -> tensor<16xf32>
  %1 = plan.launch @k(%w) : (tensor<16xf32>) -> tensor<16xf32>
  cnn.write @w, %0 : tensor<16xf32>
  plan.yield
}

// -----

cnn.parameter @w weight : tensor<16xf32>
plan.kernel @k attributes {operand_layouts = [], result_layouts = [#plan.layout<channels>]} {
^bb0(%y: memref<16xf32>):
  plan.yield
}
plan.kernel @norm attributes {operand_layouts = [], result_layouts = [#plan.layout<scalar>]} {
^bb0(%y: memref<1xf32>):
  plan.yield
}
plan.program @update {
  // expected-error @+1 {{writes @w before the last cnn.require_finite: write after it}}
  %0 = plan.launch @k() : () -> tensor<16xf32>
  cnn.write @w, %0 : tensor<16xf32>
  %1 = plan.launch @norm() : () -> tensor<f32>
  cnn.require_finite %1 : tensor<f32>
  plan.yield
}
