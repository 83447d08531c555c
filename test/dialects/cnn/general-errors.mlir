// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @transpose_c1(%x: tensor<?x3x4xf32>) {
  // expected-error @+2 {{'cnn.transpose' needs every dimension of 'tensor<?x3x4xf32>' once, got [0, 2, 2]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.transpose %x {permutation = array<i64: 0, 2, 2>} : tensor<?x3x4xf32> -> tensor<?x4x4xf32>
  return
}

// -----

func.func @transpose_c2(%x: tensor<?x3x4xf32>) {
  // expected-error @+2 {{'cnn.transpose' moves the batch of 'tensor<?x3x4xf32>' to another place: compile for a fixed batch size}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.transpose %x {permutation = array<i64: 1, 0, 2>} : tensor<?x3x4xf32> -> tensor<3x?x4xf32>
  return
}

// -----

func.func @broadcast_c1(%x: tensor<3xf32>) {
  // expected-error @+1 {{cannot repeat 'tensor<3xf32>' to 'tensor<?x4xf32>'}}
  %0 = cnn.broadcast %x : tensor<3xf32> -> tensor<?x4xf32>
  return
}

// -----

func.func @reduce_c1(%x: tensor<?x3xf32>) {
  // expected-error @+2 {{'cnn.reduce_sum' needs ascending dimensions of 'tensor<?x3xf32>', got [1, 0]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.reduce_sum %x {axes = array<i64: 1, 0>} : tensor<?x3xf32> -> tensor<1x1xf32>
  return
}

// -----

func.func @matmul_c1(%x: tensor<?x3x4xf32>, %y: tensor<2x4x5xf32>) {
  // expected-error @+2 {{'cnn.matmul' needs as many products on both sides, got 'tensor<?x3x4xf32>' and 'tensor<2x4x5xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.matmul %x, %y : (tensor<?x3x4xf32>, tensor<2x4x5xf32>) -> tensor<?x3x5xf32>
  return
}

// -----

func.func @matmul_c2(%x: tensor<?x3x4xf32>, %y: tensor<5x6xf32>) {
  // expected-error @+2 {{'cnn.matmul' sums over 4 elements of 'tensor<?x3x4xf32>' and 5 of 'tensor<5x6xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.matmul %x, %y : (tensor<?x3x4xf32>, tensor<5x6xf32>) -> tensor<?x3x6xf32>
  return
}

// -----

func.func @matmul_c3(%x: tensor<?x4xf32>, %y: tensor<4x6xf32>) {
  // expected-error @+2 {{'cnn.matmul' needs matrices without a batch dimension, got 'tensor<?x4xf32>' and 'tensor<4x6xf32>': reshape, or compile for a fixed batch size}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.matmul %x, %y : (tensor<?x4xf32>, tensor<4x6xf32>) -> tensor<?x6xf32>
  return
}

// -----

func.func @gather_c1(%x: tensor<?x4xf32>, %i: tensor<2xi32>) {
  // expected-error @+2 {{'cnn.gather' needs a dimension of 'tensor<?x4xf32>' that is not the batch, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.gather %x, %i {axis = 0 : i64} : (tensor<?x4xf32>, tensor<2xi32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @gather_c2(%x: tensor<3x4xf32>, %i: tensor<?xi32>) {
  // expected-error @+2 {{'cnn.gather' has indices per example, and 'tensor<3x4xf32>' can only be indexed by those along dimension 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.gather %x, %i {axis = 1 : i64} : (tensor<3x4xf32>, tensor<?xi32>) -> tensor<3x?xf32>
  return
}

// -----

func.func @gather_grad_c1(%g: tensor<?x2xf32>, %i: tensor<3xi32>) {
  // expected-error @+1 {{has a gradient of type 'tensor<?x2xf32>', and what is gathered has type 'tensor<?x3xf32>'}}
  %0 = cnn.gather_grad %g, %i {axis = 1 : i64} : (tensor<?x2xf32>, tensor<3xi32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @concat_c2(%x: tensor<?x4x5xf32>) {
  // expected-error @+2 {{'cnn.concat' needs a dimension of 'tensor<?x4x5xf32>' that is not the batch, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.concat %x, %x {axis = 0 : i64} : (tensor<?x4x5xf32>, tensor<?x4x5xf32>) -> tensor<?x4x5xf32>
  return
}

// -----

func.func @concat_c1_axis(%x: tensor<?x4x5xf32>, %y: tensor<?x3x5xf32>) {
  // expected-error @+2 {{'cnn.concat' needs equal shapes but for its axis, got 'tensor<?x4x5xf32>' and 'tensor<?x3x5xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.concat %x, %y {axis = 2 : i64} : (tensor<?x4x5xf32>, tensor<?x3x5xf32>) -> tensor<?x4x10xf32>
  return
}

// -----

func.func @row_softmax_c1(%x: tensor<?xf32>) {
  // expected-error @+1 {{'cnn.row_softmax' op needs rows of a fixed length, got 'tensor<?xf32>'}}
  %0 = cnn.row_softmax %x : tensor<?xf32>
  return
}
