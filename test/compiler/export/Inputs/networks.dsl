# Networks that together have every op of the dialect that inference has, but those of others.mlir.

model windows(image: f32[N, 3, 20, 18]) -> (logits: f32[N, 6], places: f32[N, 4, 1, 1]) {
  h = image |> standardize(mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.4])
            |> conv(8, 3, stride: [2, 1], pad: [1, 0, 0, 1], dilation: [1, 2], bias: false) @conv1 |> batchnorm(epsilon: 0.001) @bn1 |> relu
            |> maxpool(3, stride: 2, pad: 1, ceil_mode: true) |> lrn(3, alpha: 0.01, bias: 2) |> conv(8, 3, pad: 1, groups: 4) @conv2
            |> prelu @prelu |> avgpool(2, stride: 2, pad: 1, count_include_pad: false) |> dropout(0.25)
  up = h |> conv_transpose(4, 3, stride: 2, output_padding: 1, groups: 2) @up |> avgpool(3, stride: 2, pad: 1, ceil_mode: true)
  joined = concat(up |> conv_transpose(6, 2, bias: false) @up2 |> bias @bias, up |> conv_transpose(2, 2) @up3 |> channel_shuffle(2))
  return joined |> global_maxpool |> flatten |> dense(8) @fc1 |> batchnorm @bn2 |> lrn(3, alpha: 0.1) |> groupnorm(2) @gn
                |> dropconnect(6, ratio: 0.3) @fc2 |> softmax, joined |> conv(4, 1) @conv3 |> global_avgpool
}

model moves(image: f32[N, 4, 6, 8]) -> (a: f32[N, 8, 2, 3], b: f32[N, 2, 3, 4], c: f32[N, 4, 8, 8]) {
  squares = image |> space_to_depth(2) |> groupnorm(4) @gn |> depth_to_space(2, channels_first: true) |> space_to_depth(2, channels_first: true)
  cut = squares |> slice(start: [1, 0, 1], stop: [15, 3, 4], step: [2, 2, 1]) |> pad(low: [1, 0, 0], value: 0.5) |> instancenorm @norm
  a = cut |> pad(low: [0, 1, 0], high: [0, 1, 1], mode: reflect) |> slice(stop: [8, 2, 3])
  b = image |> resize([3, 4]) |> maxout(2)
  c = image |> upsample([1, 2], mode: bilinear) |> resize([8, 8], mode: bicubic, antialias: true)
            |> resize([4, 6], mode: bilinear, align_corners: true) |> pad(low: [0, 2, 1], high: [0, 2, 1], mode: wrap)
  return a, b, c
}

model functions(x: f32[N, 5, 4]) -> y: f32[N, 5, 4] {
  small = 0.9 * tanh(x)
  large = 1.5 + abs(x)
  a = sin(x) + cos(x) - tan(small) * asin(small) + acos(small) / (2 + atan(x))
  b = sinh(small) + cosh(small) - asinh(x) * acosh(large) + atanh(small)
  c = exp(small) + log(large) - sqrt(large) * rsqrt(large) / reciprocal(large) + erf(x)
  d = floor(3 * x) + ceil(2 * x) - round(4 * x) * sign(x) + power(large, exponent: 1.5) - pow(large, small) + mod(5 * x, large)
  return a + b + c + d + min(x, small) - max(x, large)
}

model activations(x: f32[N, 12]) -> y: f32[N, 12] {
  a = sigmoid(x) + leaky_relu(x, slope: 0.2) + elu(x, alpha: 0.5) - selu(x) + celu(x, alpha: 2) + softplus(x) - softsign(x) + mish(x)
  b = hard_sigmoid(x) + hard_swish(x) + swish(x) - swish(x, beta: 0.5) + gelu(x) * gelu(x, approximate: tanh) + thresholded_relu(x, alpha: 0.3)
  c = clip(x, min: -0.5, max: 0.75) + clip(x, max: 0.2) - clip(x, min: 0.1) - affine(x, scale: -1) + affine(x, scale: 1, offset: 2)
  return a + b - c
}

model truths(x: f32[N, 12]) -> y: f32[N, 12] {
  big = affine(x, scale: 3, offset: 1)
  return where(less(x, big), step(x), equal(round(x), round(big))) + logical_not(step(x))
}

block attention(x) {
  q = x |> dense(16) @query |> reshape([5, 2, 8]) |> transpose([2, 1, 3])
  k = x |> dense(16) @key |> reshape([5, 2, 8]) |> transpose([2, 3, 1])
  v = x |> dense(16) @value |> reshape([5, 2, 8]) |> transpose([2, 1, 3])
  return matmul(row_softmax(matmul(q, k)), v) |> transpose([2, 1, 3]) |> reshape([5, 16]) |> dense(12) @out
}

model rows(image: f32[N, 12, 2, 2]) -> (y: f32[N, 5, 12], z: f32[N, 1, 1]) {
  tokens = image |> reshape([12, 4]) |> transpose([2, 1])
  class = image |> parameter([1, 1, 12]) @class
  h = concat(class, tokens)
  y = h + attention(h |> layernorm @norm) @attention
  spread = reduce_max(y, [2]) - reduce_min(y, [2])
  return y * (spread |> broadcast([5, 12])), y |> reduce_sum([1]) |> reduce_mean([2])
}
