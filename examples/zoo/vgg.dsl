## VGG (Simonyan and Zisserman, 2014): five stages of 3×3 convolutions.
## Parameters are named as in torchvision.

block vgg(x, depths: [int], classes: int, drop: float) {
  h = x
  at = 0
  for (width, i) in [64, 128, 256, 512, 512] {
    for _ in 0..depths[i] {
      h = h |> conv(width, 3, pad: 1) @"features.{at}" |> relu
      at = at + 2
    }
    h = h |> maxpool(2)
    at = at + 1
  }
  return h |> flatten
      |> dense(4096)    @"classifier.0" |> relu |> dropout(drop)
      |> dense(4096)    @"classifier.3" |> relu |> dropout(drop)
      |> dense(classes) @"classifier.6"
}

model vgg11(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.5) -> logits: f32[N, classes] {
  return image |> vgg([1, 1, 2, 2, 2], classes, drop)
}

model vgg13(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.5) -> logits: f32[N, classes] {
  return image |> vgg([2, 2, 2, 2, 2], classes, drop)
}

model vgg16(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.5) -> logits: f32[N, classes] {
  return image |> vgg([2, 2, 3, 3, 3], classes, drop)
}

model vgg19(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.5) -> logits: f32[N, classes] {
  return image |> vgg([2, 2, 4, 4, 4], classes, drop)
}
