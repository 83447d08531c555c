# Networks at the edges of what is allowed, small enough to be compared with the interpreter in a moment.

model one_pixel(x: f32[N, 3, 1, 1]) -> f32[N, 5] {
  return x |> conv(7, 1) @conv |> batchnorm @bn |> relu |> flatten |> dense(5) @fc
}
train pixel { model = one_pixel()
  loss = softmax_cross_entropy()
  optimizer = sgd(lr: 0.1, momentum: 0.9) }

model one_channel(x: f32[N, 1, 5, 7]) -> f32[N, 1, 5, 3] {
  return x |> conv(1, 3, pad: 1) @a |> tanh |> conv(1, [1, 5]) @b
}
train channel { model = one_channel()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.1) }

# One more than a block of channels, and one more than two.
model seventeen(x: f32[N, 17, 6, 6]) -> f32[N, 33, 2, 2] {
  return x |> conv(17, 3, pad: 1, bias: false) @a |> batchnorm @bn |> relu |> maxpool(2) |> conv(33, 2) @b
}
train channels17 { model = seventeen()
  loss = mean_squared_error()
  optimizer = adam(lr: 0.01) }

model low(x: f32[N, 2, 1, 40]) -> f32[N, 4] {
  return x |> conv(4, [1, 3], stride: [1, 2]) @a |> leaky_relu |> avgpool([1, 2]) |> global_avgpool |> flatten
}
train row { model = low()
  loss = softmax_cross_entropy(label_smoothing: 0.1)
  optimizer = sgd(lr: 0.1) }

model stepping(x: f32[N, 4, 11, 11]) -> f32[N, 6, 1, 1] {
  return x |> conv(6, 2, stride: 3) @a |> relu |> maxpool(1, stride: 2) |> conv(6, 1, stride: 3) @b
}
train long_stride { model = stepping()
  loss = mean_squared_error()
  optimizer = rmsprop(lr: 0.01) }

# Groups that fill no block: 2 channels into 3, then one into one.
model grouped(x: f32[N, 6, 5, 5]) -> f32[N, 9, 3, 3] {
  return x |> conv(9, 3, pad: 1, groups: 3) @a |> sigmoid |> conv(9, 3, groups: 9) @b
}
train groups { model = grouped()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.1) }

model heads(x: f32[N, 3, 8, 8]) -> (main: f32[N, 10], aux: f32[N, 2, 4, 4]) {
  h = x |> conv(8, 3, stride: 2, pad: 1) @stem |> relu
  return h |> global_maxpool |> flatten |> dense(10) @fc, h |> conv(2, 1) @aux
}
train two_outputs { model = heads()
  loss = [softmax_cross_entropy(), mean_squared_error(weight: 0.3)]
  optimizer = sgd(lr: 0.1) }

# Branches of 3, 5, 17 and 24 channels, joined level by level.
block branch(x, out: int) {
  return x |> conv(out, 3, pad: 1) @conv |> relu
}
model joined(x: f32[N, 2, 6, 6]) -> f32[N, 4] {
  a = x |> branch(3) @a
  b = concat(a, x |> branch(5) @b)
  c = concat(b, b |> branch(17) @c, x)
  d = concat(c |> branch(24) @d, c, a)
  return d |> maxpool(3, stride: 2, pad: 1) |> conv(4, 3) @last |> flatten
}
train deep_concat { model = joined()
  loss = softmax_cross_entropy()
  optimizer = sgd(lr: 0.05) }

# Padding on one side, dilation, and channels that are cut and moved.
model crooked(x: f32[N, 5, 9, 6]) -> f32[N, 19, 4, 4] {
  h = x |> conv(18, 3, pad: [2, 0, 1, 3], dilation: [2, 1], stride: 2) @a |> relu
  return h |> slice(start: [1, 0, 0], step: [2, 1, 1]) |> pad(low: [3, 0, 0], high: [7, 0, 0], value: 0.5)
}
train asymmetric { model = crooked()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.1) }

model line(x: f32[N, 1]) -> f32[N, 1] { return x |> dense(1) @fc }
train dense_only { model = line()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.1) }

model vectors(x: f32[N, 33]) -> f32[N, 17] { return x |> dense(31, bias: false) @a |> batchnorm @bn |> tanh |> dense(17) @b }
train dense_layers { model = vectors()
  loss = binary_cross_entropy(from_logits: true)
  optimizer = adagrad(lr: 0.1) }

model plain(x: f32[N, 3, 7, 5]) -> f32[N, 9] {
  return x |> relu |> maxpool(3, stride: 2) |> softmax |> slice(stop: [3, 3, 1]) |> flatten
}

# Something per channel behind rows that become images.
model turned(x: f32[N, 9, 5]) -> f32[N, 5, 3, 3] {
  return x |> transpose([2, 1]) |> reshape([5, 3, 3]) |> batchnorm @bn |> relu |> conv(5, 1) @conv
}
train rows { model = turned()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.1) }

model volumes(x: f32[N, 3, 4, 6, 5]) -> f32[N, 7] {
  h = x |> conv(6, [2, 3, 3], stride: [1, 2, 1], pad: 1) @a |> batchnorm @bn |> prelu @p |> maxpool(2, stride: 1)
  return h |> conv_transpose(5, 2, stride: 2) @up |> instancenorm @norm |> avgpool([2, 2, 3]) |> conv(4, [1, 2, 2]) @b |> flatten |> dense(7) @fc
}
train three_dimensions { model = volumes()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.1) }

model signal(x: f32[N, 2, 29]) -> f32[N, 4] {
  return x |> conv(17, 5, stride: 2) @a |> batchnorm @bn |> relu |> maxpool(2) |> conv(4, 3, groups: 1) @b |> lppool(2) |> global_avgpool |> flatten
}
train one_dimension { model = signal()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.1) }

# Back to the places of the largest, as in SegNet.
model unpooled(x: f32[N, 3, 7, 6]) -> f32[N, 2, 7, 6] {
  h = x |> conv(5, 3, pad: 1) @a
  return h |> maxpool(3, stride: 2, pad: 1) |> tanh |> maxunpool(h, 3, stride: 2, pad: 1) |> conv(2, 3, pad: 1) @b
}
train segments { model = unpooled()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.1) }

# More launches than a function of a program holds.
model deep(x: f32[N, 4]) -> f32[N, 3] {
  h = x
  for i in 0..300 {
    h = h + 0.02 * (h |> dense(4) @"layer{i}" |> tanh)
  }
  return h |> dense(3) @fc
}
train many_launches { model = deep()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.01) }
