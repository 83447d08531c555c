// Parameters by their numbers, of which the importer has constants.
module attributes {cnn.name = "scatter", cnn.source = "scatter.mlir"} {
  cnn.parameter @table weight : tensor<2x4xf32> {frozen, value = dense<[[0.5, 1.5, 2.5, -1.0], [3.0, 4.0, 5.0, -2.0]]> : tensor<2x4xf32>}
  cnn.parameter @places weight : tensor<2x2xf32> {frozen, value = dense<[[1.0, 3.0], [0.0, 1.0]]> : tensor<2x2xf32>}
  cnn.parameter @update weight : tensor<2xf32> {frozen, value = dense<[7.0, 8.0]> : tensor<2xf32>}
  func.func @forward(%x: tensor<?x2xf32> {cnn.name = "x"}) -> (tensor<?x2xf32> {cnn.name = "y"}) {
    %table = cnn.read @table : tensor<2x4xf32>
    %places = cnn.read @places : tensor<2x2xf32>
    %update = cnn.read @update : tensor<2xf32>
    %changed = cnn.scatter_nd %table, %places, %update {reduction = "mul"} : (tensor<2x4xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x4xf32>
    %found = cnn.gather_nd %changed, %places : (tensor<2x4xf32>, tensor<2x2xf32>) -> tensor<2xf32>
    %repeated = cnn.broadcast %found : tensor<2xf32> -> tensor<?x2xf32>
    %y = cnn.add %x, %repeated : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}
