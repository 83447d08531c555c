// Elements by their numbers.
module attributes {cnn.name = "indices", cnn.source = "indices.mlir"} {
  cnn.parameter @which weight : tensor<2xf32> {frozen, value = dense<[1.0, 0.0]> : tensor<2xf32>}
  func.func @forward(%x: tensor<?x4x6xf32> {cnn.name = "x"}, %image: tensor<?x2x5x4xf32> {cnn.name = "image"}, %grid: tensor<?x3x3x2xf32> {cnn.name = "grid"})
    -> (tensor<?x4x3xf32> {cnn.name = "top"}, tensor<?x4x6x6xf32> {cnn.name = "hot"}, tensor<?x4x6xf32> {cnn.name = "scattered"},
        tensor<?x2x3x3xf32> {cnn.name = "sampled"}, tensor<?x1x6xf32> {cnn.name = "products"}, tensor<?x4x2xf32> {cnn.name = "columns"}, tensor<?x4x3xi32> {cnn.name = "whole"}, tensor<?x2x5x4xf32> {cnn.name = "unpooled"}) {
    %numbers = cnn.top_k %x {k = 3 : i64} : tensor<?x4x6xf32> -> tensor<?x4x3xf32>
    %top = cnn.gather_elements %x, %numbers {axis = 2 : i64} : (tensor<?x4x6xf32>, tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
    %largest = cnn.arg_max %x {axis = 1 : i64} : tensor<?x4x6xf32> -> tensor<?x1x6xf32>
    %last = cnn.arg_max %x {axis = 2 : i64, last} : tensor<?x4x6xf32> -> tensor<?x4x1xf32>
    %flat = cnn.reshape %last : tensor<?x4x1xf32> -> tensor<?x4xf32>
    %hot = cnn.one_hot %numbers {axis = 3 : i64, ignore = 2 : i64} : tensor<?x4x3xf32> -> tensor<?x4x3x6xf32>
    %wide = cnn.pad %hot {low = array<i64: 0, 0, 0>, high = array<i64: 0, 3, 0>, interior = array<i64: 0, 0, 0>} : tensor<?x4x3x6xf32> -> tensor<?x4x6x6xf32>
    %sums = cnn.cumsum %x {axis = 2 : i64, exclusive, reverse} : tensor<?x4x6xf32>
    %scattered = cnn.scatter_elements %sums, %numbers, %top {axis = 2 : i64, reduction = "add"}
      : (tensor<?x4x6xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>) -> tensor<?x4x6xf32>
    %sampled = cnn.grid_sample %image, %grid {mode = "cubic", padding = "border", align_corners} : (tensor<?x2x5x4xf32>, tensor<?x3x3x2xf32>) -> tensor<?x2x3x3xf32>
    %product = cnn.reduce_prod %x {axes = array<i64: 1>} : tensor<?x4x6xf32> -> tensor<?x1x6xf32>
    %products = cnn.add %product, %largest : tensor<?x1x6xf32>
    %which = cnn.read @which : tensor<2xf32>
    %columns = cnn.gather %x, %which {axis = 2 : i64} : (tensor<?x4x6xf32>, tensor<2xf32>) -> tensor<?x4x2xf32>
    %whole = cnn.cast %numbers : tensor<?x4x3xf32> -> tensor<?x4x3xi32>
    %pooled = cnn.maxpool %image {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 1, 0, 0, 0>} : tensor<?x2x5x4xf32> -> tensor<?x2x3x2xf32>
    %where = cnn.maxpool_indices %image {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 1, 0, 0, 0>, dilation = array<i64: 1, 1>}
      : tensor<?x2x5x4xf32> -> tensor<?x2x3x2xi32>
    %unpooled = cnn.maxunpool %pooled, %where : (tensor<?x2x3x2xf32>, tensor<?x2x3x2xi32>) -> tensor<?x2x5x4xf32>
    return %top, %wide, %scattered, %sampled, %products, %columns, %whole, %unpooled : tensor<?x4x3xf32>, tensor<?x4x6x6xf32>, tensor<?x4x6xf32>,
      tensor<?x2x3x3xf32>, tensor<?x1x6xf32>, tensor<?x4x2xf32>, tensor<?x4x3xi32>, tensor<?x2x5x4xf32>
  }
}
