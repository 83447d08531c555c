# RUN: not cnnc %s --emit=cnn 2>&1 | FileCheck %s

block inner(x, n: int) {
  return x |> conv(n, 9) @c
}

model layers(image: f32[N, 4, 6, 6], v: f32[N, 8]) -> f32[N, 4, 6, 6] {
  pooled = image |> maxpool(2)
  _ = pooled |> dense(10) @d
  _ = v |> conv(3, 3) @c1
  _ = v |> maxpool(2)
  _ = image |> conv(3, 3, groups: 2) @c2
  _ = pooled |> conv(3, 5) @c3
  _ = pooled |> conv(3, 3, dilation: 2, pad: [0, 1]) @c4
  _ = image |> maxpool(2, pad: 2)
  _ = image |> avgpool([7, 2])
  _ = image + pooled
  _ = image |> add(v)
  _ = image % 2
  _ = image - "a"
  _ = concat(image, pooled)
  _ = concat()
  _ = image |> reshape([])
  _ = image |> reshape([4, 4])
  _ = image |> slice(start: [0, 0])
  _ = image |> slice(stop: [4, 7, 6])
  _ = image |> pad(low: [1])
  _ = image |> standardize(mean: [0, 0, 0], std: 1)
  _ = image |> standardize(mean: 0, std: [1, 1, 0, 1])
  _ = image |> conv(3, 3)
  _ = image |> conv(2147483647, 1) @c5 |> relu
  _ = image |> pad(low: [0, 2147483647, 0])
  _ = image |> conv(3, kernel: "3") @c6
  _ = image |> conv(3, 0) @c7
  _ = image |> conv(3, [1, 2, 3]) @c8
  _ = image |> conv(3, 3, strides: 2) @c9
  _ = image |> conv(3, 3, pad: 1, pad: 2) @c10
  _ = image |> relu(3)
  _ = image |> conv(3) @c11
  _ = image |> dropout(1.5)
  _ = image |> conv(3, 3, init: he_norma()) @c12
  _ = image |> conv(3, 3, init: he_normal(mode: fan_inn)) @c13
  _ = image |> conv(3, 3, init: he_normal() @x) @c14
  _ = image |> conv(3, 3, init: 5) @c15
  _ = image |> conv(3, 1) @""
  _ = image |> conv(3, 1) @"a b"
  _ = image |> conv(3, 1) @"a.{v}"
  _ = image |> conv(3, 1) @same
  _ = image |> conv(3, 1) @same
  _ = v |> inner(3) @one
  _ = image |> inner(3) @two
  return image |> maxpool(1)
}

