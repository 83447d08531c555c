# RUN: not cnnc %s --emit=cnn 2>&1 | FileCheck %s --implicit-check-not=error:

block head(x) {
  return x |> dense(4) @out
}

model names(x: f32[N, 3]) -> f32[N, 4] {
  # CHECK: :[[#@LINE+2]]:28: error: 'a_*' cannot name parameters
  # CHECK: help: names are letters, digits, '_' and '-', joined by single dots; one '*' in a layer's stands for the parameter
  y = x |> head           @"a_*"
  # CHECK: :[[#@LINE+1]]:28: error: 'a_*_*' cannot name parameters
  z = x |> dense(4)       @"a_*_*"
  return y + z
}
