// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @lrn_c1(%x: tensor<?x4x2x2xf32>) {
  // expected-error @below {{'cnn.lrn' op needs a positive size, got 0}}
  %0 = cnn.lrn %x {size = 0 : i64, alpha = 1.0 : f64, beta = 0.75 : f64, bias = 1.0 : f64} : tensor<?x4x2x2xf32>
  return
}

// -----

func.func @lrn_grad_c1(%x: tensor<?x4x2x2xf32>) {
  // expected-error @below {{'cnn.lrn_grad' op needs a positive size, got -1}}
  %0 = cnn.lrn_grad %x, %x {size = -1 : i64, alpha = 1.0 : f64, beta = 0.75 : f64, bias = 1.0 : f64} : tensor<?x4x2x2xf32>
  return
}

// -----

func.func @groupnorm_c1(%x: tensor<?x4xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.groupnorm' op has 3 values for 4 channels}}
  %0:3 = cnn.groupnorm %x, %c, %c {groups = 2 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x4xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
  return
}

// -----

func.func @groupnorm_c2(%x: tensor<?x4xf32>, %c: tensor<4xf32>) {
  // expected-error @below {{'cnn.groupnorm' op needs an epsilon that is not negative, got -1}}
  %0:3 = cnn.groupnorm %x, %c, %c {groups = 2 : i64, epsilon = -1.0 : f64} : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
  return
}

// -----

func.func @groupnorm_c3(%x: tensor<?x4xf32>, %c: tensor<4xf32>) {
  // expected-error @below {{'cnn.groupnorm' op cannot split 4 channels into 3 groups}}
  %0:3 = cnn.groupnorm %x, %c, %c {groups = 3 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
  return
}

// -----

func.func @groupnorm_c4(%x: tensor<?x4x2x2xf32>, %c: tensor<4xf32>) {
  // expected-error @below {{'cnn.groupnorm' op has statistics of 'tensor<?x2xf32>' for an input of 'tensor<?x4x2x2xf32>'}}
  %0:3 = cnn.groupnorm %x, %c, %c {groups = 2 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x4x2x2xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x4x2x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>)
  return
}

// -----

func.func @groupnorm_grad_c1(%x: tensor<?x4xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.groupnorm_grad' op has 3 values for 4 channels}}
  %0:3 = cnn.groupnorm_grad %x, %x, %c, %x, %x {groups = 2 : i64} : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<3xf32>, tensor<?x4xf32>, tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @groupnorm_grad_c2(%x: tensor<?x4xf32>, %c: tensor<4xf32>) {
  // expected-error @below {{'cnn.groupnorm_grad' op cannot split 4 channels into 0 groups}}
  %0:3 = cnn.groupnorm_grad %x, %x, %c, %x, %x {groups = 0 : i64} : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>)
  return
}

// -----

func.func @groupnorm_grad_c3(%x: tensor<?x4xf32>, %m: tensor<?x2xf32>, %c: tensor<4xf32>) {
  // expected-error @below {{'cnn.groupnorm_grad' op has statistics of 'tensor<?x2xf32>' for an input of 'tensor<?x4xf32>'}}
  %0:3 = cnn.groupnorm_grad %x, %x, %c, %m, %m {groups = 2 : i64} : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<4xf32>, tensor<?x2xf32>, tensor<?x2xf32>) -> (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>)
  return
}
