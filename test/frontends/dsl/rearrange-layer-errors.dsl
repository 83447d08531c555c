# RUN: not cnnc %s --emit=cnn 2>&1 | FileCheck %s

model rearrange(image: f32[N, 6, 4, 3], v: f32[N, 8], flat: f32[N, 1, 1, 3], row: f32[N, 4, 3], six: f32[N, 4, 1, 1, 1, 3]) -> f32[N, 6, 4, 3] {
  _ = v |> depth_to_space(2)
  _ = image |> depth_to_space(2)
  _ = v |> space_to_depth(2)
  _ = image |> space_to_depth(2)
  _ = image |> channel_shuffle(4)
  _ = v |> maxout(3)
  _ = image |> pad(low: [0, -2, 0], high: [0, -2, 0])
  _ = v |> pad(low: [1], mode: edge)
  _ = image |> pad(low: [1, 0, 0], mode: reflect)
  _ = image |> pad(low: [0, 65536, 0], mode: wrap)
  _ = image |> pad(low: [0, 1, 0], mode: mirror)
  _ = flat |> maxpool([2, 1], stride: 1, pad: [1, 0], dilation: 2)
  _ = row |> channel_shuffle(2)
  _ = row |> maxout(2)
  _ = six |> lrn
  _ = six |> groupnorm(2) @g
  _ = six |> instancenorm @i
  return image
}

# CHECK: :4:12: error: 'depth_to_space' needs a 4-d tensor [N, C, H, W], got f32[N, 8]
# CHECK: :5:16: error: 'depth_to_space' cannot make squares of 2 by 2 of 6 channels
# CHECK: note: that tensor comes from input 'image' at line 3
# CHECK: help: the square of block_size divides the channels
# CHECK: :6:12: error: 'space_to_depth' needs a 4-d tensor [N, C, H, W], got f32[N, 8]
# CHECK: :7:16: error: 'space_to_depth' cannot cut 4 by 3 places into squares of 2 by 2
# CHECK: help: block_size divides height and width; a 'pad' layer before this can make it so
# CHECK: :8:16: error: 'channel_shuffle' with groups: 4 cannot split 6 channels
# CHECK: help: groups divides the channels
# CHECK: :9:12: error: 'maxout' with pieces: 3 cannot split 8 channels
# CHECK: help: pieces divides the channels
# CHECK: :10:16: error: 'pad' by -2 and -2 cuts off all of 4 elements
# CHECK: help: leave at least one
# CHECK: :11:12: error: 'pad' with mode: edge adds rows and columns of images, got f32[N, 8] and f32[N, 9]
# CHECK: help: use mode: constant for other dimensions
# CHECK: :12:16: error: 'pad' with mode: reflect adds rows and columns of images, got f32[N, 6, 4, 3] and f32[N, 7, 4, 3]
# CHECK: :13:16: error: 'pad' with mode: wrap makes f32[N, 6, 65540, 3], more than 65536 rows or columns
# CHECK: :14:42: error: {{.*}}mirror
# CHECK: :15:15: error: 'maxpool' has a window that covers no element: the height is 1 with padding 1 and 1
# CHECK: note: input f32[N, 1, 1, 3] comes from input 'flat' at line 3
# CHECK: help: use less padding or dilation
# CHECK: :16:14: error: 'channel_shuffle' needs a 2-d tensor [N, features] or a 4-d one [N, C, H, W], got f32[N, 4, 3]
# CHECK: :17:14: error: 'maxout' needs a 2-d tensor
# CHECK: :18:14: error: 'lrn' needs a tensor [N, features] or [N, C, …]
# CHECK: :19:14: error: 'groupnorm' needs a tensor
# CHECK: :20:14: error: 'instancenorm' needs a tensor
