// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @cumsum_c1(%x: tensor<?x3xf32>) {
  // expected-error @+1 {{needs a dimension of 'tensor<?x3xf32>' that is not the batch, got 0}}
  %0 = cnn.cumsum %x {axis = 0 : i64} : tensor<?x3xf32>
  return
}

// -----

func.func @arg_max_c1(%x: tensor<?x3xf32>) {
  // expected-error @+2 {{'cnn.arg_max' needs a dimension of 'tensor<?x3xf32>' that is not the batch, got 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.arg_max %x {axis = 2 : i64} : tensor<?x3xf32> -> tensor<?x3xf32>
  return
}

// -----

func.func @top_k_c1(%x: tensor<?x3xf32>) {
  // expected-error @+2 {{'cnn.top_k' needs at least 4 elements in each row, and at least 1, got 'tensor<?x3xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.top_k %x {k = 4 : i64} : tensor<?x3xf32> -> tensor<?x4xf32>
  return
}

// -----

func.func @one_hot_c1(%x: tensor<?x3xi32>) {
  // expected-error @+1 {{cannot make 'tensor<?x4x5xf32>' of 'tensor<?x3xi32>' along dimension 1}}
  %0 = cnn.one_hot %x {axis = 1 : i64} : tensor<?x3xi32> -> tensor<?x4x5xf32>
  return
}

// -----

func.func @gather_elements_c1(%x: tensor<?x3xf32>, %i: tensor<?x3xi32>) {
  // expected-error @+2 {{'cnn.gather_elements' needs a dimension of 'tensor<?x3xf32>' that is not the batch, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.gather_elements %x, %i {axis = 0 : i64} : (tensor<?x3xf32>, tensor<?x3xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @gather_elements_c2(%x: tensor<?x3x2xf32>, %i: tensor<?x4x2xi32>) {
  // expected-error @+2 {{'cnn.gather_elements' cannot read 'tensor<?x3x2xf32>' by 'tensor<?x4x2xi32>' along dimension 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.gather_elements %x, %i {axis = 2 : i64} : (tensor<?x3x2xf32>, tensor<?x4x2xi32>) -> tensor<?x4x2xf32>
  return
}

// -----

func.func @gather_nd_c1(%x: tensor<?x3x2xf32>, %i: tensor<?x4x1xi32>) {
  // expected-error @+2 {{'cnn.gather_nd' cannot find places 'tensor<?x4x1xi32>' in 'tensor<?x3x2xf32>' with 2 dimensions in common}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.gather_nd %x, %i {batch_dims = 2 : i64} : (tensor<?x3x2xf32>, tensor<?x4x1xi32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @gather_nd_c2(%x: tensor<?x3xf32>, %i: tensor<4x2xi32>) {
  // expected-error @+2 {{'cnn.gather_nd' cannot find places 'tensor<4x2xi32>' in 'tensor<?x3xf32>' with 0 dimensions in common}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.gather_nd %x, %i : (tensor<?x3xf32>, tensor<4x2xi32>) -> tensor<4xf32>
  return
}

// -----

func.func @scatter_elements_c1(%x: tensor<?x3xf32>, %i: tensor<?x2xi32>, %u: tensor<?x3xf32>) {
  // expected-error @+1 {{has updates of type 'tensor<?x3xf32>', and its indices name 'tensor<?x2xf32>'}}
  %0 = cnn.scatter_elements %x, %i, %u {axis = 1 : i64} : (tensor<?x3xf32>, tensor<?x2xi32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @scatter_nd_c1(%x: tensor<5x3xf32>, %i: tensor<2x1xi32>, %u: tensor<2x2xf32>) {
  // expected-error @+1 {{has updates of type 'tensor<2x2xf32>', and its indices name 'tensor<2x3xf32>'}}
  %0 = cnn.scatter_nd %x, %i, %u : (tensor<5x3xf32>, tensor<2x1xi32>, tensor<2x2xf32>) -> tensor<5x3xf32>
  return
}

// -----

func.func @scatter_reduction(%x: tensor<?x3xf32>, %i: tensor<?x2xi32>, %u: tensor<?x2xf32>) {
  // expected-error @+1 {{whose value is none, add, mul, max or min}}
  %0 = cnn.scatter_elements %x, %i, %u {axis = 1 : i64, reduction = "mean"} : (tensor<?x3xf32>, tensor<?x2xi32>, tensor<?x2xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @grid_sample_c1(%x: tensor<?x2x4x5xf32>, %g: tensor<?x3x3x3xf32>) {
  // expected-error @+2 {{'cnn.grid_sample' cannot read 'tensor<?x2x4x5xf32>' at the places of 'tensor<?x3x3x3xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = cnn.grid_sample %x, %g : (tensor<?x2x4x5xf32>, tensor<?x3x3x3xf32>) -> tensor<?x2x3x3xf32>
  return
}

// -----

func.func @grid_sample_mode(%x: tensor<?x2x4x5xf32>, %g: tensor<?x3x3x2xf32>) {
  // expected-error @+1 {{whose value is nearest, linear or cubic}}
  %0 = cnn.grid_sample %x, %g {mode = "best"} : (tensor<?x2x4x5xf32>, tensor<?x3x3x2xf32>) -> tensor<?x2x3x3xf32>
  return
}

// -----

func.func @grid_sample_input_grad_c1(%y: tensor<?x2x3x4xf32>, %g: tensor<?x3x3x2xf32>) {
  // expected-error @+1 {{has a gradient of type 'tensor<?x2x3x4xf32>', and what is sampled has type 'tensor<?x2x3x3xf32>'}}
  %0 = cnn.grid_sample_input_grad %y, %g : (tensor<?x2x3x4xf32>, tensor<?x3x3x2xf32>) -> tensor<?x2x4x5xf32>
  return
}

// -----

func.func @grid_sample_grid_grad_c1(%x: tensor<?x2x4x5xf32>, %y: tensor<?x2x3x4xf32>, %g: tensor<?x3x3x2xf32>) {
  // expected-error @+1 {{has a gradient of type 'tensor<?x2x3x4xf32>', and what is sampled has type 'tensor<?x2x3x3xf32>'}}
  %0 = cnn.grid_sample_grid_grad %x, %g, %y : (tensor<?x2x4x5xf32>, tensor<?x3x3x2xf32>, tensor<?x2x3x4xf32>) -> tensor<?x3x3x2xf32>
  return
}
