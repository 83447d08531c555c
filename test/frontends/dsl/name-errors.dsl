# RUN: split-file %s %t
# RUN: not cnnc %t/definitions.dsl --emit=cnn 2>&1 | FileCheck %t/definitions.dsl
# RUN: not cnnc %t/names.dsl --emit=cnn 2>&1 | FileCheck %t/names.dsl
# RUN: not cnnc %t/recursion.dsl --emit=cnn 2>&1 | FileCheck %t/recursion.dsl
# RUN: not cnnc %t/inputs.dsl --emit=cnn 2>&1 | FileCheck %t/inputs.dsl

#--- definitions.dsl
block relu(x) { return x }
block twice(x) { return x }
block twice(x) { return x }
# CHECK: :1:7: error: 'relu' is the name of a layer
# CHECK: help: choose another name
# CHECK: :3:7: error: 'twice' is defined twice
# CHECK: note: the first is at line 2
# CHECK: help: choose another name
#--- names.dsl
block names(x, unused: int, n: int) {
  y = x |> relu
  y = x |> tanh
  z = yy |> relu
  c = conv
  d = x |> convv(3, 3)
  if_ = if n > 0 { y = x |> relu
                   y } else { z }
  e = if n > 0 { w = x } else { x }
  for n in 0..3 { f = x |> relu }
  x |> relu
  for i in 0..3 { return x }
  return x |> names2(c, d, if_)
  g = x
}

block nothing(x) {
  y = x
}
# CHECK: : error: there is no model
# CHECK: help: write model name(image: f32[N, 1, 28, 28]) -> f32[N, 10] { … }
# CHECK: :1:16: error: parameter 'unused' is never used
# CHECK: help: use it, or remove it
# CHECK: :3:3: error: 'y' has a value already
# CHECK: note: from line 2
# CHECK: help: give the new value a name of its own
# CHECK: :4:7: error: unknown name 'yy'; did you mean 'y'?
# CHECK: :5:7: error: unknown name 'conv'
# CHECK: help: to call it, write conv(…) or '|> conv'
# CHECK: :6:12: error: unknown layer or block 'convv'; did you mean 'conv'?
# CHECK: :7:20: error: an 'if' cannot give 'y' a new value
# CHECK: note: its value is from line 2
# CHECK: help: write y = if … { … } else { y }
# CHECK: :9:3: error: value 'e' is never used
# CHECK: help: use it, or remove what computes it; '_' takes a value that is not wanted
# CHECK: :9:18: error: a branch of 'if' ends in its value
# CHECK: help: write the value as the last line
# CHECK: :10:7: error: 'n' has a value already
# CHECK: help: give the loop's variable another name
# CHECK: :10:19: error: value 'f' is never used
# CHECK: help: use it, or remove what computes it; '_' takes a value that is not wanted
# CHECK: :11:3: error: the value of this line is never used
# CHECK: help: write return …, or give it a name
# CHECK: :12:19: error: 'return' stands at the end of a block or model
# CHECK: help: in an 'if', the last line is the value; a loop carries values by their names
# CHECK: :13:15: error: unknown layer or block 'names2'; did you mean 'names'?
# CHECK: :14:3: error: nothing can stand after the value of a body
# CHECK: help: move it up, or remove it
# CHECK: :17:7: error: block 'nothing' returns nothing
# CHECK: help: end its body with 'return …'
# CHECK: :18:3: error: value 'y' is never used
# CHECK: help: use it, or remove what computes it; '_' takes a value that is not wanted
#--- recursion.dsl
block ping(x) { return x |> pong }
block pong(x) { return x |> ping }
model m(image: f32[N, 3, 8, 8]) -> f32[N, 3, 8, 8] { return image |> ping }
# CHECK: :2:29: error: blocks call each other without end: ping → pong → ping
# CHECK: help: repeat with 'for'
#--- inputs.dsl
model m(x: f32[N, 3], x: f32[N, 3]) -> f32[N, 3] { return x |> relu }
# CHECK: :1:23: error: 'x' has a value already
