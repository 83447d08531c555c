// RUN: cnnc-opt %s --cnnc-tile --verify-diagnostics

// Dropout of no mode has no place in a kernel.
plan.kernel @dropout attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<batch>]} {
^bb0(%x: tensor<?x16xf32>):
  // expected-error @below {{has no emitter: it cannot be compiled for this target}}
  %0 = cnn.dropout %x {ratio = 0.5 : f64, id = 1 : i64} : tensor<?x16xf32>
  plan.yield %0 : tensor<?x16xf32>
}
