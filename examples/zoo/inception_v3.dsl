## Inception-v3 (Szegedy et al., 2015) with its auxiliary head. Parameters are
## named as in torchvision.

block unit(x, out: int, kernel: [int], stride: int = 1, pad: [int] = [0, 0]) {
  return x |> conv(out, kernel, stride: stride, pad: pad, bias: false) @conv |> batchnorm(epsilon: 1e-3) @bn |> relu
}

block a(x, pooled: int) {
  return concat(
    x |> unit(64, [1, 1]) @branch1x1,
    x |> unit(48, [1, 1]) @branch5x5_1 |> unit(64, [5, 5], pad: [2, 2]) @branch5x5_2,
    x |> unit(64, [1, 1]) @branch3x3dbl_1 |> unit(96, [3, 3], pad: [1, 1]) @branch3x3dbl_2
      |> unit(96, [3, 3], pad: [1, 1]) @branch3x3dbl_3,
    x |> avgpool(3, stride: 1, pad: 1) |> unit(pooled, [1, 1]) @branch_pool
  )
}

block b(x) {
  return concat(
    x |> unit(384, [3, 3], stride: 2) @branch3x3,
    x |> unit(64, [1, 1]) @branch3x3dbl_1 |> unit(96, [3, 3], pad: [1, 1]) @branch3x3dbl_2
      |> unit(96, [3, 3], stride: 2) @branch3x3dbl_3,
    x |> maxpool(3, stride: 2)
  )
}

block c(x, width: int) {
  return concat(
    x |> unit(192, [1, 1]) @branch1x1,
    x |> unit(width, [1, 1]) @branch7x7_1 |> unit(width, [1, 7], pad: [0, 3]) @branch7x7_2
      |> unit(192, [7, 1], pad: [3, 0]) @branch7x7_3,
    x |> unit(width, [1, 1]) @branch7x7dbl_1 |> unit(width, [7, 1], pad: [3, 0]) @branch7x7dbl_2
      |> unit(width, [1, 7], pad: [0, 3]) @branch7x7dbl_3 |> unit(width, [7, 1], pad: [3, 0]) @branch7x7dbl_4
      |> unit(192, [1, 7], pad: [0, 3]) @branch7x7dbl_5,
    x |> avgpool(3, stride: 1, pad: 1) |> unit(192, [1, 1]) @branch_pool
  )
}

block d(x) {
  return concat(
    x |> unit(192, [1, 1]) @branch3x3_1 |> unit(320, [3, 3], stride: 2) @branch3x3_2,
    x |> unit(192, [1, 1]) @branch7x7x3_1 |> unit(192, [1, 7], pad: [0, 3]) @branch7x7x3_2
      |> unit(192, [7, 1], pad: [3, 0]) @branch7x7x3_3 |> unit(192, [3, 3], stride: 2) @branch7x7x3_4,
    x |> maxpool(3, stride: 2)
  )
}

block e(x) {
  y = x |> unit(384, [1, 1]) @branch3x3_1
  z = x |> unit(448, [1, 1]) @branch3x3dbl_1 |> unit(384, [3, 3], pad: [1, 1]) @branch3x3dbl_2
  return concat(
    x |> unit(320, [1, 1]) @branch1x1,
    y |> unit(384, [1, 3], pad: [0, 1]) @branch3x3_2a,
    y |> unit(384, [3, 1], pad: [1, 0]) @branch3x3_2b,
    z |> unit(384, [1, 3], pad: [0, 1]) @branch3x3dbl_3a,
    z |> unit(384, [3, 1], pad: [1, 0]) @branch3x3dbl_3b,
    x |> avgpool(3, stride: 1, pad: 1) |> unit(192, [1, 1]) @branch_pool
  )
}

block auxiliary(x, classes: int) {
  return x |> avgpool(5, stride: 3) |> unit(128, [1, 1]) @conv0 |> unit(768, [5, 5]) @conv1
           |> global_avgpool |> flatten |> dense(classes) @fc
}

model inception_v3(
  image: f32[N, 3, 299, 299],
  classes: int = 1000,
  drop: float = 0.5
) -> (logits: f32[N, classes], aux: f32[N, classes]) {
  h = image
      |> unit(32, [3, 3], stride: 2)     @Conv2d_1a_3x3
      |> unit(32, [3, 3])                @Conv2d_2a_3x3
      |> unit(64, [3, 3], pad: [1, 1])   @Conv2d_2b_3x3 |> maxpool(3, stride: 2)
      |> unit(80, [1, 1])                @Conv2d_3b_1x1
      |> unit(192, [3, 3])               @Conv2d_4a_3x3 |> maxpool(3, stride: 2)
      |> a(32) @Mixed_5b |> a(64) @Mixed_5c |> a(64) @Mixed_5d |> b @Mixed_6a
      |> c(128) @Mixed_6b |> c(160) @Mixed_6c |> c(160) @Mixed_6d |> c(192) @Mixed_6e
  logits = h |> d @Mixed_7a |> e @Mixed_7b |> e @Mixed_7c |> global_avgpool |> dropout(drop) |> flatten |> dense(classes) @fc
  return logits, h |> auxiliary(classes) @AuxLogits
}
