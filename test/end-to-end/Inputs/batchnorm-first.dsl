model normalized(values: f32[N, 5, 3, 3]) -> result: f32[N, 5, 3, 3] {
  return values |> batchnorm @bn |> tanh
}

train plain {
  model     = normalized()
  loss      = mean_squared_error()
  optimizer = sgd(lr: 0.01)
}
