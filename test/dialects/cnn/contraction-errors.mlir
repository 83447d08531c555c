// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @conv_c1(%x: tensor<?x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'cnn.conv' needs two positive strides and dilations and four pads that are not negative}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.conv %x, %w {stride = array<i64: 0, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<?x4x6x6xf32>
  return
}

// -----

func.func @conv_c2(%x: tensor<?x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'cnn.conv' has 2 groups, which do not divide 3 input channels and 4 output channels}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.conv %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<?x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<?x4x6x6xf32>
  return
}

// -----

func.func @conv_c3(%x: tensor<?x3x8x8xf32>, %w: tensor<4x2x3x3xf32>) {
  // expected-error @below {{'cnn.conv' kernel expects 2 input channels, but the input has 3}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.conv %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x8x8xf32>, tensor<4x2x3x3xf32>) -> tensor<?x4x6x6xf32>
  return
}

// -----

func.func @conv_c4(%x: tensor<?x3x4x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'cnn.conv' kernel spans 7 elements, but the padded input has 5}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.conv %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 0>, dilation = array<i64: 3, 1>, groups = 1 : i64} : (tensor<?x3x4x8xf32>, tensor<4x3x3x3xf32>) -> tensor<?x4x6x6xf32>
  return
}

// -----

func.func @conv_input_grad_c1(%dy: tensor<?x4x6x6xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{has a gradient of 'tensor<?x4x6x6xf32>', but its layer gives 'tensor<?x4x7x7xf32>'}}
  %0 = cnn.conv_input_grad %dy, %w {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x6x6xf32>, tensor<4x3x3x3xf32>) -> tensor<?x3x9x9xf32>
  return
}

// -----

func.func @conv_kernel_grad_c1(%x: tensor<?x3x8x8xf32>, %dy: tensor<?x4x6x6xf32>) {
  // expected-error @below {{'cnn.conv_kernel_grad' kernel expects 2 input channels, but the input has 3}}
  %0 = cnn.conv_kernel_grad %x, %dy {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x8x8xf32>, tensor<?x4x6x6xf32>) -> tensor<4x2x3x3xf32>
  return
}

// -----

func.func @dense_c1(%x: tensor<?x3xf32>, %w: tensor<4x5xf32>) {
  // expected-error @below {{'cnn.dense' kernel expects 5 features, but the input has 3}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.dense %x, %w : (tensor<?x3xf32>, tensor<4x5xf32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @dense_input_grad_c1(%dy: tensor<?x4xf32>, %w: tensor<5x3xf32>) {
  // expected-error @below {{has a gradient of 'tensor<?x4xf32>', but its layer gives 'tensor<?x5xf32>'}}
  %0 = cnn.dense_input_grad %dy, %w : (tensor<?x4xf32>, tensor<5x3xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @dense_kernel_grad_c1(%x: tensor<?x3xf32>, %dy: tensor<?x4xf32>) {
  // expected-error @below {{kernel expects 2 features, but the input has 3}}
  %0 = cnn.dense_kernel_grad %x, %dy : (tensor<?x3xf32>, tensor<?x4xf32>) -> tensor<4x2xf32>
  return
}

// -----

func.func @conv_transpose_c1(%x: tensor<?x4x3x3xf32>, %w: tensor<4x2x3x3xf32>) {
  // expected-error @below {{'cnn.conv_transpose' op failed to infer returned types}}
  // expected-error @below {{'cnn.conv_transpose' needs two positive strides and dilations, four pads and two output paddings that are not negative}}
  %0 = cnn.conv_transpose %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, output_padding = array<i64: 0, -1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x3x3xf32>, tensor<4x2x3x3xf32>) -> tensor<?x2x5x5xf32>
  return
}

// -----

func.func @conv_transpose_c2_channels(%x: tensor<?x4x3x3xf32>, %w: tensor<5x2x3x3xf32>) {
  // expected-error @below {{'cnn.conv_transpose' op failed to infer returned types}}
  // expected-error @below {{'cnn.conv_transpose' kernel expects 5 input channels, but the input has 4}}
  %0 = cnn.conv_transpose %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, output_padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x3x3xf32>, tensor<5x2x3x3xf32>) -> tensor<?x2x5x5xf32>
  return
}

// -----

func.func @conv_transpose_c2_groups(%x: tensor<?x4x3x3xf32>, %w: tensor<4x2x3x3xf32>) {
  // expected-error @below {{'cnn.conv_transpose' op failed to infer returned types}}
  // expected-error @below {{'cnn.conv_transpose' has 3 groups, which do not divide 4 input channels}}
  %0 = cnn.conv_transpose %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, output_padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 3 : i64} : (tensor<?x4x3x3xf32>, tensor<4x2x3x3xf32>) -> tensor<?x6x5x5xf32>
  return
}

// -----

func.func @conv_transpose_c3(%x: tensor<?x4x3x3xf32>, %w: tensor<4x2x3x3xf32>) {
  // expected-error @below {{'cnn.conv_transpose' op failed to infer returned types}}
  // expected-error @below {{'cnn.conv_transpose' has an output padding of 2 with a stride of 2, which leaves zeros: use a pad for them}}
  %0 = cnn.conv_transpose %x, %w {stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, output_padding = array<i64: 2, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x3x3xf32>, tensor<4x2x3x3xf32>) -> tensor<?x2x9x7xf32>
  return
}

// -----

func.func @conv_transpose_c4(%x: tensor<?x4x1x1xf32>, %w: tensor<4x2x3x3xf32>) {
  // expected-error @below {{'cnn.conv_transpose' op failed to infer returned types}}
  // expected-error @below {{'cnn.conv_transpose' pads by 2 and 1, which leaves 0 elements}}
  %0 = cnn.conv_transpose %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 2, 0, 1, 0>, output_padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x1x1xf32>, tensor<4x2x3x3xf32>) -> tensor<?x2x1x3xf32>
  return
}
