## Rosenblatt's perceptron: a weighted sum, and which side of 0 it is on.
## The loss looks at the sum; `answer` is the step behind it.
model perceptron(point: f32[N, 2]) -> (sum: f32[N, 1], answer: f32[N, 1]) {
  sum = point |> dense(1, init: constant(0)) @unit
  return sum, step(sum)
}

train perceptron {
  model     = perceptron()
  # Above the line y = x + 0.5 is 1, below it 0.
  data      = points([[0.0, 1.0, 1], [0.2, 1.2, 1], [-0.5, 0.8, 1], [0.9, 1.8, 1], [-1.0, 0.1, 1],
                      [0.0, 0.0, 0], [0.5, 0.4, 0], [-0.4, -0.6, 0], [1.0, 0.9, 0], [0.3, -1.0, 0]])
  loss      = perceptron()
  optimizer = sgd(lr: 0.5)
  metrics   = [loss()]
  batch     = 10
  stop      = 100 steps
  checkpoint = every(50 epochs, keep: 1)
}
