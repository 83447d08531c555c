## AlexNet as one tower (Krizhevsky, 2014). Parameters are named as in torchvision.
model alexnet(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.5) -> logits: f32[N, classes] {
  return image
      |> conv(64, 11, stride: 4, pad: 2) @"features.0"  |> relu |> maxpool(3, stride: 2)
      |> conv(192, 5, pad: 2)            @"features.3"  |> relu |> maxpool(3, stride: 2)
      |> conv(384, 3, pad: 1)            @"features.6"  |> relu
      |> conv(256, 3, pad: 1)            @"features.8"  |> relu
      |> conv(256, 3, pad: 1)            @"features.10" |> relu |> maxpool(3, stride: 2)
      |> flatten
      |> dropout(drop) |> dense(4096)    @"classifier.1" |> relu
      |> dropout(drop) |> dense(4096)    @"classifier.4" |> relu
      |> dense(classes)                  @"classifier.6"
}
