# RUN: cnnc %s --emit=cnn | FileCheck %s
# fan_in is 4 · 9 = 36, fan_out 16 · 9 = 144 for a kernel of 3×3.

model m(x: f32[N, 4, 8, 8]) {
  h = x
  # CHECK: @default.weight {{.*}} #cnn.init<uniform, -0.16666666666666666 : f64, 0.16666666666666666 : f64>
  # CHECK: @default.bias {{.*}} #cnn.init<uniform, -0.16666666666666666 : f64, 0.16666666666666666 : f64>
  _ = h |> conv(16, 3) @default
  # √(2 / 36)
  # CHECK: @he.weight {{.*}} #cnn.init<normal, 0.000000e+00 : f64, 0.2357022603955158{{.*}} : f64>
  # CHECK: @he.bias {{.*}} #cnn.init<constant, 0.000000e+00 : f64
  _ = h |> conv(16, 3, init: he_normal()) @he
  # √(6 / 144)
  # CHECK: @he_out.weight {{.*}} #cnn.init<uniform, -0.204124145231931{{.*}} : f64, 0.204124145231931{{.*}} : f64>
  _ = h |> conv(16, 3, init: he_uniform(mode: fan_out)) @he_out
  # √(2 / 180)
  # CHECK: @xavier.weight {{.*}} #cnn.init<normal, 0.000000e+00 : f64, 0.105409255338945{{.*}} : f64>
  _ = h |> conv(16, 3, init: xavier_normal) @xavier
  # 2 · √(6 / 180)
  # CHECK: @gain.weight {{.*}} #cnn.init<uniform, -0.365148371670110{{.*}} : f64, 0.365148371670110{{.*}} : f64>
  _ = h |> conv(16, 3, init: xavier_uniform(gain: 2)) @gain
  # CHECK: @normal.weight {{.*}} #cnn.init<normal, 1.000000e+00 : f64, 5.000000e-01 : f64>
  _ = h |> conv(16, 3, init: normal(mean: 1, std: 0.5)) @normal
  # CHECK: @constant.weight {{.*}} #cnn.init<constant, 3.000000e+00 : f64
  _ = h |> conv(16, 3, init: constant(3)) @constant
  # Groups share the fans: fan_in 2 · 9, fan_out 8 · 9; √(2 / 72)
  # CHECK: @groups.weight {{.*}} #cnn.init<normal, 0.000000e+00 : f64, 0.1666666666666666{{.*}} : f64>
  _ = h |> conv(16, 3, groups: 2, init: he_normal(mode: fan_out)) @groups
  return h |> relu
}
