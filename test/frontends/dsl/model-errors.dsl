# RUN: split-file %s %t
# RUN: not cnnc %t/no-shape.dsl --emit=cnn 2>&1 | FileCheck %t/no-shape.dsl
# RUN: not cnnc %t/default.dsl --emit=cnn 2>&1 | FileCheck %t/default.dsl
# RUN: not cnnc %t/no-input.dsl --emit=cnn 2>&1 | FileCheck %t/no-input.dsl
# RUN: not cnnc %t/no-value.dsl --emit=cnn 2>&1 | FileCheck %t/no-value.dsl
# RUN: not cnnc %t/batch.dsl --emit=cnn 2>&1 | FileCheck %t/batch.dsl
# RUN: not cnnc %t/batch2.dsl --emit=cnn 2>&1 | FileCheck %t/batch2.dsl
# RUN: not cnnc %t/size.dsl --emit=cnn 2>&1 | FileCheck %t/size.dsl
# RUN: not cnnc %t/rank.dsl --emit=cnn 2>&1 | FileCheck %t/rank.dsl
# RUN: not cnnc %t/huge.dsl --emit=cnn 2>&1 | FileCheck %t/huge.dsl
# RUN: not cnnc %t/huge2.dsl --emit=cnn 2>&1 | FileCheck %t/huge2.dsl
# RUN: not cnnc %t/huge3.dsl --emit=cnn 2>&1 | FileCheck %t/huge3.dsl
# RUN: not cnnc %t/zero.dsl --emit=cnn 2>&1 | FileCheck %t/zero.dsl
# RUN: not cnnc %t/result.dsl --emit=cnn 2>&1 | FileCheck %t/result.dsl
# RUN: not cnnc %t/results.dsl --emit=cnn 2>&1 | FileCheck %t/results.dsl
# RUN: not cnnc %t/returns.dsl --emit=cnn 2>&1 | FileCheck %t/returns.dsl
# RUN: not cnnc %t/several.dsl --emit=cnn 2>&1 | FileCheck %t/several.dsl
# RUN: not cnnc %t/nothing.dsl --emit=cnn 2>&1 | FileCheck %t/nothing.dsl
# RUN: not cnnc %t/operations.dsl --emit=cnn 2>&1 | FileCheck %t/operations.dsl
# RUN: not cnnc %t/steps.dsl --emit=cnn 2>&1 | FileCheck %t/steps.dsl
# RUN: not cnnc %t/text.dsl --emit=cnn 2>&1 | FileCheck %t/text.dsl
# RUN: not cnnc %t/deep.dsl --emit=cnn 2>&1 | FileCheck %t/deep.dsl