# CHECK: :4:15: error: 'conv' needs a tensor [N, C, L], [N, C, H, W] or [N, C, D, H, W], got f32[N, 8]
# CHECK: note: that tensor comes from input 'v' at line 7
# CHECK: note: in block 'inner', instantiated at {{.*}}layer-errors.dsl:50:12 as one
# CHECK: :9:17: error: 'dense' needs a 2-d tensor [N, features], got f32[N, 4, 3, 3]
# CHECK: note: that tensor comes from 'maxpool' at line 8
# CHECK: help: insert '|> flatten' before this
# CHECK: :10:12: error: 'conv' needs a tensor [N, C, L], [N, C, H, W] or [N, C, D, H, W], got f32[N, 8]
# CHECK: note: that tensor comes from input 'v' at line 7
# CHECK: :11:12: error: 'maxpool' needs a tensor [N, C, L], [N, C, H, W] or [N, C, D, H, W], got f32[N, 8]
# CHECK: note: that tensor comes from input 'v' at line 7
# CHECK: :12:16: error: 'conv' cannot split 4 input and 3 output channels into 2 groups
# CHECK: note: that tensor comes from input 'image' at line 7
# CHECK: help: groups divides both
# CHECK: :13:17: error: 'conv' kernel spans 5 elements, but the height is 3 with padding 0 and 0
# CHECK: note: input f32[N, 4, 3, 3] comes from 'maxpool' at line 8
# CHECK: help: use pad: 1 or a kernel of at most 3
# CHECK: :14:17: error: 'conv' kernel spans 5 elements, but the height is 3 with padding 0 and 0
# CHECK: note: input f32[N, 4, 3, 3] comes from 'maxpool' at line 8
# CHECK: help: use pad: 1 or a kernel of at most 2
# CHECK: :15:16: error: 'maxpool' pads by 2, more than half of its window of 2
# CHECK: help: use pad: 1 at the most, or a 'pad' layer before this
# CHECK: :16:16: error: 'avgpool' window spans 7 elements, but the height is 6 with padding 0 and 0
# CHECK: note: input f32[N, 4, 6, 6] comes from input 'image' at line 7
# CHECK: help: use a window of at most 6
# CHECK: :17:13: error: '+' needs equal shapes, got f32[N, 4, 6, 6] and f32[N, 4, 3, 3]
# CHECK: note: left  comes from input 'image' at line 7
# CHECK: note: right comes from 'maxpool' at line 8
# CHECK: :18:16: error: 'add' needs equal shapes, got f32[N, 4, 6, 6] and f32[N, 8]
# CHECK: note: left  comes from input 'image' at line 7
# CHECK: note: right comes from input 'v' at line 7
# CHECK: :19:13: error: '%' cannot combine the tensor f32[N, 4, 6, 6] and the integer 2
# CHECK: help: tensors have + - * and / with tensors of their shape and with numbers
# CHECK: :20:13: error: '-' cannot combine the tensor f32[N, 4, 6, 6] and the text "a"
# CHECK: help: tensors have + - * and / with tensors of their shape and with numbers
# CHECK: :21:7: error: 'concat' needs equal sizes but for the first after N, got f32[N, 4, 6, 6] and f32[N, 4, 3, 3]
# CHECK: note: the first comes from input 'image' at line 7
# CHECK: note: the other comes from 'maxpool' at line 8
# CHECK: :22:7: error: 'concat' needs 'inputs'
# CHECK: note: it is concat(inputs)
# CHECK: :23:16: error: 'reshape' needs at least one size
# CHECK: help: flatten makes [N, features]
# CHECK: :24:16: error: 'reshape' needs as many elements, got f32[N, 4, 6, 6] with 144 and f32[N, 4, 4] with 16
# CHECK: note: that tensor comes from input 'image' at line 7
# CHECK: help: sizes are those of one example, without N
# CHECK: :25:16: error: 'slice' needs 3 sizes in 'start', got 2
# CHECK: note: input f32[N, 4, 6, 6] comes from input 'image' at line 7
# CHECK: help: one per dimension but the batch
# CHECK: :26:16: error: 'slice' from 0 to 7 does not fit in 6 elements
# CHECK: note: input f32[N, 4, 6, 6] comes from input 'image' at line 7
# CHECK: help: start is before stop, and stop at most the size
# CHECK: :27:16: error: 'pad' needs 3 sizes in 'low', got 1
# CHECK: note: input f32[N, 4, 6, 6] comes from input 'image' at line 7
# CHECK: help: one per dimension but the batch
# CHECK: :28:16: error: 'standardize' has 3 values of 'mean' for 4 channels
# CHECK: note: that tensor comes from input 'image' at line 7
# CHECK: help: give one value, or one per channel
# CHECK: :29:16: error: 'standardize' needs positive standard deviations
# CHECK: help: leave out channels that never change
# CHECK: :30:16: error: 'conv' has parameters and needs a name
# CHECK: help: write conv(3, 3) @conv1
# CHECK: :32:16: error: 'pad' makes a size of 2147483653; sizes are from 1 to 2147483647
# CHECK: :33:32: error: 'kernel' of 'conv' takes an integer or a list of one per dimension of at least 1, got the text "3"
# CHECK: note: it is conv(x, channels, kernel, stride: 1, pad: 0, dilation: 1, groups: 1, bias: true, init: …)
# CHECK: :34:24: error: 'kernel' of 'conv' takes an integer or a list of one per dimension of at least 1, got the integer 0
# CHECK: note: it is conv(x, channels, kernel, stride: 1, pad: 0, dilation: 1, groups: 1, bias: true, init: …)
# CHECK: :35:16: error: 'conv' has 3 sizes in 'kernel' for 2 spatial dimensions
# CHECK: note: input f32[N, 4, 6, 6] comes from input 'image' at line 7
# CHECK: help: give one, or one per dimension
# CHECK: :36:27: error: 'conv' has no parameter 'strides'; did you mean 'stride'?
# CHECK: note: it is conv(x, channels, kernel, stride: 1, pad: 0, dilation: 1, groups: 1, bias: true, init: …)
# CHECK: :37:35: error: 'pad' of 'conv' is given twice
# CHECK: note: it is conv(x, channels, kernel, stride: 1, pad: 0, dilation: 1, groups: 1, bias: true, init: …)
# CHECK: :38:21: error: 'relu' takes at most 1 argument
# CHECK: note: it is relu(x)
# CHECK: :39:16: error: 'conv' needs 'kernel'
# CHECK: note: it is conv(x, channels, kernel, stride: 1, pad: 0, dilation: 1, groups: 1, bias: true, init: …)
# CHECK: :40:24: error: 'ratio' of 'dropout' takes a number from 0 to 0.999, got the number 1.5
# CHECK: note: it is dropout(x, ratio: 0.5)
# CHECK: :41:33: error: 'init' of 'conv' takes an initializer, and 'he_norma' is none; did you mean 'he_normal'?
# CHECK: help: there are he_normal, he_uniform, xavier_normal, xavier_uniform, normal, uniform, constant
# CHECK: :42:49: error: 'mode' of 'he_normal' takes fan_in or fan_out, and 'fan_inn' is none; did you mean 'fan_in'?
# CHECK: help: there are fan_in, fan_out
# CHECK: :43:46: error: 'he_normal' is no layer and takes no name
# CHECK: help: remove the '@'
# CHECK: :44:33: error: 'init' of 'conv' takes an initializer, got the integer 5
# CHECK: help: there are he_normal, he_uniform, xavier_normal, xavier_uniform, normal, uniform, constant
# CHECK: :45:28: error: '' cannot name parameters
# CHECK: help: names are letters, digits, '_' and '-', joined by single dots
# CHECK: :46:28: error: 'a b' cannot name parameters
# CHECK: help: names are letters, digits, '_' and '-', joined by single dots
# CHECK: :47:32: error: a text cannot hold the tensor f32[N, 8]
# CHECK: help: put an integer, a number or a text there
# CHECK: :49:16: error: two parameters are named 'same.weight'
# CHECK: note: the first is at line 48
# CHECK: help: give one of the layers, or a block around it, another name with '@'
