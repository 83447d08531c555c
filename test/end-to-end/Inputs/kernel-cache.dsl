# Inference alone of three layers that become kernels of their own.
model cached(image: f32[N, 3, 8, 8]) -> f32[N, 4] {
  return image |> conv(16, 3, pad: 1) @conv1 |> relu |> conv(WIDTH, 3, pad: 1) @conv2 |> relu |> maxpool(2) |> flatten |> dense(4) @fc
}
