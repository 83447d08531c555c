module attributes {cnn.name = "computed"} {
  cnn.parameter @w weight : tensor<8x3x3x3xf32>
  cnn.parameter @g  weight : tensor<8x1x1x1xf32>
  func.func @forward(%x: tensor<?x3x8x8xf32> {cnn.name = "x"}) -> (tensor<?x8x8x8xf32> {cnn.name = "y"}) {
    %w = cnn.read @w : tensor<8x3x3x3xf32>
    %g = cnn.read @g : tensor<8x1x1x1xf32>
    %b = cnn.broadcast %g : tensor<8x1x1x1xf32> -> tensor<8x3x3x3xf32>
    %k = cnn.mul %w, %b : tensor<8x3x3x3xf32>
    %y = cnn.conv %x, %k {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x3x8x8xf32>, tensor<8x3x3x3xf32>) -> tensor<?x8x8x8xf32>
    return %y : tensor<?x8x8x8xf32>
  }
}
