// What ONNX says in a way that some of its readers refuse.
module attributes {cnn.name = "accepted", cnn.source = "accepted.mlir"} {
  cnn.parameter @constant weight : tensor<2xf32> {init = #cnn.init<constant, 1.0 : f64, 0.0 : f64>}
  func.func @forward(%x: tensor<?x1x2x1xf32> {cnn.name = "x"}, %number: tensor<f32> {cnn.name = "number"})
    -> (tensor<?x1x4x1xf32> {cnn.name = "once"}, tensor<?x1x8x1xf32> {cnn.name = "often"}, tensor<?x1x2x3xf32> {cnn.name = "alone"},
        tensor<5xf32> {cnn.name = "hot"}, tensor<2xf32> {cnn.name = "constant"}) {
    %once = cnn.resample %x {rows = array<i64: 1, 0, 1, 0>, row_weights = array<f64: 1.0, 1.0, 1.0, 1.0>, row_taps = 1 : i64,
      columns = array<i64: 0>, column_weights = array<f64: 1.0>, column_taps = 1 : i64} : tensor<?x1x2x1xf32> -> tensor<?x1x4x1xf32>
    %often = cnn.resample %x {rows = array<i64: 1, 0, 1, 0, 1, 0, 1, 0>, row_weights = array<f64: 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0>, row_taps = 1 : i64,
      columns = array<i64: 0>, column_weights = array<f64: 1.0>, column_taps = 1 : i64} : tensor<?x1x2x1xf32> -> tensor<?x1x8x1xf32>
    %alone = cnn.resample %x {rows = array<i64: 0, 1>, row_weights = array<f64: 1.0, 1.0>, row_taps = 1 : i64,
      columns = array<i64: 0, 0, 0>, column_weights = array<f64: 1.0, 1.0, 1.0>, column_taps = 1 : i64} : tensor<?x1x2x1xf32> -> tensor<?x1x2x3xf32>
    %hot = cnn.one_hot %number {axis = 0 : i64} : tensor<f32> -> tensor<5xf32>
    %read = cnn.read @constant : tensor<2xf32>
    %constant = cnn.affine %read {scale = 1.0 : f64} : tensor<2xf32>
    return %once, %often, %alone, %hot, %constant : tensor<?x1x4x1xf32>, tensor<?x1x8x1xf32>, tensor<?x1x2x3xf32>, tensor<5xf32>, tensor<2xf32>
  }
}
