## Six 3×3 convolutions, three pools, dropout: 28×28 digits.
block conv3x3(x, channels: int, pad: int = 1) {
  return x |> conv(channels, 3, pad: pad) @conv |> relu
}

model deepconvnet(
  ## A grey image, pixels 0…255.
  image: f32[N, 1, 28, 28]
) -> logits: f32[N, 10] {
  h = image
      |> conv3x3(16) @"0" |> conv3x3(16)         @"1" |> maxpool(2)
      |> conv3x3(32) @"2" |> conv3x3(32, pad: 2) @"3" |> maxpool(2)
      |> conv3x3(64) @"4" |> conv3x3(64)         @"5" |> maxpool(2)
      |> flatten
  return h |> dense(50) @fc1 |> relu |> dropout(0.5) |> dense(10) @fc2 |> dropout(0.5)
}

train deepconvnet {
  model      = deepconvnet()
  data       = idx("../digits/data")
  resize     = 28
  augment    = [shift(2)]
  normalize  = standardize(mean: [0.1307], std: [0.3081])
  init       = he_normal()
  loss       = softmax_cross_entropy()
  optimizer  = adam(lr: 1e-3)
  validation = 10%
  batch      = 32
  stop       = 40 epochs
  checkpoint = every(1 epoch, keep: 3, best: "val.accuracy")
}
