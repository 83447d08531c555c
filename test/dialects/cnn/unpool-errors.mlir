// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @maxpool_indices_c1(%x: tensor<?x3x8xf32>) {
  // expected-error @below {{'cnn.maxpool_indices' needs 1 positive kernel sizes, strides and dilations, one for each dimension behind the channels}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.maxpool_indices %x {kernel = array<i64: 2, 2>, stride = array<i64: 2>, pad = array<i64: 0, 0>, dilation = array<i64: 1>} : tensor<?x3x8xf32> -> tensor<?x3x4xi32>
  return
}

// -----

func.func @maxpool_indices_c1_pads(%x: tensor<?x3x8xf32>) {
  // expected-error @below {{'cnn.maxpool_indices' needs 2 pads that are not negative}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.maxpool_indices %x {kernel = array<i64: 2>, stride = array<i64: 2>, pad = array<i64: 0>, dilation = array<i64: 1>} : tensor<?x3x8xf32> -> tensor<?x3x4xi32>
  return
}

// -----

func.func @maxpool_indices_c2(%x: tensor<?x3x8xf32>) {
  // expected-error @below {{'cnn.maxpool_indices' pads 8 elements by 3 and 0, so that a window of 3 covers none of them: pad by less}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.maxpool_indices %x {kernel = array<i64: 3>, stride = array<i64: 1>, pad = array<i64: 3, 0>, dilation = array<i64: 1>} : tensor<?x3x8xf32> -> tensor<?x3x9xi32>
  return
}

// -----

func.func @maxpool_indices_c3(%x: tensor<?x3x2xf32>) {
  // expected-error @below {{'cnn.maxpool_indices' kernel spans 4 elements and does not fit in the padded input of 3}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.maxpool_indices %x {kernel = array<i64: 4>, stride = array<i64: 1>, pad = array<i64: 1, 0>, dilation = array<i64: 1>} : tensor<?x3x2xf32> -> tensor<?x3x1xi32>
  return
}

// -----

func.func @maxunpool_c1(%x: tensor<?x3x2xf32>, %i: tensor<?x3x3xi32>) {
  // expected-error @below {{has 'tensor<?x3x3xi32>' indices of 'tensor<?x3x2xf32>'}}
  %0 = cnn.maxunpool %x, %i : (tensor<?x3x2xf32>, tensor<?x3x3xi32>) -> tensor<?x3x4xf32>
  return
}

// -----

func.func @maxunpool_c2(%x: tensor<?x3x2xf32>, %i: tensor<?x3x2xi32>) {
  // expected-error @below {{joins 'tensor<?x3x2xf32>' and 'tensor<1x3x4xf32>', which have another batch}}
  %0 = cnn.maxunpool %x, %i : (tensor<?x3x2xf32>, tensor<?x3x2xi32>) -> tensor<1x3x4xf32>
  return
}

// -----

func.func @maxunpool_grad_c1(%g: tensor<?x3x4xf32>, %i: tensor<?x3x3xi32>) {
  // expected-error @below {{has 'tensor<?x3x3xi32>' indices of 'tensor<?x3x2xf32>'}}
  %0 = cnn.maxunpool_grad %g, %i : (tensor<?x3x4xf32>, tensor<?x3x3xi32>) -> tensor<?x3x2xf32>
  return
}

// -----

func.func @maxunpool_grad_c2(%g: tensor<1x3x4xf32>, %i: tensor<?x3x2xi32>) {
  // expected-error @below {{joins 'tensor<?x3x2xf32>' and 'tensor<1x3x4xf32>', which have another batch}}
  %0 = cnn.maxunpool_grad %g, %i : (tensor<1x3x4xf32>, tensor<?x3x2xi32>) -> tensor<?x3x2xf32>
  return
}
