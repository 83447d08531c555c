## MobileNet (Howard et al., 2017): each convolution is one per channel, then one
## over the channels.

block unit(x, out: int, stride: int) {
  return x |> conv(x.channels, 3, stride: stride, pad: 1, groups: x.channels, bias: false) @depthwise |> batchnorm @bn1 |> relu
           |> conv(out, 1, bias: false)                                                    @pointwise |> batchnorm @bn2 |> relu
}

model mobilenet_v1(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  h = image |> conv(32, 3, stride: 2, pad: 1, bias: false) @conv |> batchnorm @bn |> relu
  for (width, i) in [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024] {
    h = h |> unit(width, if width > h.channels and i > 0 { 2 } else { 1 }) @"units.{i}"
  }
  return h |> global_avgpool |> flatten |> dense(classes) @fc
}
