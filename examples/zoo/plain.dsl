## The plain networks that ResNet was compared with (He et al., 2015): the same
## layers without shortcuts.

block plain(x, depths: [int], classes: int) {
  h = x |> conv(64, 7, stride: 2, pad: 3, bias: false) @conv1 |> batchnorm @bn1 |> relu
        |> maxpool(3, stride: 2, pad: 1)
  for (width, i) in [64, 128, 256, 512] {
    for j in 0..2 * depths[i] {
      h = h |> conv(width, 3, stride: if i > 0 and j == 0 { 2 } else { 1 }, pad: 1, bias: false) @"layer{i + 1}.{j}.conv"
            |> batchnorm @"layer{i + 1}.{j}.bn" |> relu
    }
  }
  return h |> global_avgpool |> flatten |> dense(classes) @fc
}

model plain18(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> plain([2, 2, 2, 2], classes)
}

model plain34(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> plain([3, 4, 6, 3], classes)
}
