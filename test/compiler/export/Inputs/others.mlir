// Ops of inference that the language has no layer for.
module attributes {cnn.name = "others", cnn.source = "others.mlir"} {
  cnn.parameter @scale weight : tensor<8xf32> {init = #cnn.init<uniform, 0.5 : f64, 1.5 : f64>}
  cnn.parameter @shift weight : tensor<8xf32> {init = #cnn.init<normal, 0.0 : f64, 1.0 : f64>}
  cnn.parameter @mean buffer : tensor<8xf32> {init = #cnn.init<normal, 0.0 : f64, 0.1 : f64>}
  cnn.parameter @variance buffer : tensor<8xf32> {init = #cnn.init<uniform, 0.5 : f64, 1.5 : f64>}
  func.func @forward(%x: tensor<?x4x3xf32> {cnn.name = "x"}) -> (tensor<?x4xf32> {cnn.name = "gathered"}, tensor<?x8xf32> {cnn.name = "normal"}) {
    %which = cnn.constant dense<[2, 0, 2, 1]> : tensor<4xi32>
    %turned = cnn.gather %x, %which {axis = 2 : i64} : (tensor<?x4x3xf32>, tensor<4xi32>) -> tensor<?x4x4xf32>
    %sum = cnn.reduce_sum %turned {axes = array<i64: 2>} : tensor<?x4x4xf32> -> tensor<?x4x1xf32>
    %row = cnn.reshape %sum : tensor<?x4x1xf32> -> tensor<?x4xf32>
    %wide = cnn.pad %row {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 1>, value = 0.25 : f64} : tensor<?x4xf32> -> tensor<?x8xf32>
    %scale = cnn.read @scale : tensor<8xf32>
    %shift = cnn.read @shift : tensor<8xf32>
    %mean = cnn.read @mean : tensor<8xf32>
    %variance = cnn.read @variance : tensor<8xf32>
    %scaled = cnn.scale_shift %wide, %scale, %shift : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
    %normal = cnn.batchnorm_infer %scaled, %scale, %shift, %mean, %variance {epsilon = 1.0e-3 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
    return %row, %normal : tensor<?x4xf32>, tensor<?x8xf32>
  }
}
