# RUN: not cnnc %s --emit=cnn 2>&1 | FileCheck %s

model images(image: f32[N, 4, 6, 6], v: f32[N, 8], wide: f32[N, 1, 1, 65537]) -> f32[N, 4, 6, 6] {
  _ = v |> conv_transpose(3, 3) @c1
  _ = image |> conv_transpose(3, 3, groups: 2) @c2
  _ = image |> conv_transpose(3, 3, output_padding: [1, 0]) @c3
  _ = image |> conv_transpose(3, 1, pad: 3) @c4
  _ = image |> lrn(0)
  _ = image |> groupnorm(3) @g
  _ = v |> upsample
  _ = v |> resize(3)
  _ = image |> upsample(align_corners: true)
  _ = image |> resize(3, antialias: true)
  _ = image |> upsample(mode: cubic)
  _ = wide |> resize(4)
  return image
}

# CHECK: :4:12: error: 'conv_transpose' needs a tensor [N, C, L], [N, C, H, W] or [N, C, D, H, W], got f32[N, 8]
# CHECK: :5:16: error: 'conv_transpose' cannot split 4 input and 3 output channels into 2 groups
# CHECK: note: that tensor comes from input 'image' at line 3
# CHECK: help: groups divides both
# CHECK: :6:16: error: 'conv_transpose' has an output padding of 1 with a stride of 1 and a dilation of 1
# CHECK: help: it is less than one of the two; a 'pad' layer behind this adds zeros
# CHECK: :7:16: error: 'conv_transpose' pads by 3 and 3, which leaves nothing of the height
# CHECK: note: input f32[N, 4, 6, 6] comes from input 'image' at line 3
# CHECK: help: use less padding: it is cut off the result
# CHECK: :8:20: error: {{.*}}an integer of at least 1
# CHECK: :9:16: error: 'groupnorm' cannot split 4 channels into 3 groups
# CHECK: help: groups divides the channels
# CHECK: :10:12: error: 'upsample' needs a 4-d tensor [N, C, H, W], got f32[N, 8]
# CHECK: :11:12: error: 'resize' needs a 4-d tensor [N, C, H, W], got f32[N, 8]
# CHECK: :12:16: error: 'upsample' with mode: nearest has no corners to align and nothing to smooth
# CHECK: help: leave out align_corners and antialias, or use mode: bilinear
# CHECK: :13:16: error: 'resize' with mode: nearest has no corners to align and nothing to smooth
# CHECK: :14:31: error: {{.*}}cubic
# CHECK: :15:15: error: 'resize' makes f32[N, 1, 4, 4] of f32[N, 1, 1, 65537], more than 65536 rows or columns
# CHECK: note: that tensor comes from input 'wide' at line 3
# CHECK: help: cut the image into pieces
