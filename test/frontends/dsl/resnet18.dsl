# RUN: cnnc %s --emit=cnn | %python %S/Inputs/count_parameters.py | FileCheck %s --check-prefix=COUNT
# RUN: cnnc %s --emit=cnn | FileCheck %s
# As torchvision: names and number of the weights.
# COUNT: 62 tensors, 11689512 parameters

# CHECK: cnn.parameter @conv1.weight weight : tensor<64x3x7x7xf32>
# CHECK: cnn.parameter @bn1.running_var buffer : tensor<64xf32>
# CHECK: cnn.parameter @layer2.0.downsample.0.weight weight : tensor<128x64x1x1xf32>
# CHECK: cnn.parameter @layer4.1.bn2.bias weight : tensor<512xf32>
# CHECK: cnn.parameter @fc.weight weight : tensor<1000x512xf32>

block basic(x, out: int, stride: int = 1) {
  y = x |> conv(out, 3, stride: stride, pad: 1, bias: false) @conv1 |> batchnorm @bn1 |> relu
        |> conv(out, 3, pad: 1, bias: false)                 @conv2 |> batchnorm @bn2
  skip = if stride != 1 or x.channels != out {
    x |> conv(out, 1, stride: stride, bias: false) @"downsample.0" |> batchnorm @"downsample.1"
  } else { x }
  return relu(y + skip)
}

model resnet18(image: f32[N, 3, 224, 224], classes: int = 1000) -> f32[N, classes] {
  h = image |> conv(64, 7, stride: 2, pad: 3, bias: false) @conv1 |> batchnorm @bn1 |> relu
            |> maxpool(3, stride: 2, pad: 1)
  for (width, i) in [64, 128, 256, 512] {
    for j in 0..2 {
      h = h |> basic(width, stride: if i > 0 and j == 0 { 2 } else { 1 }) @"layer{i + 1}.{j}"
    }
  }
  return h |> global_avgpool |> flatten |> dense(classes) @fc
}
