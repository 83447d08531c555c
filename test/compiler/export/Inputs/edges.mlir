module attributes {cnn.name = "edges", cnn.source = "edges.mlir"} {
  cnn.parameter @y weight : tensor<1xf32> {init = #cnn.init<constant, 1.0 : f64, 0.0 : f64>}
  func.func @forward(%x: tensor<?x1x2x3xf32> {cnn.name = "x"})
    -> (tensor<?x1x3x1xf32> {cnn.name = "y"}, tensor<?x1x3x1xf32> {cnn.name = "z"}, tensor<?x1x2x3xf32> {cnn.name = "x"}) {
    %bias = cnn.read @y : tensor<1xf32>
    %b = cnn.bias %x, %bias : (tensor<?x1x2x3xf32>, tensor<1xf32>) -> tensor<?x1x2x3xf32>
    %y = cnn.resample %b {rows = array<i64: 0, 1, 1, 0, 0, 1>, row_weights = array<f64: 0.25, 0.5, 1.0, 2.0, 1.0, -1.0>, row_taps = 2 : i64,
      columns = array<i64: 0, 2>, column_weights = array<f64: 0.5, 0.5>, column_taps = 2 : i64} : tensor<?x1x2x3xf32> -> tensor<?x1x3x1xf32>
    return %y, %y, %x : tensor<?x1x3x1xf32>, tensor<?x1x3x1xf32>, tensor<?x1x2x3xf32>
  }
}
