# RUN: cnnc %s --emit=cnn | FileCheck %s
# Blocks, loops, conditions and names, all at compile time.

block two(x, n: int = x.features * 2, names: [string] = ["a", "b"]) {
  return x |> dense(n) @"{names[0]}", x |> dense(n + 1) @"{names[1]}"
}
block scaled(x: f32[N, 8], factor: float, on: bool = not false) -> f32[N, 8] {
  return if on and factor > 0.5 { x |> relu } else if factor == 0.5 or x.channels < 3 { x |> tanh } else { x |> sigmoid }
}
block nested(x) {
  return x |> dense(8) @inner
}

model control(x: f32[N, 8], depth: int = 3) -> (first: f32[N, 8], f32[N, 16]) {
  h = x
  # CHECK: cnn.parameter @layer0.inner.weight weight
  # CHECK: cnn.parameter @layer1.inner.weight weight
  # CHECK: cnn.parameter @layer2.inner.weight weight
  for i in 0..depth {
    h = h |> nested @"layer{i}"
  }
  # CHECK: cnn.parameter @deep.er.inner.weight weight
  deeper = h + (x |> nested @"deep.er")
  g = deeper
  # CHECK: cnn.parameter @w8.inner.weight weight
  # CHECK: cnn.parameter @w16.inner.weight weight
  for (width, i) in [8, 16] {
    for _ in 0..(i % 2 + 1 - i) {
      g = g |> nested @"w{width - 0 * -i}"
    }
  }
  # CHECK: cnn.parameter @a.weight weight : tensor<16x8xf32>
  # CHECK: cnn.parameter @b.weight weight : tensor<17x8xf32>
  a, _ = two(g)
  # CHECK: cnn.parameter @heads.p.weight weight : tensor<5x8xf32>
  # CHECK: cnn.parameter @heads.q.weight weight : tensor<6x8xf32>
  _, _ = g |> two(5, names: ["p", "q"]) @heads
  # CHECK: func.func @forward(%{{.*}}: tensor<?x8xf32> {cnn.name = "x"}) -> (tensor<?x8xf32> {cnn.name = "first"}, tensor<?x16xf32> {cnn.name = "output1"})
  # CHECK: cnn.relu
  # CHECK: cnn.tanh
  # CHECK: cnn.sigmoid
  return g |> scaled(1) |> scaled(0.5) |> scaled(1.0, on: 7 / 2 == 4), a
}
