## Vision Transformer (Dosovitskiy et al., 2020): patches of 16×16 pixels, read as
## the words of a sentence. Parameters are named as in torchvision.

## [N, tokens, width] as [N, heads, tokens, width / heads].
block split(x, tokens: int, heads: int, width: int) {
  return x |> reshape([tokens, heads, width / heads]) |> transpose([2, 1, 3])
}

block attention(x, tokens: int, heads: int, width: int, scale: float) {
  all = x |> dense(3 * width) @"in_proj_*"
  q = all |> slice(start: [0, 0], stop: [tokens, width])             |> split(tokens, heads, width)
  k = all |> slice(start: [0, width], stop: [tokens, 2 * width])     |> split(tokens, heads, width)
  v = all |> slice(start: [0, 2 * width], stop: [tokens, 3 * width]) |> split(tokens, heads, width)
  weights = matmul(q * scale, k |> transpose([1, 3, 2])) |> row_softmax
  return matmul(weights, v) |> transpose([2, 1, 3]) |> reshape([tokens, width]) |> dense(width) @out_proj
}

block layer(x, tokens: int, heads: int, width: int, scale: float) {
  h = x + (x |> layernorm(epsilon: 1e-6) @ln_1 |> attention(tokens, heads, width, scale) @self_attention)
  return h + (h |> layernorm(epsilon: 1e-6) @ln_2 |> dense(4 * width) @"mlp.0" |> gelu |> dense(width) @"mlp.3")
}

model vit_b_16(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  patches = image |> conv(768, 16, stride: 16) @conv_proj |> reshape([768, 196]) |> transpose([2, 1])
  tokens = concat(image |> parameter([1, 1, 768], init: constant(0)) @class_token, patches)
  h = tokens + (image |> parameter([1, 197, 768], init: normal(std: 0.02)) @"encoder.pos_embedding")
  for i in 0..12 {
    # 12 heads of 64, and 1 / √64.
    h = h |> layer(197, 12, 768, 0.125) @"encoder.layers.encoder_layer_{i}"
  }
  return h |> layernorm(epsilon: 1e-6) @"encoder.ln" |> slice(start: [0, 0], stop: [1, 768]) |> flatten |> dense(classes) @"heads.head"
}
