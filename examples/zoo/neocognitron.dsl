## The Neocognitron (Fukushima, 1980): S-cells look for a feature at every place,
## C-cells answer wherever it is nearby. Trained by gradients, not by competition.

## Excitation, divided by an inhibition that grows with all that the cell sees.
block simple(x, planes: int) {
  e = x |> conv(planes, 3, pad: 1, bias: false) @excitatory
  seen = x * x |> avgpool(3, stride: 1, pad: 1)
  v = sqrt(reduce_mean(seen, 1) + 1e-4) |> conv(planes, 1, bias: false) @inhibitory |> relu
  return relu((e + 1) / (v + 1) - 1)
}

block complex(x) {
  return x |> avgpool(5, stride: 2, pad: 2) |> softsign
}

model neocognitron(image: f32[N, 1, 19, 19], classes: int = 10) -> logits: f32[N, classes] {
  h = image
  for (planes, i) in [12, 38, 32] {
    h = h |> simple(planes) @"s{i + 1}" |> complex
  }
  return h |> conv(classes, 3) @s4 |> flatten
}
