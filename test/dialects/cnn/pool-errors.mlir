// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @maxpool_c1(%x: tensor<?x3x8x8xf32>) {
  // expected-error @below {{'cnn.maxpool' needs two positive kernel sizes and strides and four pads that are not negative}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.maxpool %x {kernel = array<i64: 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : tensor<?x3x8x8xf32> -> tensor<?x3x4x4xf32>
  return
}

// -----

func.func @maxpool_c2(%x: tensor<?x3x8x8xf32>) {
  // expected-error @below {{'cnn.maxpool' pads by 2, more than half of its kernel of 3}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.maxpool %x {kernel = array<i64: 3, 3>, stride = array<i64: 2, 2>, pad = array<i64: 2, 0, 0, 0>} : tensor<?x3x8x8xf32> -> tensor<?x3x4x4xf32>
  return
}

// -----

func.func @maxpool_c3(%x: tensor<?x3x8x2xf32>) {
  // expected-error @below {{'cnn.avgpool' kernel of 4 does not fit in the padded input of 3}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.avgpool %x {kernel = array<i64: 4, 4>, stride = array<i64: 2, 2>, pad = array<i64: 0, 1, 0, 0>} : tensor<?x3x8x2xf32> -> tensor<?x3x4x4xf32>
  return
}

// -----

func.func @maxpool_grad_c1(%x: tensor<?x3x8x8xf32>, %dy: tensor<?x3x3x3xf32>) {
  // expected-error @below {{has a gradient of 'tensor<?x3x3x3xf32>', but its layer gives 'tensor<?x3x4x4xf32>'}}
  %0 = cnn.maxpool_grad %x, %dy {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<?x3x8x8xf32>, tensor<?x3x3x3xf32>) -> tensor<?x3x8x8xf32>
  return
}

// -----

func.func @avgpool_grad_c1(%dy: tensor<?x3x3x3xf32>) {
  // expected-error @below {{has a gradient of 'tensor<?x3x3x3xf32>', but its layer gives 'tensor<?x3x4x4xf32>'}}
  %0 = cnn.avgpool_grad %dy {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<?x3x3x3xf32>) -> tensor<?x3x8x8xf32>
  return
}

// -----

func.func @global_avgpool_grad_c1(%dy: tensor<?x3x2x2xf32>) {
  // expected-error @below {{has a gradient of 'tensor<?x3x2x2xf32>', but its layer gives 'tensor<?x3x1x1xf32>'}}
  %0 = cnn.global_avgpool_grad %dy : (tensor<?x3x2x2xf32>) -> tensor<?x3x8x8xf32>
  return
}

// -----

func.func @global_maxpool_grad_c1(%x: tensor<?x3x8x8xf32>, %dy: tensor<?x4x1x1xf32>) {
  // expected-error @below {{has a gradient of 'tensor<?x4x1x1xf32>', but its layer gives 'tensor<?x3x1x1xf32>'}}
  %0 = cnn.global_maxpool_grad %x, %dy : (tensor<?x3x8x8xf32>, tensor<?x4x1x1xf32>) -> tensor<?x3x8x8xf32>
  return
}
