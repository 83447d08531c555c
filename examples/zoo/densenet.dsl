## DenseNet (Huang et al., 2016). Parameters are named as in torchvision.

block layer(x, growth: int) {
  new = x |> batchnorm @norm1 |> relu |> conv(4 * growth, 1, bias: false)     @conv1
          |> batchnorm @norm2 |> relu |> conv(growth, 3, pad: 1, bias: false) @conv2
  return concat(x, new)
}

block transition(x) {
  return x |> batchnorm @norm |> relu |> conv(x.channels / 2, 1, bias: false) @conv |> avgpool(2)
}

block densenet(x, depths: [int], growth: int, classes: int) {
  h = x |> conv(2 * growth, 7, stride: 2, pad: 3, bias: false) @"features.conv0" |> batchnorm @"features.norm0" |> relu
        |> maxpool(3, stride: 2, pad: 1)
  for (depth, i) in depths {
    h = if i > 0 { h |> transition @"features.transition{i}" } else { h }
    for j in 0..depth {
      h = h |> layer(growth) @"features.denseblock{i + 1}.denselayer{j + 1}"
    }
  }
  return h |> batchnorm @"features.norm5" |> relu |> global_avgpool |> flatten |> dense(classes) @classifier
}

model densenet121(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> densenet([6, 12, 24, 16], 32, classes)
}

model densenet169(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> densenet([6, 12, 32, 32], 32, classes)
}

model densenet201(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> densenet([6, 12, 48, 32], 32, classes)
}

model densenet161(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> densenet([6, 12, 36, 24], 48, classes)
}
