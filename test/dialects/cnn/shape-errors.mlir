// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @reshape_c1(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.reshape' op turns 4 elements per example into 5}}
  %0 = cnn.reshape %x : tensor<?x4xf32> -> tensor<?x5xf32>
  return
}

// -----

func.func @reshape_c2(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.reshape' op turns 'tensor<?x4xf32>' into 'tensor<2x4xf32>', which is another batch}}
  %0 = cnn.reshape %x : tensor<?x4xf32> -> tensor<2x4xf32>
  return
}

// -----

module attributes {cnn.batch = 3} {
  func.func @reshape_c2_another(%x: tensor<?x4xf32>) {
    %0 = cnn.reshape %x : tensor<?x4xf32> -> tensor<6x2xf32>
    // expected-error @below {{'cnn.reshape' op turns 'tensor<?x4xf32>' into 'tensor<2x4xf32>', which is another batch}}
    %1 = cnn.reshape %x : tensor<?x4xf32> -> tensor<2x4xf32>
    return
  }
}

// -----

func.func @concat_c1_none() {
  // expected-error @below {{'cnn.concat' needs at least one operand}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.concat : () -> tensor<?x4xf32>
  return
}

// -----

func.func @concat_c1(%x: tensor<?x4x8x8xf32>, %y: tensor<?x4x8x7xf32>) {
  // expected-error @below {{'cnn.concat' needs equal shapes but for the channels, got 'tensor<?x4x8x8xf32>' and 'tensor<?x4x8x7xf32>'}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.concat %x, %y : (tensor<?x4x8x8xf32>, tensor<?x4x8x7xf32>) -> tensor<?x8x8x8xf32>
  return
}

// -----

func.func @pad_c1(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.pad' needs 1 sizes that are not negative}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.pad %x {low = array<i64: -1>, high = array<i64: 0>, interior = array<i64: 0>} : tensor<?x4xf32> -> tensor<?x3xf32>
  return
}

// -----

func.func @slice_c1(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.slice' needs 1 starts, stops and steps}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.slice %x {start = array<i64: 0, 0>, stop = array<i64: 4>, step = array<i64: 1>} : tensor<?x4xf32> -> tensor<?x4xf32>
  return
}

// -----

func.func @slice_c2(%x: tensor<?x4xf32>) {
  // expected-error @below {{'cnn.slice' from 2 to 5 by 1 does not fit in 4 elements}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.slice %x {start = array<i64: 2>, stop = array<i64: 5>, step = array<i64: 1>} : tensor<?x4xf32> -> tensor<?x3xf32>
  return
}
