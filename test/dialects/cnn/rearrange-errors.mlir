// RUN: cnnc-opt %s --split-input-file --verify-diagnostics

func.func @depth_to_space_c1(%x: tensor<?x6x2x2xf32>) {
  // expected-error @below {{'cnn.depth_to_space' cannot make squares of 2 by 2 of 6 channels}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.depth_to_space %x {block_size = 2 : i64} : tensor<?x6x2x2xf32> -> tensor<?x1x4x4xf32>
  return
}

// -----

func.func @space_to_depth_c1(%x: tensor<?x6x4x3xf32>) {
  // expected-error @below {{'cnn.space_to_depth' cannot cut 4 by 3 places into squares of 2 by 2}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.space_to_depth %x {block_size = 2 : i64} : tensor<?x6x4x3xf32> -> tensor<?x24x2x1xf32>
  return
}

// -----

func.func @channel_shuffle_c1(%x: tensor<?x6x4x3xf32>) {
  // expected-error @below {{'cnn.channel_shuffle' op cannot split 6 channels into 4 groups}}
  %0 = cnn.channel_shuffle %x {groups = 4 : i64} : tensor<?x6x4x3xf32>
  return
}

// -----

func.func @maxout_c1(%x: tensor<?x6xf32>) {
  // expected-error @below {{'cnn.maxout' cannot split 6 channels into 0 pieces each}}
  // expected-error @below {{failed to infer returned types}}
  %0 = cnn.maxout %x {pieces = 0 : i64} : tensor<?x6xf32> -> tensor<?x6xf32>
  return
}

// -----

func.func @maxout_grad_c1_pieces(%x: tensor<?x6xf32>) {
  // expected-error @below {{'cnn.maxout_grad' cannot split 6 channels into 4 pieces each}}
  %0 = cnn.maxout_grad %x, %x {pieces = 4 : i64} : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  return
}

// -----

func.func @maxout_grad_c1_shape(%x: tensor<?x6xf32>) {
  // expected-error @below {{'cnn.maxout_grad' op has a gradient of 'tensor<?x6xf32>', but its layer gives 'tensor<?x3xf32>'}}
  %0 = cnn.maxout_grad %x, %x {pieces = 2 : i64} : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  return
}
