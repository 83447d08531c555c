## AlexNet (Krizhevsky et al., 2012) in two groups of channels, which two devices
## computed, with local response normalisation.
model alexnet_2012(image: f32[N, 3, 227, 227], classes: int = 1000, drop: float = 0.5) -> logits: f32[N, classes] {
  return image
      |> conv(96, 11, stride: 4)         @conv1 |> relu |> lrn |> maxpool(3, stride: 2)
      |> conv(256, 5, pad: 2, groups: 2) @conv2 |> relu |> lrn |> maxpool(3, stride: 2)
      |> conv(384, 3, pad: 1)            @conv3 |> relu
      |> conv(384, 3, pad: 1, groups: 2) @conv4 |> relu
      |> conv(256, 3, pad: 1, groups: 2) @conv5 |> relu |> maxpool(3, stride: 2)
      |> flatten
      |> dense(4096)    @fc6 |> relu |> dropout(drop)
      |> dense(4096)    @fc7 |> relu |> dropout(drop)
      |> dense(classes) @fc8
}

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
