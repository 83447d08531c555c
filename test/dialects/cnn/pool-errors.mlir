// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @maxpool_c1(%x: tensor<?x3x8x8xf32>) {
  // expected-error @below {{'cnn.maxpool' needs two positive kernel sizes, strides and dilations and four pads that are not negative}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.maxpool %x {kernel = array<i64: 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : tensor<?x3x8x8xf32> -> tensor<?x3x4x4xf32>
  return
}

// -----

func.func @maxpool_c2(%x: tensor<?x3x8x8xf32>) {
  // expected-error @below {{'cnn.maxpool' pads 8 elements by 3 and 0, so that a window of 3 covers none of them: pad by less}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.maxpool %x {kernel = array<i64: 3, 3>, stride = array<i64: 2, 2>, pad = array<i64: 3, 0, 0, 0>} : tensor<?x3x8x8xf32> -> tensor<?x3x4x4xf32>
  return
}

// -----

func.func @maxpool_c2_behind(%x: tensor<?x3x8x8xf32>) {
  // expected-error @below {{'cnn.avgpool' pads 8 elements by 0 and 3, so that a window of 3 covers none of them: pad by less}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.avgpool %x {kernel = array<i64: 3, 3>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 3>} : tensor<?x3x8x8xf32> -> tensor<?x3x6x9xf32>
  return
}

// -----

func.func @maxpool_c2_dilated(%x: tensor<?x3x1x8xf32>) {
  // expected-error @below {{'cnn.maxpool' pads 1 elements by 1 and 1, so that a window of 2 covers none of them: pad by less}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.maxpool %x {kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 1, 0, 1, 0>, dilation = array<i64: 2, 1>} : tensor<?x3x1x8xf32> -> tensor<?x3x1x7xf32>
  return
}

// -----

func.func @maxpool_c3(%x: tensor<?x3x8x2xf32>) {
  // expected-error @below {{'cnn.avgpool' kernel spans 4 elements and does not fit in the padded input of 3}}
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
