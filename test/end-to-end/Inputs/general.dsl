# Tensors of other ranks between convolutions: a channel shuffle and products of matrices.
model net(image: f32[N, 1, 8, 8]) -> f32[N, 10] {
  a = image |> conv(6, 3, pad: 1) @c1 |> tanh |> reshape([2, 3, 8, 8]) |> transpose([2, 1, 3, 4]) |> reshape([6, 8, 8])
  b = a |> conv(8, 3, pad: 1) @c2 |> tanh |> reshape([8, 64]) |> transpose([2, 1])
  c = matmul(b |> layernorm @norm, b |> transpose([2, 1])) |> row_softmax
  d = matmul(c, b)
  e = (d |> reduce_mean(1) |> broadcast([64, 8])) + (d |> reduce_max(2) |> broadcast([64, 8]))
  f = (d + e) |> transpose([2, 1]) |> reshape([8, 8, 8])
  return f |> conv(4, 3) @c3 |> relu |> flatten |> dense(10) @fc
}
train sgd {
  model     = net(image: f32[N, 1, 8, 8])
  loss      = softmax_cross_entropy()
  optimizer = sgd(lr: 0.01, momentum: 0.9)
  batch     = 32
}
