## GoogLeNet (Szegedy et al., 2014) with batch norms in place of local response
## normalisation, and named, as in torchvision, which has 3×3 for the paper's 5×5.

block unit(x, out: int, kernel: int, stride: int = 1) {
  return x |> conv(out, kernel, stride: stride, pad: kernel / 2, bias: false) @conv |> batchnorm(epsilon: 1e-3) @bn |> relu
}

## Windows every 2 elements, the last one over the edge.
block pool(x, kernel: int) {
  return x |> maxpool(kernel, stride: 2, pad: [0, 0, kernel - 2, kernel - 2])
}

block inception(x, widths: [int]) {
  return concat(
    x |> unit(widths[0], 1) @branch1,
    x |> unit(widths[1], 1) @"branch2.0" |> unit(widths[2], 3) @"branch2.1",
    x |> unit(widths[3], 1) @"branch3.0" |> unit(widths[4], 3) @"branch3.1",
    x |> maxpool(3, stride: 1, pad: 1)   |> unit(widths[5], 1) @"branch4.1"
  )
}

model googlenet(image: f32[N, 3, 224, 224], classes: int = 1000, drop: float = 0.2) -> logits: f32[N, classes] {
  h = image |> unit(64, 7, stride: 2) @conv1 |> pool(3) |> unit(64, 1) @conv2 |> unit(192, 3) @conv3 |> pool(3)
            |> inception([64, 96, 128, 16, 32, 32])     @inception3a
            |> inception([128, 128, 192, 32, 96, 64])   @inception3b |> pool(3)
            |> inception([192, 96, 208, 16, 48, 64])    @inception4a
            |> inception([160, 112, 224, 24, 64, 64])   @inception4b
            |> inception([128, 128, 256, 24, 64, 64])   @inception4c
            |> inception([112, 144, 288, 32, 64, 64])   @inception4d
            |> inception([256, 160, 320, 32, 128, 128]) @inception4e |> pool(2)
            |> inception([256, 160, 320, 32, 128, 128]) @inception5a
            |> inception([384, 192, 384, 48, 128, 128]) @inception5b
  return h |> global_avgpool |> flatten |> dropout(drop) |> dense(classes) @fc
}
