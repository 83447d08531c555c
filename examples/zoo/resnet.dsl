## ResNet (He et al., 2015) for ImageNet, with the stride in the 3×3 convolution.
## Parameters are named as in torchvision.

block shortcut(x, out: int, stride: int) {
  return if stride != 1 or x.channels != out {
    x |> conv(out, 1, stride: stride, bias: false) @"downsample.0" |> batchnorm @"downsample.1"
  } else { x }
}

block basic(x, width: int, stride: int) {
  y = x |> conv(width, 3, stride: stride, pad: 1, bias: false) @conv1 |> batchnorm @bn1 |> relu
        |> conv(width, 3, pad: 1, bias: false)                 @conv2 |> batchnorm @bn2
  return relu(y + shortcut(x, width, stride))
}

block bottleneck(x, width: int, stride: int) {
  y = x |> conv(width, 1, bias: false)                         @conv1 |> batchnorm @bn1 |> relu
        |> conv(width, 3, stride: stride, pad: 1, bias: false) @conv2 |> batchnorm @bn2 |> relu
        |> conv(4 * width, 1, bias: false)                     @conv3 |> batchnorm @bn3
  return relu(y + shortcut(x, 4 * width, stride))
}

block resnet(x, depths: [int], classes: int, deep: bool = false) {
  h = x |> conv(64, 7, stride: 2, pad: 3, bias: false) @conv1 |> batchnorm @bn1 |> relu
        |> maxpool(3, stride: 2, pad: 1)
  for (width, i) in [64, 128, 256, 512] {
    for j in 0..depths[i] {
      stride = if i > 0 and j == 0 { 2 } else { 1 }
      h = if deep {
        h |> bottleneck(width, stride) @"layer{i + 1}.{j}"
      } else {
        h |> basic(width, stride) @"layer{i + 1}.{j}"
      }
    }
  }
  return h |> global_avgpool |> flatten |> dense(classes) @fc
}

model resnet18(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> resnet([2, 2, 2, 2], classes)
}

model resnet34(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> resnet([3, 4, 6, 3], classes)
}

model resnet50(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> resnet([3, 4, 6, 3], classes, deep: true)
}

model resnet101(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> resnet([3, 4, 23, 3], classes, deep: true)
}

model resnet152(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> resnet([3, 8, 36, 3], classes, deep: true)
}
