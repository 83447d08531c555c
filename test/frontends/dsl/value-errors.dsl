# RUN: not cnnc %s --emit=cnn --model=values 2>&1 | FileCheck %s

block two(x) { return x, x }
block none() { return 3 }
block typed(x, n: int, l: [int] = [1], t: f32[N, 8] = 3) { return if n > l[0] { t } else { x } }
block wrong(x: integer) { return x }
block shaped(x) -> f32[N, 9] { return x }
block pair(x) -> f32[N, 8] { return x, x }
block number(x) -> int { return x }
block notensor(x) -> f32[N, 8] { return if x.features == 8 { 8 } else { 9 } }
block empty(x) { return if x.features == 8 { } else { x } }
model other(x: f32[N, 8]) -> f32[N, 8] { return x }

model values(v: f32[N, 8], image: f32[N, 3, 8, 8], n: int = 3) -> f32[N, 8] {
  _ = 1.."a"
  _ = 0..1000000
  _ = 1 < "a"
  _ = 1 + "a"
  _ = 9223372036854775807 + 1
  _ = 1 / 0
  _ = 1e308 * 10.0
  a, b, _ = two(v)
  _ = two(v)
  _ = not 3
  _ = -"a"
  _ = if 1 { v } else { v }
  for i in 5 { _ = v }
  _ = "{v}"
  _ = [1, 2][3]
  _ = n[0]
  _ = v.height
  _ = v.chanels
  _ = n.channels
  _ = v |> none
  _ = v |> other
  _ = v |> typed
  _ = v |> typed("a")
  _ = v |> typed(1, [1, "b"])
  _ = v |> typed(1, 2)
  _ = v |> typed(1, t: v, m: 3)
  _ = v |> typed(1, n: 3)
  _ = v |> typed(1, [1], v, 5)
  _ = 3 |> two
  _ = typed(v, 1, t: image)
  _ = v |> wrong
  _ = v |> shaped
  _ = v |> pair
  _ = v |> number
  _ = v |> notensor
  _ = v |> empty
  _ = v |> dense(3)(4)
  _ = a + b
  _ = [[[[[[[[[1]]]]]]]]]
  return v
}

