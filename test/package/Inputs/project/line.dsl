## y = a x + b
model line(x: f32[N, 1]) -> y: f32[N, 1] {
  return x |> dense(1, init: constant(2)) @line
}

train line {
  model     = line()
  data      = points([[0, 1], [1, 3]])
  loss      = mean_squared_error()
  optimizer = sgd(lr: 0.1)
  batch     = 2
  stop      = 100 steps
}
