// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

// parameter_c1
// expected-error @below {{'cnn.parameter' op needs static sizes, got 'tensor<?x3xf32>'}}
cnn.parameter @w weight : tensor<?x3xf32>

// -----

// parameter_c2
// expected-error @below {{'cnn.parameter' op has a value of 'tensor<2xf32>', but is of 'tensor<3xf32>'}}
cnn.parameter @w weight : tensor<3xf32> {value = dense<0.0> : tensor<2xf32>}

// -----

// parameter_c3
// expected-error @below {{'cnn.parameter' op is a buffer, but only weights are frozen or decay}}
cnn.parameter @w buffer : tensor<3xf32> {decay}

// -----

func.func @read_c1() {
  // expected-error @below {{'cnn.read' op refers to @w, which the module does not declare: add a cnn.parameter}}
  %0 = cnn.read @w : tensor<3xf32>
  return
}

// -----

// expected-note @below {{it is defined here}}
cnn.parameter @w weight : tensor<2xf32>
func.func @write_c1(%x: tensor<3xf32>) {
  // expected-error @below {{'cnn.write' op takes 'w' for 'tensor<3xf32>', but it is 'tensor<2xf32>'}}
  cnn.write @w, %x : tensor<3xf32>
  return
}

// -----

// expected-note @below {{it is defined here}}
cnn.parameter @w weight : tensor<3xf32> {frozen}
func.func @add_gradient_c1(%x: tensor<3xf32>) {
  // expected-error @below {{'cnn.add_gradient' op needs a trainable parameter, but 'w' has no gradient}}
  cnn.add_gradient @w, %x : tensor<3xf32>
  return
}

// -----

// expected-note @below {{it is defined here}}
cnn.parameter @w buffer : tensor<3xf32>
func.func @read_gradient_c1() {
  // expected-error @below {{'cnn.read_gradient' op needs a trainable parameter, but 'w' has no gradient}}
  %0 = cnn.read_gradient @w : tensor<3xf32>
  return
}

// -----

func.func @phase_c1() {
  // expected-error @below {{'cnn.phase' op is "backward" or "input_gradient", not "forward"}}
  cnn.phase "forward"
  return
}

// -----

// optimizer_c1
// expected-error @below {{'cnn.optimizer' op needs a floating-point number for "lr", got 1 : i64}}
cnn.optimizer "sgd" {hypers = {lr = 1 : i64}}
