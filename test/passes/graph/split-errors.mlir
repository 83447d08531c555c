// RUN: cnnc-opt %s --split-input-file --verify-diagnostics --cnnc-split

// expected-error @below {{needs a function @forward of one block to split}}
module {
}

// -----

func.func @forward(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  return %x : tensor<?x2xf32>
}
// expected-error @below {{'func.func' op takes 'tensor<?x3xf32>' first, but @forward returns 'tensor<?x2xf32>'}}
func.func @loss(%y: tensor<?x3xf32>, %t: tensor<?x3xf32>) -> tensor<f32> {
  %0 = cnn.mean_squared_error %y, %t : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

func.func @forward(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  return %x : tensor<?x2xf32>
}
// expected-error @below {{'func.func' op needs one scalar result, got 'tensor<?x2xf32>'}}
func.func @loss(%y: tensor<?x2xf32>) -> tensor<?x2xf32> {
  return %y : tensor<?x2xf32>
}
