## EfficientNet-B0 (Tan and Le, 2019), trained without dropping whole layers.
## Parameters are named as in torchvision.

block unit(x, out: int, kernel: int = 1, stride: int = 1, groups: int = 1) {
  return x |> conv(out, kernel, stride: stride, pad: kernel / 2, groups: groups, bias: false) @"0" |> batchnorm @"1"
}

## Each channel times a number that all channels decide.
block excite(x, width: int) {
  scale = x |> global_avgpool |> conv(width, 1) @fc1 |> swish |> conv(x.channels, 1) @fc2 |> sigmoid
  return x * broadcast(scale, [x.channels, x.height, x.width])
}

block inverted(x, out: int, kernel: int, expand: int, stride: int) {
  a = if expand > 1 { 1 } else { 0 }
  wide = if expand > 1 { x |> unit(expand * x.channels) @"block.0" |> swish } else { x }
  y = wide |> unit(wide.channels, kernel, stride: stride, groups: wide.channels) @"block.{a}" |> swish
           |> excite(x.channels / 4) @"block.{a + 1}" |> unit(out) @"block.{a + 2}"
  return if stride == 1 and out == x.channels { x + y } else { y }
}

model efficientnet_b0(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.2) -> logits: f32[N, classes] {
  h = image |> unit(32, 3, stride: 2) @"features.0" |> swish
  # How much wider inside, kernel, stride of the first, channels, layers.
  for (row, i) in [[1, 3, 1, 16, 1], [6, 3, 2, 24, 2], [6, 5, 2, 40, 2], [6, 3, 2, 80, 3], [6, 5, 1, 112, 3], [6, 5, 2, 192, 4], [6, 3, 1, 320, 1]] {
    for j in 0..row[4] {
      h = h |> inverted(row[3], row[1], row[0], if j == 0 { row[2] } else { 1 }) @"features.{i + 1}.{j}"
    }
  }
  return h |> unit(1280) @"features.8" |> swish |> global_avgpool |> flatten |> dropout(drop) |> dense(classes) @"classifier.1"
}
