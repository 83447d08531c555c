## A small convnet with dropout that tells two kinds of picture apart: one
## logit per image, positive for the second kind.
model twoclass(
  ## A colour image, pixels 0…255.
  image: f32[N, 3, 32, 32]
) -> logit: f32[N, 1] {
  h = image
  for (width, i) in [16, 32, 64] {
    h = h |> conv(width, 3, pad: 1) @"conv{i + 1}" |> relu |> maxpool(2)
  }
  return h |> flatten |> dropout(0.5) |> dense(64) @fc1 |> relu |> dense(1) @fc2
}

train twoclass {
  model     = twoclass()
  data      = npy(x: "x.npy", y: "y.npy")
  augment   = [hflip(50%)]
  normalize = standardize(mean: [0.5], std: [0.25])
  init      = he_normal()
  loss      = binary_cross_entropy(from_logits: true)
  optimizer = rmsprop(lr: 1e-3)
  metrics   = [loss()]
  batch     = 16
  stop      = 20 epochs
}
