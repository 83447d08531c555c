# Functions, activations and arithmetic of elements in networks that are trained: 17 channels leave a gap of 15.

model excited(x: f32[N, 3, 9, 7]) -> f32[N, 4] {
  a = x |> conv(17, 3, pad: 1) @a |> prelu @slope |> hard_swish
  s = a |> global_avgpool |> conv(5, 1) @squeeze |> swish |> conv(17, 1) @excite |> hard_sigmoid
  b = a * (s |> broadcast([17, 9, 7])) |> conv(6, 3, stride: 2) @b |> gelu
  return b |> conv(6, 1) @c |> mish |> flatten |> dense(4) @fc
}
train excitation { model = excited()
  loss = softmax_cross_entropy()
  optimizer = sgd(lr: 0.05, momentum: 0.9) }

model activated(x: f32[N, 2, 5, 5]) -> f32[N, 17, 3, 3] {
  a = x |> conv(17, 3) @a
  b = elu(a, 0.5) + selu(a) - celu(a, 2) * softplus(a) + softsign(a) / (thresholded_relu(a, 0.1) + 2)
  c = clip(b, -2, 2) + gelu(b, approximate: tanh)
  return c |> conv(17, 1) @b
}
train activation { model = activated()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.05) }

model calculated(x: f32[N, 2, 5, 5]) -> f32[N, 17, 3, 3] {
  a = x |> conv(17, 3) @a |> sigmoid
  b = exp(-a) * log(a + 1) + sqrt(a) / rsqrt(a + 1) + reciprocal(a + 0.5) - erf(a)
  c = sin(a) * cos(b) + tan(a) - asin(a) * acos(a) + atan(b) + sinh(a) / cosh(a) + asinh(b) - acosh(a + 2) + atanh(a * 0.5)
  d = where(less(a, b), min(b, c), max(a, c)) + pow(a + 0.5, b) + power(a, 2.5) + power(b, 3) * abs(c)
  return d |> conv(17, 1) @b
}
train calculation { model = calculated()
  loss = mean_squared_error()
  optimizer = sgd(lr: 0.001) }
