// RUN: cnnc-opt %s --split-input-file --verify-diagnostics --cnnc-differentiate

cnn.parameter @w weight : tensor<2xf32>
func.func @train(%x: tensor<?x2xf32>, %t: tensor<?x2xf32> {cnn.target}) -> tensor<f32> {
  // expected-note @below {{which is used from here on}}
  %w = cnn.read @w : tensor<2xf32>
  %0 = cnn.standardize %t {mean = array<f64: 0.0>, std = array<f64: 1.0>} : tensor<?x2xf32>
  // expected-error @below {{'cnn.batchnorm_infer' op has no gradient, but lies between the loss and parameter 'w'}}
  %1 = cnn.batchnorm_infer %0, %w, %w, %w, %w {epsilon = 1.0e-5 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %loss = cnn.mean_squared_error %1, %t : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}

// -----

// expected-note @below {{which is used from here on}}
func.func @train(%x: tensor<?x2xf32>, %w: tensor<2xf32> {cnn.target}, %t: tensor<?x2xf32> {cnn.target}) -> tensor<f32> {
  // expected-error @below {{'cnn.batchnorm_infer' op has no gradient, but lies between the loss and input 0}}
  %0 = cnn.batchnorm_infer %x, %w, %w, %w, %w {epsilon = 1.0e-5 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %loss = cnn.mean_squared_error %0, %t : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}

// -----

func.func @train(%x: tensor<?x2xf32>, %t: tensor<?x2xf32> {cnn.target}) -> tensor<f32> {
  // expected-error @below {{'cnn.mean_squared_error' op has no gradient by its target, which depends on a parameter or an input}}
  %loss = cnn.mean_squared_error %t, %x : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}

// -----

func.func @train(%x: tensor<?x2xf32>, %t: tensor<?x2xf32> {cnn.target}) -> tensor<f32> {
  %c = cnn.constant dense<1.0> : tensor<2xf32>
  // expected-error @below {{'cnn.batchnorm_train' op has a gradient by its normalised result alone, but its statistics reach the loss}}
  %0, %mean, %inverse, %m, %v = cnn.batchnorm_train %x, %c, %c, %c, %c {epsilon = 1.0e-5 : f64, momentum = 0.1 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
  %1 = cnn.bias %0, %mean : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %loss = cnn.mean_squared_error %1, %t : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<f32>
  return %loss : tensor<f32>
}

// -----

// expected-error @below {{'func.func' op needs one block and one result, the loss, to be differentiated}}
func.func @train(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  return %x, %x : tensor<?x2xf32>, tensor<?x2xf32>
}
