## LeNet-5 (LeCun et al., 1998) for handwritten digits.
model lenet5(
  ## A grey image, pixels 0…255.
  image: f32[N, 1, 28, 28],
  classes: int = 10
) -> logits: f32[N, classes] {
  h = image
      |> conv(6, 5, pad: 2)  @conv1 |> tanh |> avgpool(2)
      |> conv(16, 5)         @conv2 |> tanh |> avgpool(2)
      |> flatten
      |> dense(120) @fc1 |> tanh
      |> dense(84)  @fc2 |> tanh
  return h |> dense(classes) @fc3
}

train digits {
  model      = lenet5(classes: 10)
  data       = idx("data")
  resize     = 28
  augment    = [shift(2)]
  normalize  = standardize(mean: [0.1307], std: [0.3081])
  loss       = softmax_cross_entropy()
  optimizer  = adam(lr: 2e-3)
  schedule   = cosine(over: 30 epochs)
  validation = 10%
  batch      = 32
  stop       = 30 epochs
  metrics    = [accuracy()]
  checkpoint = every(1 epoch, keep: 3, best: "val.accuracy")
  seed       = 1
}
