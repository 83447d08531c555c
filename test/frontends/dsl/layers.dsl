# RUN: cnnc %s --emit=cnn | FileCheck %s

model layers(image: f32[N, 4, 9, 7]) -> (f32[N, 12], f32[N, 4, 1, 1]) {
  # CHECK: cnn.conv {{.*}} {dilation = array<i64: 2, 1>, groups = 2 : i64, pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 1, 2>} : (tensor<?x4x9x7xf32>, tensor<6x2x3x2xf32>) -> tensor<?x6x7x3xf32>
  # CHECK: cnn.bias
  a = image |> conv(6, [3, 2], stride: [1, 2], pad: [1, 0], dilation: [2, 1], groups: 2) @conv
  # CHECK: cnn.conv {{.*}} pad = array<i64: 0, 1, 2, 3>{{.*}} -> tensor<?x6x9x7xf32>
  # CHECK-NOT: cnn.bias
  b = a |> conv(6, 1, pad: [0, 1, 2, 3], bias: false) @pointwise
  # CHECK: cnn.bias {{.*}} : (tensor<?x6x9x7xf32>, tensor<6xf32>)
  # CHECK: cnn.relu
  # CHECK: cnn.leaky_relu {{.*}} {slope = 2.000000e-01 : f64}
  # CHECK: cnn.sigmoid
  # CHECK: cnn.tanh
  # CHECK: cnn.step
  # CHECK: cnn.softmax
  c = b |> bias @extra |> relu |> leaky_relu(0.2) |> sigmoid |> tanh |> step |> softmax
  # CHECK: cnn.batchnorm {{.*}}, @norm.running_mean, @norm.running_var {epsilon = 1.000000e-03 : f64, momentum = 1.000000e-02 : f64}
  d = c |> batchnorm(epsilon: 1e-3, momentum: 0.01) @norm
  # CHECK: cnn.maxpool {{.*}} {kernel = array<i64: 3, 3>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 2, 2>} : tensor<?x6x9x7xf32> -> tensor<?x6x5x4xf32>
  # CHECK: cnn.avgpool {{.*}} {count_include_pad = false, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : tensor<?x6x5x4xf32> -> tensor<?x6x2x2xf32>
  e = d |> maxpool(3, stride: 2, pad: 1) |> avgpool(2, count_include_pad: false)
  # CHECK: cnn.mul
  # CHECK: cnn.add
  # CHECK: cnn.add
  # CHECK: cnn.mul
  f = add(mul(e, e) + e, e) * e
  # CHECK: cnn.concat {{.*}} -> tensor<?x12x2x2xf32>
  # CHECK: cnn.pad {{.*}} {high = array<i64: 0, 2, 0>, interior = array<i64: 0, 0, 0>, low = array<i64: 1, 0, 0>, value = 1.000000e+00 : f64} : tensor<?x12x2x2xf32> -> tensor<?x13x4x2xf32>
  # CHECK: cnn.slice {{.*}} {start = array<i64: 1, 0, 0>, step = array<i64: 1, 2, 1>, stop = array<i64: 13, 4, 2>} : tensor<?x13x4x2xf32> -> tensor<?x12x2x2xf32>
  g = concat(e, f) |> pad(low: [1, 0, 0], high: [0, 2, 0], value: 1) |> slice(start: [1, 0, 0], step: [1, 2, 1])
  # CHECK: cnn.dropout {{.*}} {id = 0 : i64, ratio = 2.500000e-01 : f64}
  # CHECK: cnn.dropout {{.*}} {id = 1 : i64, ratio = 5.000000e-01 : f64}
  # CHECK: cnn.reshape {{.*}} : tensor<?x12x2x2xf32> -> tensor<?x4x12xf32>
  # CHECK: cnn.reshape {{.*}} : tensor<?x4x12xf32> -> tensor<?x48xf32>
  # CHECK: cnn.dense {{.*}} : (tensor<?x48xf32>, tensor<12x48xf32>) -> tensor<?x12xf32>
  h = g |> dropout(0.25) |> dropout |> reshape([4, 12]) |> flatten |> dense(12, bias: false) @dense
  # CHECK: cnn.standardize {{.*}} {mean = array<f64: 5.000000e-01>, std = array<f64: 1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00>}
  # CHECK: cnn.global_avgpool
  # CHECK: cnn.global_maxpool
  p = image |> standardize(mean: 0.5, std: [1, 2, 3, 4])
  return h, (p |> global_avgpool) + (p |> global_maxpool)
}
