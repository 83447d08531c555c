## LeNet-5 (LeCun et al., 1998), with average pooling and a linear last layer.
model lenet5(
  ## Grey images.
  image: f32[N, 1, 28, 28],
  classes: int = 10
) -> logits: f32[N, classes] {
  return image
      |> conv(6, 5, pad: 2) @conv1 |> tanh |> avgpool(2)
      |> conv(16, 5)        @conv2 |> tanh |> avgpool(2)
      |> flatten
      |> dense(120)     @fc1 |> tanh
      |> dense(84)      @fc2 |> tanh
      |> dense(classes) @fc3
}
