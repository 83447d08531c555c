## ZFNet (Zeiler and Fergus, 2013): AlexNet with smaller windows in the first layers.
model zfnet(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.5) -> logits: f32[N, classes] {
  return image
      |> conv(96, 7, stride: 2, pad: 1) @conv1 |> relu |> maxpool(3, stride: 2, pad: [0, 0, 1, 1]) |> lrn
      |> conv(256, 5, stride: 2)        @conv2 |> relu |> maxpool(3, stride: 2, pad: [0, 0, 1, 1]) |> lrn
      |> conv(384, 3, pad: 1)           @conv3 |> relu
      |> conv(384, 3, pad: 1)           @conv4 |> relu
      |> conv(256, 3, pad: 1)           @conv5 |> relu |> maxpool(3, stride: 2)
      |> flatten
      |> dense(4096)    @fc6 |> relu |> dropout(drop)
      |> dense(4096)    @fc7 |> relu |> dropout(drop)
      |> dense(classes) @fc8
}
