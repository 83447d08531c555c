## ConvNeXt-T (Liu et al., 2022), trained without dropping whole layers.
## Parameters are named as in torchvision.

## [N, C, H, W] as [N, H·W, C], and back.
block places(x) {
  return x |> reshape([x.channels, x.height * x.width]) |> transpose([2, 1])
}

block images(x, like) {
  return x |> transpose([2, 1]) |> reshape([like.channels, like.height, like.width])
}

## Each place with mean 0 and variance 1 over its channels.
block norm(x) {
  return x |> places |> layernorm(epsilon: 1e-6) @"*" |> images(x)
}

block unit(x) {
  width = x.channels
  y = x |> conv(width, 7, pad: 3, groups: width) @"block.0" |> places |> layernorm(epsilon: 1e-6) @"block.2"
        |> dense(4 * width) @"block.3" |> gelu |> dense(width) @"block.5" |> images(x)
  return x + y * (x |> parameter([width, 1, 1], init: constant(1e-6)) @layer_scale |> broadcast([width, x.height, x.width]))
}

block convnext(x, depths: [int], widths: [int], classes: int) {
  h = x |> conv(widths[0], 4, stride: 4) @"features.0.0" |> norm @"features.0.1"
  for (depth, i) in depths {
    h = if i > 0 { h |> norm @"features.{2 * i}.0" |> conv(widths[i], 2, stride: 2) @"features.{2 * i}.1" } else { h }
    for j in 0..depth {
      h = h |> unit @"features.{2 * i + 1}.{j}"
    }
  }
  return h |> global_avgpool |> norm @"classifier.0" |> flatten |> dense(classes) @"classifier.2"
}

model convnext_tiny(image: f32[N, 3, 224, 224], classes: int = 1000) -> logits: f32[N, classes] {
  return image |> convnext([3, 3, 9, 3], [96, 192, 384, 768], classes)
}
