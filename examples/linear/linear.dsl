## y = 2x + 1, learned from five points.
model linear(x: f32[N, 1]) -> y: f32[N, 1] {
  return x |> dense(1) @line
}

train linear {
  model     = linear()
  data      = points([[-2, -3], [-1, -1], [0, 1], [1, 3], [2, 5]])
  loss      = mean_squared_error()
  optimizer = sgd(lr: 0.1)
  metrics   = [loss()]
  batch     = 5
  stop      = 200 steps
  checkpoint = every(50 epochs, keep: 1)
}
