## SqueezeNet (Iandola et al., 2016). Parameters are named as in torchvision.

block fire(x, squeeze: int, expand: int) {
  s = x |> conv(squeeze, 1) @squeeze |> relu
  return concat(s |> conv(expand, 1) @expand1x1, s |> conv(expand, 3, pad: 1) @expand3x3) |> relu
}

## Windows of 3 every 2 elements, the last one possibly over the edge.
block pool(x) {
  return x |> maxpool(3, stride: 2, pad: [0, 0, (x.height + 1) % 2, (x.width + 1) % 2])
}

## `pools`: what stands before the numbered layers that pool; the others are fire modules.
block squeezenet(x, pools: [int], classes: int, drop: float) {
  h = x |> relu |> pool
  at = 3
  for width in [16, 16, 32, 32, 48, 48, 64, 64] {
    h = h |> fire(width, 4 * width) @"features.{at}"
    at = at + 1
    for place in pools {
      h = if place == at { h |> pool } else { h }
      at = if place == at { at + 1 } else { at }
    }
  }
  return h |> dropout(drop) |> conv(classes, 1) @"classifier.1" |> relu |> global_avgpool |> flatten
}

model squeezenet1_0(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.5) -> logits: f32[N, classes] {
  return image |> conv(96, 7, stride: 2) @"features.0" |> squeezenet([6, 11], classes, drop)
}

model squeezenet1_1(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.5) -> logits: f32[N, classes] {
  return image |> conv(64, 3, stride: 2) @"features.0" |> squeezenet([5, 8], classes, drop)
}