# CHECK: :5:55: error: 't' of block 'typed' takes a tensor, got the integer 3
# CHECK: note: declared at line 5
# CHECK: note: in block 'typed', instantiated at {{.*}}value-errors.dsl:37:12
# CHECK: :6:16: error: unknown type 'integer'
# CHECK: note: in block 'wrong', instantiated at {{.*}}value-errors.dsl:45:12
# CHECK: help: types are f32[N, …], tensor, int, float, bool, string and lists of these: [int]
# CHECK: :7:20: error: block 'shaped' returns f32[N, 8], but declares f32[N, 9]
# CHECK: note: that tensor comes from input 'v' at line 14
# CHECK: note: in block 'shaped', instantiated at {{.*}}value-errors.dsl:46:12
# CHECK: :8:7: error: block 'pair' returns 2 values, but declares 1
# CHECK: note: in block 'pair', instantiated at {{.*}}value-errors.dsl:47:12
# CHECK: help: declare -> (f32[N, …], f32[N, …])
# CHECK: :9:20: error: a result is a tensor, not 'int'
# CHECK: note: in block 'number', instantiated at {{.*}}value-errors.dsl:48:12
# CHECK: help: write f32[N, 10]
# CHECK: :10:22: error: block 'notensor' returns the integer 8, but declares f32[N, 8]
# CHECK: note: in block 'notensor', instantiated at {{.*}}value-errors.dsl:49:12
# CHECK: help: return a tensor
# CHECK: :11:25: error: a branch of this 'if' has no value
# CHECK: note: in block 'empty', instantiated at {{.*}}value-errors.dsl:50:12
# CHECK: help: write the value as its last line
# CHECK: :15:8: error: '..' needs two integers, got the integer 1 and the text "a"
# CHECK: help: 0..3 is 0, 1, 2
# CHECK: :16:7: error: a range of more than 100000 elements
# CHECK: help: use a smaller one
# CHECK: :17:9: error: '<' cannot compare the integer 1 and the text "a"
# CHECK: help: numbers compare with numbers; texts and conditions with == and != only
# CHECK: :18:9: error: '+' needs two numbers or two tensors, got the integer 1 and the text "a"
# CHECK: help: numbers with a unit, texts and lists are not calculated with
# CHECK: :19:27: error: the result of '+' does not fit in 64 bits
# CHECK: help: use smaller numbers
# CHECK: :20:9: error: division by zero
# CHECK: help: check the divisor
# CHECK: :21:13: error: the result of '*' is not a number
# CHECK: help: check the operands
# CHECK: :22:3: error: 3 names for 2 values
# CHECK: help: '_' takes a value that is not wanted
# CHECK: :23:7: error: 'two' returns 2 values
# CHECK: help: take them by name: a, b = two(…)
# CHECK: :24:11: error: 'not' needs true or false, got the integer 3
# CHECK: help: compare with ==, !=, <, <=, > or >=
# CHECK: :25:7: error: '-' needs a number or a tensor, got the text "a"
# CHECK: help: nothing else has a sign
# CHECK: :26:10: error: 'if' needs true or false, got the integer 1
# CHECK: help: compare with ==, !=, <, <=, > or >=
# CHECK: :27:12: error: 'for' needs a list or a range, got the integer 5
# CHECK: help: write 0..3, or [64, 128]
# CHECK: :28:9: error: a text cannot hold the tensor f32[N, 8]
# CHECK: help: put an integer, a number or a text there
# CHECK: :29:7: error: index 3 is outside of a list of 2
# CHECK: help: the first is [0]
# CHECK: :30:7: error: '[…]' takes one integer and a list, got the integer 3
# CHECK: help: tensors have .channels, .height, .width
# CHECK: :31:9: error: 'height' is an attribute of 4-d tensors, got f32[N, 8]
# CHECK: note: that tensor comes from input 'v' at line 14
# CHECK: :32:9: error: tensors have no attribute 'chanels'; did you mean 'channels'?
# CHECK: help: they have .channels, .height, .width, .features
# CHECK: :33:9: error: the integer 3 has no attributes
# CHECK: help: tensors have .channels, .height, .width, .features
# CHECK: :34:12: error: block 'none' takes nothing from '|>'
# CHECK: help: call it: none()
# CHECK: :35:12: error: 'other' is a model and cannot be called
# CHECK: help: declare it as a block
# CHECK: :36:12: error: block 'typed' needs 'n'
# CHECK: note: it has x, n, l, t
# CHECK: :37:18: error: 'n' of block 'typed' takes int, got the text "a"
# CHECK: note: declared at line 5
# CHECK: note: in block 'typed', instantiated at {{.*}}value-errors.dsl:37:12
# CHECK: :38:21: error: 'l' of block 'typed' takes [int], got a list of 2
# CHECK: note: declared at line 5
# CHECK: note: in block 'typed', instantiated at {{.*}}value-errors.dsl:38:12
# CHECK: :39:21: error: 'l' of block 'typed' takes [int], got the integer 2
# CHECK: note: declared at line 5
# CHECK: note: in block 'typed', instantiated at {{.*}}value-errors.dsl:39:12
# CHECK: :40:27: error: block 'typed' has no parameter 'm'
# CHECK: note: it has x, n, l, t
# CHECK: :41:21: error: 'n' of block 'typed' is given twice
# CHECK: note: it has x, n, l, t
# CHECK: :42:29: error: block 'typed' takes at most 4 arguments
# CHECK: note: it has x, n, l, t
# CHECK: :43:12: error: 'x' of block 'two' takes a tensor, got the integer 3
# CHECK: note: in block 'two', instantiated at {{.*}}value-errors.dsl:43:12
# CHECK: help: declare its type: x: int
# CHECK: :44:22: error: 't' of block 'typed' takes f32[N, 8], got the tensor f32[N, 3, 8, 8]
# CHECK: note: declared at line 5
# CHECK: note: in block 'typed', instantiated at {{.*}}value-errors.dsl:44:7
# CHECK: :47:12: error: 'pair' returns 2 values
# CHECK: help: take them by name: a, b = pair(…)
# CHECK: :51:12: error: 'dense' has parameters and needs a name
# CHECK: help: write dense(3) @dense1
# CHECK: :51:20: error: the value of this line is never used
# CHECK: help: write return …, or give it a name
# CHECK: :53:7: error: a list of more than 100000 elements or 8 levels
# CHECK: help: use a smaller one
