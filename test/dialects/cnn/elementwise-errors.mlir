// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @bias_c1(%x: tensor<?x4xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{'cnn.bias' op has 3 values for 4 channels}}
  %0 = cnn.bias %x, %b : (tensor<?x4xf32>, tensor<3xf32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @scale_shift_c1(%x: tensor<?x4xf32>, %c: tensor<4xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{'cnn.scale_shift' op has 3 values for 4 channels}}
  %0 = cnn.scale_shift %x, %c, %b : (tensor<?x4xf32>, tensor<4xf32>, tensor<3xf32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @standardize_c1(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.standardize' op has 3 values for 4 channels}}
  %0 = cnn.standardize %x {mean = array<f64: 0.0>, std = array<f64: 1.0, 1.0, 1.0>} : tensor<?x4xf32>
  return
}

// -----

func.func @standardize_c2(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.standardize' op needs positive standard deviations, got 0}}
  %0 = cnn.standardize %x {mean = array<f64: 0.0>, std = array<f64: 0.0>} : tensor<?x4xf32>
  return
}

// -----

func.func @dropout_c1(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.dropout' op needs a ratio of at least 0 and below 1, got 1}}
  %0 = cnn.dropout %x {ratio = 1.0 : f64, id = 0 : i64} : tensor<?x4xf32>
  return
}

// -----

func.func @dropout_mask_c1(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.dropout_mask' op needs a ratio of at least 0 and below 1, got -5.000000e-01}}
  %0 = cnn.dropout_mask %x {ratio = -0.5 : f64, id = 0 : i64} : tensor<?x4xf32>
  return
}