#--- no-shape.dsl
model m(x) -> f32[N, 8] { return x }
# CHECK: :1:9: error: 'x' of model 'm' needs a shape
# CHECK: help: write x: f32[N, 3, 32, 32]
#--- default.dsl
model m(x: f32[N, 8] = 3) -> f32[N, 8] { return x }
# CHECK: :1:24: error: an input has no default
# CHECK: help: remove it
#--- no-input.dsl
model m(n: int = 3) -> f32[N, 8] { return n }
# CHECK: :1:7: error: model 'm' has no input
# CHECK: help: add a parameter such as image: f32[N, 1, 28, 28]
#--- no-value.dsl
model m(x: f32[N, 8], n: int) -> f32[N, 8] { return x |> dense(n) @fc }
# CHECK: :1:23: error: 'n' of model 'm' has no value
# CHECK: help: give it a default, or a value in the train block: model = m(n: …)
#--- batch.dsl
model m(x: f32[8, N]) -> f32[N, 8] { return x }
# CHECK: :1:16: error: a type starts with the batch N
# CHECK: help: write f32[N, 3, 32, 32]
#--- batch2.dsl
model m(x: f32[N, N]) -> f32[N, 8] { return x }
# CHECK: :1:19: error: the batch N stands first in a type
# CHECK: help: write f32[N, 3, 32, 32]
#--- size.dsl
model m(x: f32[N, "a"]) -> f32[N, 8] { return x }
# CHECK: :1:19: error: a size is an integer, got the text "a"
# CHECK: help: write f32[N, 3, 32, 32]
#--- rank.dsl
model m(x: f32[N]) -> f32[N, 8] { return x }
# CHECK: :1:12: error: a type has the batch N and at least one size
# CHECK: help: write f32[N, 3, 32, 32]
#--- huge.dsl
model m(x: f32[N, 1048576, 1048577]) -> f32[N, 8] { return x }
# CHECK: :1:12: error: the type is a tensor of more than 2^40 elements
# CHECK: help: use smaller sizes
#--- huge2.dsl
model m(x: f32[N, 2147483648]) -> f32[N, 8] { return x }
# CHECK: :1:12: error: the type is a size of 2147483648; sizes are from 1 to 2147483647
# CHECK: help: use smaller sizes
#--- huge3.dsl
model m(x: f32[N, 1, 1, 1, 1, 1, 1, 1, 1]) -> f32[N, 8] { return x }
# CHECK: :1:12: error: the type is a tensor of 9 dimensions; the limit is 8
# CHECK: help: use smaller sizes
#--- zero.dsl
model m(x: f32[N, 0]) -> f32[N, 8] { return x }
# CHECK: :1:12: error: the type is a size of 0; sizes are from 1 to 2147483647
# CHECK: help: use smaller sizes
#--- result.dsl
model m(x: f32[N, 8], classes: int = 10) -> f32[N, classes] {
  return x |> relu
}
# CHECK: :1:45: error: model 'm' returns f32[N, 8], but declares f32[N, 10]
# CHECK: note: that tensor comes from 'relu' at line 2
#--- results.dsl
model m(x: f32[N, 8]) -> (a: f32[N, 8], b: f32[N, 8]) { return x }
# CHECK: :1:7: error: model 'm' returns 1 value, but declares 2
# CHECK: help: declare -> (f32[N, …], f32[N, …])
#--- returns.dsl
model m(x: f32[N, 8]) { return x.features }
# CHECK: :1:7: error: model 'm' returns the integer 8
# CHECK: help: return a tensor
#--- several.dsl
model a(x: f32[N, 8]) { return x }
model b(x: f32[N, 8]) { return x }
# CHECK: : error: there are several models and train blocks
# CHECK: help: choose with --model: a, b
#--- nothing.dsl
block a(x) { return x }
# CHECK: : error: there is no model
# CHECK: help: write model name(image: f32[N, 1, 28, 28]) -> f32[N, 10] { … }
#--- operations.dsl
model m(x: f32[N, 8]) -> f32[N, 8] {
  h = x
  for i in 0..100000 { h = h |> relu }
  return h |> relu
}
# CHECK: :4:15: error: the model has more than 100000 operations
#--- steps.dsl
model m(x: f32[N, 8]) -> f32[N, 8] {
  n = 0
  for i in 0..100000 {
    for j in 0..100000 { n = n + 1 }
  }
  return x |> dense(n) @fc
}
# CHECK: :4:30: error: the model takes more than 1000000 evaluations to build
# CHECK: help: loop over less
#--- text.dsl
model m(x: f32[N, 8]) -> f32[N, 8] {
  s = "a"
  for i in 0..100 { s = "{s}{s}" }
  return x |> dense(8) @"{s}"
}
# CHECK: :3:25: error: a text of more than 4096 bytes
# CHECK: help: use shorter names
#--- deep.dsl
block b0(x) { return x }
block b1(x) { return x |> b0 }
block b2(x) { return x |> b1 }
block b3(x) { return x |> b2 }
block b4(x) { return x |> b3 }
block b5(x) { return x |> b4 }
block b6(x) { return x |> b5 }
block b7(x) { return x |> b6 }
block b8(x) { return x |> b7 }
block b9(x) { return x |> b8 }
block b10(x) { return x |> b9 }
block b11(x) { return x |> b10 }
block b12(x) { return x |> b11 }
block b13(x) { return x |> b12 }
block b14(x) { return x |> b13 }
block b15(x) { return x |> b14 }
block b16(x) { return x |> b15 }
block b17(x) { return x |> b16 }
block b18(x) { return x |> b17 }
block b19(x) { return x |> b18 }
block b20(x) { return x |> b19 }
block b21(x) { return x |> b20 }
block b22(x) { return x |> b21 }
block b23(x) { return x |> b22 }
block b24(x) { return x |> b23 }
block b25(x) { return x |> b24 }
block b26(x) { return x |> b25 }
block b27(x) { return x |> b26 }
block b28(x) { return x |> b27 }
block b29(x) { return x |> b28 }
block b30(x) { return x |> b29 }
block b31(x) { return x |> b30 }
block b32(x) { return x |> b31 }
block b33(x) { return x |> b32 }
block b34(x) { return x |> b33 }
block b35(x) { return x |> b34 }
block b36(x) { return x |> b35 }
block b37(x) { return x |> b36 }
block b38(x) { return x |> b37 }
block b39(x) { return x |> b38 }
block b40(x) { return x |> b39 }
block b41(x) { return x |> b40 }
block b42(x) { return x |> b41 }
block b43(x) { return x |> b42 }
block b44(x) { return x |> b43 }
block b45(x) { return x |> b44 }
block b46(x) { return x |> b45 }
block b47(x) { return x |> b46 }
block b48(x) { return x |> b47 }
block b49(x) { return x |> b48 }
block b50(x) { return x |> b49 }
block b51(x) { return x |> b50 }
block b52(x) { return x |> b51 }
block b53(x) { return x |> b52 }
block b54(x) { return x |> b53 }
block b55(x) { return x |> b54 }
block b56(x) { return x |> b55 }
block b57(x) { return x |> b56 }
block b58(x) { return x |> b57 }
block b59(x) { return x |> b58 }
block b60(x) { return x |> b59 }
block b61(x) { return x |> b60 }
block b62(x) { return x |> b61 }
block b63(x) { return x |> b62 }
block b64(x) { return x |> b63 }
block b65(x) { return x |> b64 }
block b66(x) { return x |> b65 }
block b67(x) { return x |> b66 }
block b68(x) { return x |> b67 }
block b69(x) { return x |> b68 }
block b70(x) { return x |> b69 }
model m(x: f32[N, 8]) -> f32[N, 8] { return x |> b70 }
# CHECK: :9:27: error: blocks call each other more than 64 levels deep
# CHECK: note: in block 'b8', instantiated at {{.*}}deep.dsl:10:27
# CHECK: note: in block 'b9', instantiated at {{.*}}deep.dsl:11:28
# CHECK: note: in block 'b10', instantiated at {{.*}}deep.dsl:12:28
# CHECK: note: in block 'b11', instantiated at {{.*}}deep.dsl:13:28
# CHECK: note: in block 'b12', instantiated at {{.*}}deep.dsl:14:28
# CHECK: note: in block 'b13', instantiated at {{.*}}deep.dsl:15:28
# CHECK: note: and in 57 blocks around it
# CHECK: help: repeat with 'for'
