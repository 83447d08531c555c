# RUN: cnnc %s --emit=cnn | FileCheck %s

## LeNet-5,
## for digits.
model lenet5(
  ## pixels
  image: f32[N, 1, 28, 28],
  classes: int = 10
) -> logits: f32[N, classes] {
  h = image
      |> conv(6, 5, pad: 2)  @conv1 |> tanh |> avgpool(2)
      |> conv(16, 5)         @conv2 |> tanh |> avgpool(2)
      |> flatten
      |> dense(120) @fc1 |> tanh
      |> dense(84)  @fc2 |> tanh
  return h |> dense(classes) @fc3
}

train digits {
  model     = lenet5(classes: 10)
  normalize = standardize(mean: [0.5], std: [0.25])
  loss      = softmax_cross_entropy(label_smoothing: 0.1)
  optimizer = sgd(lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 5e-4, decay_on: "*.weight")
  freeze    = ["conv1.*"]
  clip      = norm(1.0)
  batch     = 32
}

# CHECK: cnn.doc = "LeNet-5,\0Afor digits.", cnn.name = "lenet5", cnn.recipe = "{\22name\22: \22digits\22, {{.*}}\22batch\22: 32}", cnn.source = "lenet5.dsl"
# CHECK: cnn.parameter @conv1.weight weight : tensor<6x1x5x5xf32> {decay, frozen, init = #cnn.init<uniform, -2.000000e-01 : f64, 2.000000e-01 : f64>}
# CHECK: cnn.parameter @conv1.bias weight : tensor<6xf32> {frozen, init
# CHECK: cnn.parameter @fc3.weight weight : tensor<10x84xf32> {decay, init
# CHECK: func.func @forward(%[[IMAGE:.*]]: tensor<?x1x28x28xf32> {cnn.doc = "pixels", cnn.name = "image"}) -> (tensor<?x10xf32> {cnn.name = "logits"})
# CHECK: %[[X:.*]] = cnn.standardize %[[IMAGE]] {mean = array<f64: 5.000000e-01>, std = array<f64: 2.500000e-01>}
# CHECK: %[[W:.*]] = cnn.read @conv1.weight
# CHECK: %[[C:.*]] = cnn.conv %[[X]], %[[W]] {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 2, 2, 2, 2>, stride = array<i64: 1, 1>}
# CHECK: %[[B:.*]] = cnn.read @conv1.bias
# CHECK: %[[Y:.*]] = cnn.bias %[[C]], %[[B]]
# CHECK: %[[T:.*]] = cnn.tanh %[[Y]]
# CHECK: cnn.avgpool %[[T]] {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
# CHECK: cnn.reshape %{{.*}} : tensor<?x16x5x5xf32> -> tensor<?x400xf32>
# CHECK: cnn.optimizer "sgd" {clip_norm, hypers = {clip_norm = 1.000000e+00 : f64, lr = 1.000000e-01 : f64, momentum = 9.000000e-01 : f64, weight_decay = 5.000000e-04 : f64}, options = {nesterov}}
# CHECK: func.func @loss(%[[P:.*]]: tensor<?x10xf32>, %[[L:.*]]: tensor<?xi32> {cnn.name = "label"}) -> tensor<f32>
# CHECK: cnn.softmax_cross_entropy %[[P]], %[[L]] {label_smoothing = 1.000000e-01 : f64}
