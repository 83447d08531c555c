## ResNet-20 for CIFAR-10 (He et al., 2015), with the paper's shortcut without
## parameters: every second pixel, and zeros for the channels that are new.

block shortcut(x, out: int) {
  new = out - x.channels
  return x |> slice(step: [1, 2, 2]) |> pad(low: [new / 2, 0, 0], high: [new / 2, 0, 0])
}

block basic(x, out: int, stride: int = 1) {
  y = x |> conv(out, 3, stride: stride, pad: 1, bias: false) @conv1 |> batchnorm @bn1 |> relu
        |> conv(out, 3, pad: 1, bias: false)                 @conv2 |> batchnorm @bn2
  skip = if stride != 1 or x.channels != out { x |> shortcut(out) } else { x }
  return relu(y + skip)
}

model resnet20(
  ## A colour image, pixels 0…255.
  image: f32[N, 3, 32, 32],
  classes: int = 10
) -> logits: f32[N, classes] {
  h = image |> conv(16, 3, pad: 1, bias: false) @conv1 |> batchnorm @bn1 |> relu
  for (width, i) in [16, 32, 64] {
    for j in 0..3 {
      h = h |> basic(width, stride: if i > 0 and j == 0 { 2 } else { 1 }) @"layer{i + 1}.{j}"
    }
  }
  return h |> global_avgpool |> flatten |> dense(classes) @fc
}

train cifar {
  model      = resnet20(classes: 10)
  data       = cifar10("data/cifar-10-batches-bin")
  augment    = [pad(4), random_crop(32), hflip(50%)]
  normalize  = standardize(mean: [0.4914, 0.4822, 0.4465], std: [0.2470, 0.2435, 0.2616])
  init       = he_normal(mode: fan_out)
  loss       = softmax_cross_entropy()
  optimizer  = sgd(lr: 0.1, momentum: 0.9, weight_decay: 1e-4)
  schedule   = multistep(at: [80 epochs, 120 epochs], factor: 0.1)
  validation = 10%
  batch      = 128
  stop       = 160 epochs
  metrics    = [accuracy(), top_k(5)]
  checkpoint = every(1 epoch, keep: 3, best: "val.accuracy")
  seed       = 1234
}
