# RUN: not cnnc %s --emit=cnn 2>&1 | FileCheck %s

import blocks
import "no-such-file.dsl"
import ""

layer conv {}

block 5(x) { return x }
block if(x) { return x }
block b1(x { return x }
block b2(x: ) { return x }
block b3(x: [int) { return x }

model broken(image: f32[N, 1, 28, 28]) -> (f32[N, 1] f32[N, 2]) {
  return image
}

block statements(x) {
  a = x |> relu(
  b = x |> relu |> 3
  c = x |> conv @
  d = "no end
  e = "bad \q escape"
  f = "open { brace"
  g = "{x y}"
  h = 123456789012345678901234567890
  i = 80 epoch5
  j, 5 = x
  x.channels = 5
  k = if x { x }
  for (q in x { r = x }
  for 3 in x { r = x }
  l = x § y
  m = step @label
  n = [1, 2
  o = )
  return x
}

block unclosed(x) {
  y = x |> relu

train t {
  "batch" = 3
  batch 3
  batch = 3

block last(x) { return x

# CHECK: :3:8: error: expected a file name in quotes, found 'blocks'
# CHECK: :4:1: error: cannot read '{{.*}}no-such-file.dsl': No such file or directory
# CHECK: help: an import is relative to the file it stands in
# CHECK: :5:1: error: '' is no file name
# CHECK: help: write import "blocks.dsl"
# CHECK: :7:1: error: expected 'import', 'block', 'model' or 'train', found 'layer'
# CHECK: :9:7: error: expected the name of the block, found '5'
# CHECK: :10:7: error: expected the name of the block, found 'if'
# CHECK: help: 'if' is a word of the language; choose another name
# CHECK: :11:12: error: expected ')' after the parameters, found '{'
# CHECK: :12:13: error: expected a type, found ')'
# CHECK: :13:17: error: expected ']' after the type of the elements, found ')'
# CHECK: :15:54: error: expected ')' after the results, found 'f32'
# CHECK: :21:5: error: expected ')' or ',' in the arguments, found '='
# CHECK: :23:3: error: expected a name after '@', found 'd'
# CHECK: help: write @conv1, or @"layer{i}.conv1" for a name that is made
# CHECK: :23:7: error: string does not end on its line
# CHECK: help: close it with '"'
# CHECK: :24:12: error: unknown escape in a string
# CHECK: help: escapes are \n, \t, \", \\, \{ and \}
# CHECK: :25:13: error: '{' in a string is not closed
# CHECK: help: write '\{' for the character itself
# CHECK: :26:11: error: expected the end of the expression, found 'y'
# CHECK: :27:7: error: the number 123456789012345678901234567890 is too large
# CHECK: :28:10: error: unknown unit 'epoch5'; did you mean 'epochs'?
# CHECK: help: units are epochs, steps, %, KiB, MiB, GiB, s, min, h
# CHECK: :29:6: error: expected a name, found '5'
# CHECK: :30:3: error: only a name can be given a value
# CHECK: :32:3: error: expected 'else', found 'for'
# CHECK: help: 'if' is an expression and needs a value either way: if c { a } else { b }
# CHECK: :32:10: error: expected ',' and a name for the count, found 'in'
# CHECK: :33:7: error: expected the name of the loop's variable, found '3'
# CHECK: :34:9: error: unexpected character '§'
# CHECK: :35:12: error: expected '(' and arguments after 'step', found '@'
# CHECK: :37:3: error: expected ']' or ',' in the list, found 'o'
# CHECK: :37:7: error: expected an expression, found ')'
# CHECK: :44:1: error: expected '}' to close the body, found 'train'
# CHECK: note: opened at line 41
# CHECK: :45:3: error: expected a key, found '"batch"'
# CHECK: :46:9: error: expected '=' after the key, found '3'
# CHECK: :49:1: error: expected '}' to close 't', found 'block'
# CHECK: note: opened at line 44
# CHECK: :{{[0-9]+}}:1: error: expected '}' to close the body, found the end of the file
# CHECK: note: opened at line 49
