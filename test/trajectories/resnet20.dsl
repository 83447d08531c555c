# ResNet-20 for 32×32 images (He et al., 2015, option A) as trained in trajectory_test.py.
block basic(x, width: int, stride: int = 1) {
  y = x |> conv(width, 3, stride: stride, pad: 1, bias: false) @conv1 |> batchnorm @bn1 |> relu
        |> conv(width, 3, pad: 1, bias: false)                 @conv2 |> batchnorm @bn2
  skip = if stride != 1 {
    x |> slice(start: [0, 0, 0], stop: [x.channels, x.height, x.width], step: [1, 2, 2])
      |> pad(low: [width / 4, 0, 0], high: [width / 4, 0, 0])
  } else { x }
  return relu(y + skip)
}

model resnet20(image: f32[N, 3, 32, 32]) -> f32[N, 10] {
  h = image |> conv(16, 3, pad: 1, bias: false) @conv1 |> batchnorm @bn1 |> relu
  for (width, i) in [16, 32, 64] {
    for j in 0..3 {
      h = h |> basic(width, stride: if i > 0 and j == 0 { 2 } else { 1 }) @"layer{i + 1}.{j}"
    }
  }
  return h |> global_avgpool |> flatten |> dense(10) @fc
}

train sgd {
  model     = resnet20(image: f32[N, 3, 32, 32])
  loss      = softmax_cross_entropy()
  optimizer = sgd(lr: 0.01, momentum: 0.9, weight_decay: 5e-4)
  batch     = 32
}

train adam {
  model     = resnet20(image: f32[N, 3, 32, 32])
  loss      = softmax_cross_entropy()
  optimizer = adam(lr: 1e-4)
  batch     = 32
}
