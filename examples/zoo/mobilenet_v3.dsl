## MobileNet-V3 (Howard et al., 2019). Parameters are named as in torchvision.

block unit(x, out: int, kernel: int = 1, stride: int = 1, groups: int = 1) {
  return x |> conv(out, kernel, stride: stride, pad: kernel / 2, groups: groups, bias: false) @"0"
           |> batchnorm(epsilon: 0.001, momentum: 0.01) @"1"
}

block activation(x, swish: bool) {
  return if swish { x |> hard_swish } else { x |> relu }
}

## Each channel times a number that all channels decide.
block excite(x, width: int) {
  scale = x |> global_avgpool |> conv(width, 1) @fc1 |> relu |> conv(x.channels, 1) @fc2 |> hard_sigmoid
  return x * broadcast(scale, [x.channels, x.height, x.width])
}

## `row`: kernel, channels inside, channels out, channels of the excitation or 0, whether hard swish, stride.
block inverted(x, row: [int]) {
  inside = row[1]
  swish = row[4] == 1
  a = if inside > x.channels { 1 } else { 0 }
  wide = if a == 1 { x |> unit(inside) @"block.0" |> activation(swish) } else { x }
  deep = wide |> unit(inside, row[0], stride: row[5], groups: inside) @"block.{a}" |> activation(swish)
  s = if row[3] > 0 { 1 } else { 0 }
  chosen = if s == 1 { deep |> excite(row[3]) @"block.{a + 1}" } else { deep }
  y = chosen |> unit(row[2]) @"block.{a + s + 1}"
  return if row[5] == 1 and row[2] == x.channels { x + y } else { y }
}

block head(x, wide: int, classes: int, drop: float) {
  return x |> global_avgpool |> flatten |> dense(wide) @"classifier.0" |> hard_swish |> dropout(drop) |> dense(classes) @"classifier.3"
}

model mobilenet_v3_large(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.2) -> logits: f32[N, classes] {
  h = image |> unit(16, 3, stride: 2) @"features.0" |> hard_swish
  for (row, i) in [
    [3, 16, 16, 0, 0, 1], [3, 64, 24, 0, 0, 2], [3, 72, 24, 0, 0, 1],
    [5, 72, 40, 24, 0, 2], [5, 120, 40, 32, 0, 1], [5, 120, 40, 32, 0, 1],
    [3, 240, 80, 0, 1, 2], [3, 200, 80, 0, 1, 1], [3, 184, 80, 0, 1, 1], [3, 184, 80, 0, 1, 1],
    [3, 480, 112, 120, 1, 1], [3, 672, 112, 168, 1, 1],
    [5, 672, 160, 168, 1, 2], [5, 960, 160, 240, 1, 1], [5, 960, 160, 240, 1, 1]
  ] {
    h = h |> inverted(row) @"features.{i + 1}"
  }
  return h |> unit(960) @"features.16" |> hard_swish |> head(1280, classes, drop)
}

model mobilenet_v3_small(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.2) -> logits: f32[N, classes] {
  h = image |> unit(16, 3, stride: 2) @"features.0" |> hard_swish
  for (row, i) in [
    [3, 16, 16, 8, 0, 2], [3, 72, 24, 0, 0, 2], [3, 88, 24, 0, 0, 1],
    [5, 96, 40, 24, 1, 2], [5, 240, 40, 64, 1, 1], [5, 240, 40, 64, 1, 1],
    [5, 120, 48, 32, 1, 1], [5, 144, 48, 40, 1, 1],
    [5, 288, 96, 72, 1, 2], [5, 576, 96, 144, 1, 1], [5, 576, 96, 144, 1, 1]
  ] {
    h = h |> inverted(row) @"features.{i + 1}"
  }
  return h |> unit(576) @"features.12" |> hard_swish |> head(1024, classes, drop)
}
