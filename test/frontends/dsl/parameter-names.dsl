# RUN: cnnc %s --emit=cnn | FileCheck %s

block head(x) {
  # CHECK: cnn.parameter @head.attention.in_proj_weight
  # CHECK: cnn.parameter @head.attention.in_proj_bias
  # CHECK: cnn.parameter @head.out.weight
  return x |> dense(8) @"attention.in_proj_*" |> dense(4) @out
}

# CHECK: cnn.parameter @norm_running_mean_1 buffer
model names(x: f32[N, 3]) -> f32[N, 4] {
  return x |> head @head |> batchnorm @"norm_*_1"
}
