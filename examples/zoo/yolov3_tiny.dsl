## The backbone of YOLOv3-tiny (Redmon and Farhadi, 2018): features of every 16th
## and of every 32nd pixel.

block unit(x, out: int) {
  return x |> conv(out, 3, pad: 1, bias: false) @conv |> batchnorm @bn |> leaky_relu(0.1)
}

model yolov3_tiny(image: f32[N, 3, 416, 416]) -> (fine: f32[N, 256, 26, 26], coarse: f32[N, 1024, 13, 13]) {
  h = image |> unit(16) @"features.0"
  for (width, i) in [32, 64, 128, 256] {
    h = h |> maxpool(2) |> unit(width) @"features.{i + 1}"
  }
  coarse = h |> maxpool(2) |> unit(512) @"features.5" |> maxpool(2, stride: 1, pad: [0, 0, 1, 1]) |> unit(1024) @"features.6"
  return h, coarse
}
