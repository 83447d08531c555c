## ShuffleNet-V2 (Ma et al., 2018). Parameters are named as in torchvision.

## The first channels of both halves, then the second of both, …
block shuffle(x) {
  return x |> reshape([2, x.channels / 2, x.height, x.width]) |> transpose([2, 1, 3, 4])
           |> reshape([x.channels, x.height, x.width])
}

## Layers `at` and `at + 1` of a list: a convolution for each channel.
block depthwise(x, at: int, stride: int) {
  return x |> conv(x.channels, 3, stride: stride, pad: 1, groups: x.channels, bias: false) @"{at}" |> batchnorm @"{at + 1}"
}

block pointwise(x, at: int, out: int) {
  return x |> conv(out, 1, bias: false) @"{at}" |> batchnorm @"{at + 1}" |> relu
}

block right(x, out: int, stride: int) {
  return x |> pointwise(0, out) |> depthwise(3, stride) |> pointwise(5, out)
}

## Half of the channels pass by.
block unit(x) {
  half = x.channels / 2
  pass = x |> slice(start: [0, 0, 0], stop: [half, x.height, x.width])
  rest = x |> slice(start: [half, 0, 0], stop: [2 * half, x.height, x.width])
  return concat(pass, rest |> right(half, 1) @branch2) |> shuffle
}

block down(x, out: int) {
  return concat(
    x |> depthwise(0, 2) @branch1 |> pointwise(2, out / 2) @branch1,
    x |> right(out / 2, 2) @branch2
  ) |> shuffle
}

block shufflenet(x, widths: [int], classes: int) {
  h = x |> conv(24, 3, stride: 2, pad: 1, bias: false) @"conv1.0" |> batchnorm @"conv1.1" |> relu
        |> maxpool(3, stride: 2, pad: 1)
  for (depth, i) in [4, 8, 4] {
    h = h |> down(widths[i]) @"stage{i + 2}.0"
    for j in 1..depth {
      h = h |> unit @"stage{i + 2}.{j}"
    }
  }
  return h |> pointwise(0, widths[3]) @conv5 |> global_avgpool |> flatten |> dense(classes) @fc
}

model shufflenet_v2_x0_5(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> shufflenet([48, 96, 192, 1024], classes)
}

model shufflenet_v2_x1_0(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> shufflenet([116, 232, 464, 1024], classes)
}
