module attributes {cnn.name = "refused", cnn.source = "refused.mlir"} {
  func.func @forward(%x: tensor<?x4x6x6xf32> {cnn.name = "x"}, %m: tensor<?x3x2xf32> {cnn.name = "m"})
    -> (tensor<?x4x6x6xf32> {cnn.name = "y"}, tensor<?x4xf32> {cnn.name = "mean"}, tensor<3x3xf32> {cnn.name = "p"}) {
    %a = cnn.relu_grad %x, %x : tensor<?x4x6x6xf32> loc("first")
    %b = cnn.dropout_mask %a {ratio = 0.5 : f64, id = 0 : i64} : tensor<?x4x6x6xf32> loc("second")
    %ones = cnn.constant dense<1.0> : tensor<4xf32>
    %y, %mean, %std = cnn.groupnorm %b, %ones, %ones {groups = 2 : i64, epsilon = 1.0e-5 : f64}
      : (tensor<?x4x6x6xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x4x6x6xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
    %p = cnn.matmul %m, %m {transpose_lhs, sum_products} : (tensor<?x3x2xf32>, tensor<?x3x2xf32>) -> tensor<2x2xf32>
    %wide = cnn.constant dense<1.0> : tensor<3x3xf64>
    %c = cnn.constant dense<1.0> : tensor<3x3xf32>
    %where = cnn.constant dense<0> : tensor<3x3xi32>
    %u = cnn.maxunpool %c, %where : (tensor<3x3xf32>, tensor<3x3xi32>) -> tensor<3x5xf32>
    return %y, %mean, %c : tensor<?x4x6x6xf32>, tensor<?x4xf32>, tensor<3x3xf32>
  }
}
