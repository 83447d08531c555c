## Two layers of sigmoids on digits: the classic multilayer perceptron.
model mlp(
  ## A grey image, pixels 0…255.
  image: f32[N, 1, 28, 28],
  hidden: int = 100
) -> logits: f32[N, 10] {
  return image |> flatten |> dense(hidden) @hidden |> sigmoid |> dense(10) @out
}

train mlp {
  model     = mlp(hidden: 100)
  data      = idx("../digits/data")
  resize    = 28
  normalize = standardize(mean: [0.1307], std: [0.3081])
  init      = xavier_uniform()
  loss      = softmax_cross_entropy()
  optimizer = sgd(lr: 0.1, momentum: 0.9)
  validation = 10%
  batch     = 32
  stop      = 10 epochs
}
