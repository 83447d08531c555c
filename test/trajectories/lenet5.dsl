# LeNet-5 as trained in trajectory_test.py.
model lenet5(image: f32[N, 1, 28, 28]) -> f32[N, 10] {
  h = image |> conv(6, 5, pad: 2) @conv1 |> tanh |> avgpool(2)
            |> conv(16, 5)        @conv2 |> tanh |> avgpool(2)
            |> flatten |> dense(120) @fc1 |> tanh |> dense(84) @fc2 |> tanh
  return h |> dense(10) @fc3
}

train sgd {
  model     = lenet5(image: f32[N, 1, 28, 28])
  loss      = softmax_cross_entropy()
  optimizer = sgd(lr: 0.01, momentum: 0.9, weight_decay: 5e-4)
  batch     = 32
}

train adam {
  model     = lenet5(image: f32[N, 1, 28, 28])
  loss      = softmax_cross_entropy()
  optimizer = adam(lr: 1e-4)
  batch     = 32
}
