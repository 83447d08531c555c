# RUN: not cnnc %s --emit=cnn 2>&1 | FileCheck %s

model windows(x: f32[N, 4, 5, 6, 7], row: f32[N, 3, 9], image: f32[N, 4, 6, 6]) -> f32[N, 3, 9] {
  _ = x |> conv(6, 3, pad: [1, 1]) @a
  _ = x |> conv(6, [6, 1, 1]) @b
  _ = row |> maxpool([2, 2])
  _ = row |> avgpool(10)
  _ = x |> lppool(2, p: 0.5)
  _ = image |> maxunpool(image, 2)
  return row
}

# CHECK: :4:12: error: 'conv' has 2 sizes in 'pad' for 3 spatial dimensions
# CHECK: note: input f32[N, 4, 5, 6, 7] comes from input 'x' at line 3
# CHECK: help: give one, one per dimension, or all at the beginning, then all at the end
# CHECK: :5:12: error: 'conv' kernel spans 6 elements, but the depth is 5 with padding 0 and 0
# CHECK: :6:14: error: 'maxpool' has 2 sizes in 'kernel' for 1 spatial dimensions
# CHECK: :7:14: error: 'avgpool' window spans 10 elements, but the length is 9 with padding 0 and 0
# CHECK: :8:{{.*}} error: 'p' of 'lppool' takes a number of at least 1
# CHECK: :9:16: error: 'maxunpool' has an input f32[N, 4, 6, 6], but the pool of 'like' gives f32[N, 4, 3, 3]
# CHECK: note: the input comes from input 'image' at line 3
# CHECK: help: give the windows of the pool that it undoes
