## YOLOv3-tiny (Redmon and Farhadi, 2018): a backbone that sees every 16th and
## every 32nd pixel, and heads with three boxes of 4 + 1 + classes numbers at each.

block unit(x, out: int, kernel: int = 3) {
  return x |> conv(out, kernel, pad: kernel / 2, bias: false) @conv |> batchnorm @bn |> leaky_relu(0.1)
}

block backbone(x) {
  h = x |> unit(16) @"features.0"
  for (width, i) in [32, 64, 128, 256] {
    h = h |> maxpool(2) |> unit(width) @"features.{i + 1}"
  }
  coarse = h |> maxpool(2) |> unit(512) @"features.5" |> maxpool(2, stride: 1, pad: [0, 0, 1, 1]) |> unit(1024) @"features.6"
  return h, coarse
}

model yolov3_tiny_backbone(image: f32[N, 3, 416, 416]) -> (fine: f32[N, 256, 26, 26], coarse: f32[N, 1024, 13, 13]) {
  fine, coarse = backbone(image)
  return fine, coarse
}

model yolov3_tiny(
  image: f32[N, 3, 416, 416],
  classes: int = 80
) -> (coarse: f32[N, 3 * (5 + classes), 13, 13], fine: f32[N, 3 * (5 + classes), 26, 26]) {
  boxes = 3 * (5 + classes)
  h, far = backbone(image)
  g = far |> unit(256, 1) @shared
  near = concat(g |> unit(128, 1) @lateral |> upsample(2), h)
  return g |> unit(512) @coarse |> conv(boxes, 1) @coarse_boxes, near |> unit(256) @fine |> conv(boxes, 1) @fine_boxes
}
