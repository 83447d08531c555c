// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @celu_c1(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.celu' op needs a positive alpha, got 0}}
  %0 = cnn.celu %x {alpha = 0.0 : f64} : tensor<?x4xf32>
  return
}

// -----

func.func @prelu_c1(%x: tensor<?x4xf32>, %s: tensor<3xf32>) {
  // expected-error @below {{'cnn.prelu' op has 3 slopes for 4 channels}}
  %0 = cnn.prelu %x, %s : (tensor<?x4xf32>, tensor<3xf32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @gelu_approximation(%x: tensor<?x4xf32>) {
  // expected-error @below {{attribute 'approximate' failed to satisfy constraint: string attribute whose value is none or tanh}}
  %0 = cnn.gelu %x {approximate = "sigmoid"} : tensor<?x4xf32>
  return
}
