// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @mean_squared_error_c1(%y: tensor<?x4xf32>, %t: tensor<?x3xf32>) {
  // expected-error @below {{'cnn.mean_squared_error' op needs equal shapes, got 'tensor<?x4xf32>' and 'tensor<?x3xf32>'}}
  %0 = cnn.mean_squared_error %y, %t : (tensor<?x4xf32>, tensor<?x3xf32>) -> tensor<f32>
  return
}

// -----

func.func @binary_cross_entropy_c1(%y: tensor<?x4xf32>, %t: tensor<?x3xf32>) {
  // expected-error @below {{'cnn.binary_cross_entropy' op needs equal shapes, got 'tensor<?x4xf32>' and 'tensor<?x3xf32>'}}
  %0 = cnn.binary_cross_entropy %y, %t : (tensor<?x4xf32>, tensor<?x3xf32>) -> tensor<f32>
  return
}

// -----

func.func @perceptron_loss_c1(%y: tensor<?x4xf32>, %t: tensor<?x3xf32>) {
  // expected-error @below {{'cnn.perceptron_loss' op needs equal shapes, got 'tensor<?x4xf32>' and 'tensor<?x3xf32>'}}
  %0 = cnn.perceptron_loss %y, %t : (tensor<?x4xf32>, tensor<?x3xf32>) -> tensor<f32>
  return
}

// -----

func.func @mean_squared_error_grad(%y: tensor<?x4xf32>, %t: tensor<?x3xf32>, %one: tensor<f32>) {
  // expected-error @below {{'cnn.mean_squared_error_grad' op needs equal shapes, got 'tensor<?x4xf32>' and 'tensor<?x3xf32>'}}
  %0 = cnn.mean_squared_error_grad %y, %t, %one : (tensor<?x4xf32>, tensor<?x3xf32>, tensor<f32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @softmax_cross_entropy_c1(%y: tensor<?x4x2x2xf32>, %t: tensor<?xi32>) {
  // expected-error @below {{'cnn.softmax_cross_entropy' op needs a label per example and pixel, got 'tensor<?xi32>' for 'tensor<?x4x2x2xf32>'}}
  %0 = cnn.softmax_cross_entropy %y, %t : (tensor<?x4x2x2xf32>, tensor<?xi32>) -> tensor<f32>
  return
}

// -----

func.func @softmax_cross_entropy_c2(%y: tensor<?x4xf32>, %t: tensor<?xi32>) {
  // expected-error @below {{'cnn.softmax_cross_entropy' op has 3 class weights for 4 classes}}
  %0 = cnn.softmax_cross_entropy %y, %t {class_weights = array<f64: 1.0, 1.0, 1.0>} : (tensor<?x4xf32>, tensor<?xi32>) -> tensor<f32>
  return
}

// -----

func.func @softmax_cross_entropy_c2_sign(%y: tensor<?x2xf32>, %t: tensor<?xi32>) {
  // expected-error @below {{'cnn.softmax_cross_entropy' op needs class weights that are not negative, got -1}}
  %0 = cnn.softmax_cross_entropy %y, %t {class_weights = array<f64: 1.0, -1.0>} : (tensor<?x2xf32>, tensor<?xi32>) -> tensor<f32>
  return
}

// -----

func.func @softmax_cross_entropy_c3(%y: tensor<?x2xf32>, %t: tensor<?xi32>, %one: tensor<f32>) {
  // expected-error @below {{'cnn.softmax_cross_entropy_grad' op needs a label smoothing in [0, 1], got 2}}
  %0 = cnn.softmax_cross_entropy_grad %y, %t, %one {label_smoothing = 2.0 : f64} : (tensor<?x2xf32>, tensor<?xi32>, tensor<f32>) -> tensor<?x2xf32>
  return
}
