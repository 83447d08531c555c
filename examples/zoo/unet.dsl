## U-Net (Ronneberger et al., 2015): convolutions without padding, so that a mask
## is smaller than its image, by 184 pixels in each direction.

block pair(x, width: int) {
  return x |> conv(width, 3) @conv1 |> relu |> conv(width, 3) @conv2 |> relu
}

## The middle of `x`, as large as `like`.
block crop(x, like) {
  top = (x.height - like.height) / 2
  left = (x.width - like.width) / 2
  return x |> slice(start: [0, top, left], stop: [x.channels, top + like.height, left + like.width])
}

## Twice as large, beside what the way down saw at that size.
block up(x, skip, width: int) {
  y = x |> conv_transpose(width, 2, stride: 2) @up
  return concat(skip |> crop(y), y) |> pair(width)
}

model unet(
  image: f32[N, 1, 572, 572],
  classes: int = 2
) -> mask: f32[N, classes, image.height - 184, image.width - 184] {
  a = image |> pair(64)         @down1
  b = a |> maxpool(2) |> pair(128) @down2
  c = b |> maxpool(2) |> pair(256) @down3
  d = c |> maxpool(2) |> pair(512) @down4
  e = d |> maxpool(2) |> pair(1024) @bottom
  return e |> up(d, 512) @up4 |> up(c, 256) @up3 |> up(b, 128) @up2 |> up(a, 64) @up1 |> conv(classes, 1) @head
}
