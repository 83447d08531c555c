// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

cnn.parameter @c buffer : tensor<3xf32>
func.func @batchnorm_c1(%x: tensor<?x4xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.batchnorm' op has 3 values for 4 channels}}
  %0 = cnn.batchnorm %x, %c, %c, @c, @c {epsilon = 1.0e-5 : f64, momentum = 0.1 : f64} : (tensor<?x4xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x4xf32>
  return
}

// -----

cnn.parameter @c buffer : tensor<3xf32>
func.func @batchnorm_c2(%x: tensor<?x3xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.batchnorm' op needs an epsilon that is not negative, got -1}}
  %0 = cnn.batchnorm %x, %c, %c, @c, @c {epsilon = -1.0 : f64, momentum = 0.1 : f64} : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  return
}

// -----

cnn.parameter @c buffer : tensor<3xf32>
func.func @batchnorm_c3(%x: tensor<?x3xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.batchnorm' op needs a momentum from 0 to 1, got 1.500000e+00}}
  %0 = cnn.batchnorm %x, %c, %c, @c, @c {epsilon = 1.0e-5 : f64, momentum = 1.5 : f64} : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  return
}

// -----

// expected-note @below {{it is defined here}}
cnn.parameter @c buffer : tensor<4xf32>
func.func @batchnorm_c4(%x: tensor<?x3xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.batchnorm' op takes 'c' for 'tensor<3xf32>', but it is 'tensor<4xf32>'}}
  %0 = cnn.batchnorm %x, %c, %c, @c, @c {epsilon = 1.0e-5 : f64, momentum = 0.1 : f64} : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @batchnorm_infer_c1(%x: tensor<?x4xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.batchnorm_infer' op has 3 values for 4 channels}}
  %0 = cnn.batchnorm_infer %x, %c, %c, %c, %c {epsilon = 1.0e-5 : f64} : (tensor<?x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @batchnorm_infer_c2(%x: tensor<?x3xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.batchnorm_infer' op needs an epsilon that is not negative, got -1}}
  %0 = cnn.batchnorm_infer %x, %c, %c, %c, %c {epsilon = -1.0 : f64} : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @batchnorm_train_c1(%x: tensor<?x4xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.batchnorm_train' op has 3 values for 4 channels}}
  %0:5 = cnn.batchnorm_train %x, %c, %c, %c, %c {epsilon = 1.0e-5 : f64, momentum = 0.1 : f64} : (tensor<?x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @batchnorm_train_c2(%x: tensor<?x3xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.batchnorm_train' op needs an epsilon that is not negative, got -1}}
  %0:5 = cnn.batchnorm_train %x, %c, %c, %c, %c {epsilon = -1.0 : f64, momentum = 0.1 : f64} : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @batchnorm_train_c3(%x: tensor<?x3xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.batchnorm_train' op needs a momentum from 0 to 1, got -5.000000e-01}}
  %0:5 = cnn.batchnorm_train %x, %c, %c, %c, %c {epsilon = 1.0e-5 : f64, momentum = -0.5 : f64} : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @batchnorm_grad_c1(%x: tensor<?x4xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.batchnorm_grad' op has 3 values for 4 channels}}
  %0:3 = cnn.batchnorm_grad %x, %x, %c, %c, %c : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x4xf32>, tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @fold_batchnorm_c1(%c: tensor<3xf32>) {
  // expected-error @below {{'cnn.fold_batchnorm' op needs an epsilon that is not negative, got -1}}
  %0:2 = cnn.fold_batchnorm %c, %c, %c, %c {epsilon = -1.0 : f64} : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @fold_kernel_c1(%w: tensor<4x3xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'cnn.fold_kernel' op has 3 values for 4 channels}}
  %0 = cnn.fold_kernel %w, %c : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @channel_sum_c1(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.channel_sum' op has 3 values for 4 channels}}
  %0 = cnn.channel_sum %x : tensor<?x4xf32> -> tensor<3xf32>
  return
}
