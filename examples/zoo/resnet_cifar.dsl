## ResNet for CIFAR-10 (He et al., 2015) of 6 · depth + 2 layers, with the paper's
## shortcut without parameters: every second pixel, and zeros for new channels.

block shortcut(x, out: int) {
  new = out - x.channels
  return x |> slice(step: [1, 2, 2]) |> pad(low: [new / 2, 0, 0], high: [new / 2, 0, 0])
}

block basic(x, out: int, stride: int) {
  y = x |> conv(out, 3, stride: stride, pad: 1, bias: false) @conv1 |> batchnorm @bn1 |> relu
        |> conv(out, 3, pad: 1, bias: false)                 @conv2 |> batchnorm @bn2
  return relu(y + if stride > 1 { x |> shortcut(out) } else { x })
}

block resnet(x, depth: int, classes: int) {
  h = x |> conv(16, 3, pad: 1, bias: false) @conv1 |> batchnorm @bn1 |> relu
  for (width, i) in [16, 32, 64] {
    for j in 0..depth {
      h = h |> basic(width, if i > 0 and j == 0 { 2 } else { 1 }) @"layer{i + 1}.{j}"
    }
  }
  return h |> global_avgpool |> flatten |> dense(classes) @fc
}

model resnet20(image: f32[N, 3, 32, 32], classes: int = 10) -> logits: f32[N, classes] {
  return image |> resnet(3, classes)
}

model resnet32(image: f32[N, 3, 32, 32], classes: int = 10) -> logits: f32[N, classes] {
  return image |> resnet(5, classes)
}

model resnet44(image: f32[N, 3, 32, 32], classes: int = 10) -> logits: f32[N, classes] {
  return image |> resnet(7, classes)
}

model resnet56(image: f32[N, 3, 32, 32], classes: int = 10) -> logits: f32[N, classes] {
  return image |> resnet(9, classes)
}

model resnet110(image: f32[N, 3, 32, 32], classes: int = 10) -> logits: f32[N, classes] {
  return image |> resnet(18, classes)
}
