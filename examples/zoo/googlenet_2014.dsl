## GoogLeNet as in the paper (Szegedy et al., 2014): biases and local response
## normalisation, 5×5 convolutions, and two auxiliary heads. A train block gives
## the heads less weight: loss = [softmax_cross_entropy(),
## softmax_cross_entropy(weight: 0.3), softmax_cross_entropy(weight: 0.3)]

## Windows of 3 every 2 elements, the last one over the edge.
block pool(x) {
  return x |> maxpool(3, stride: 2, pad: [0, 0, 1, 1])
}

block inception(x, widths: [int]) {
  return concat(
    x |> conv(widths[0], 1) @"1x1",
    x |> conv(widths[1], 1) @"3x3_reduce" |> relu |> conv(widths[2], 3, pad: 1) @"3x3",
    x |> conv(widths[3], 1) @"5x5_reduce" |> relu |> conv(widths[4], 5, pad: 2) @"5x5",
    x |> maxpool(3, stride: 1, pad: 1)            |> conv(widths[5], 1)         @pool_proj
  ) |> relu
}

block auxiliary(x, classes: int, drop: float) {
  return x |> avgpool(5, stride: 3) |> conv(128, 1) @conv |> relu |> flatten
           |> dense(1024) @fc |> relu |> dropout(drop) |> dense(classes) @classifier
}

model googlenet_2014(
  image: f32[N, 3, 224, 224],
  classes: int = 1000,
  drop: float = 0.4,
  drop_auxiliary: float = 0.7
) -> (logits: f32[N, classes], aux1: f32[N, classes], aux2: f32[N, classes]) {
  h = image |> conv(64, 7, stride: 2, pad: 3) @"conv1.7x7_s2" |> relu |> pool |> lrn
            |> conv(64, 1)          @"conv2.3x3_reduce" |> relu
            |> conv(192, 3, pad: 1) @"conv2.3x3"        |> relu |> lrn |> pool
            |> inception([64, 96, 128, 16, 32, 32])     @inception_3a
            |> inception([128, 128, 192, 32, 96, 64])   @inception_3b |> pool
            |> inception([192, 96, 208, 16, 48, 64])    @inception_4a
  g = h |> inception([160, 112, 224, 24, 64, 64])   @inception_4b
        |> inception([128, 128, 256, 24, 64, 64])   @inception_4c
        |> inception([112, 144, 288, 32, 64, 64])   @inception_4d
  f = g |> inception([256, 160, 320, 32, 128, 128]) @inception_4e |> pool
        |> inception([256, 160, 320, 32, 128, 128]) @inception_5a
        |> inception([384, 192, 384, 48, 128, 128]) @inception_5b
  logits = f |> global_avgpool |> flatten |> dropout(drop) |> dense(classes) @classifier
  return logits, h |> auxiliary(classes, drop_auxiliary) @loss1, g |> auxiliary(classes, drop_auxiliary) @loss2
}
