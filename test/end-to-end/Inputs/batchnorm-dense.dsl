model normalized(values: f32[N, 5]) -> result: f32[N, 3] {
  return values |> dense(7) @hidden |> batchnorm @bn |> relu |> dense(3) @out
}

train plain {
  model     = normalized()
  loss      = mean_squared_error()
  optimizer = sgd(lr: 0.01)
}
