## MobileNet-V2 (Sandler et al., 2018). Parameters are named as in torchvision.

block unit(x, out: int, kernel: int, stride: int = 1, groups: int = 1) {
  return x |> conv(out, kernel, stride: stride, pad: kernel / 2, groups: groups, bias: false) @"0" |> batchnorm @"1" |> clip(0, 6)
}

block inverted(x, out: int, expand: int, stride: int) {
  wide = if expand > 1 { x |> unit(expand * x.channels, 1) @"conv.0" } else { x }
  at = if expand > 1 { 1 } else { 0 }
  y = wide |> unit(wide.channels, 3, stride: stride, groups: wide.channels) @"conv.{at}"
           |> conv(out, 1, bias: false) @"conv.{at + 1}" |> batchnorm @"conv.{at + 2}"
  return if stride == 1 and x.channels == out { x + y } else { y }
}

model mobilenet_v2(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.2) -> logits: f32[N, classes] {
  h = image |> unit(32, 3, stride: 2) @"features.0"
  at = 1
  # How much wider inside, channels, layers, stride of the first.
  for row in [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]] {
    for j in 0..row[2] {
      h = h |> inverted(row[1], row[0], if j == 0 { row[3] } else { 1 }) @"features.{at}"
      at = at + 1
    }
  }
  return h |> unit(1280, 1) @"features.18" |> global_avgpool |> flatten |> dropout(drop) |> dense(classes) @"classifier.1"
}
