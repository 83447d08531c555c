# RUN: cnnc %s --emit=cnn | FileCheck %s

model elementwise(x: f32[N, 4, 3, 5], y: f32[N, 4, 3, 5]) -> f32[N, 4, 3, 5] {
  # CHECK: cnn.exp %
  # CHECK: cnn.log %
  # CHECK: cnn.sqrt %
  # CHECK: cnn.rsqrt %
  # CHECK: cnn.reciprocal %
  # CHECK: cnn.erf %
  # CHECK: cnn.abs %
  # CHECK: cnn.sign %
  # CHECK: cnn.floor %
  # CHECK: cnn.ceil %
  # CHECK: cnn.round %
  # CHECK: cnn.sin %
  # CHECK: cnn.cos %
  # CHECK: cnn.tan %
  # CHECK: cnn.asin %
  # CHECK: cnn.acos %
  # CHECK: cnn.atan %
  # CHECK: cnn.sinh %
  # CHECK: cnn.cosh %
  # CHECK: cnn.asinh %
  # CHECK: cnn.acosh %
  # CHECK: cnn.atanh %
  a = x |> exp |> log |> sqrt |> rsqrt |> reciprocal |> erf |> abs |> sign
        |> floor |> ceil |> round |> sin |> cos |> tan |> asin |> acos
        |> atan |> sinh |> cosh |> asinh |> acosh |> atanh
  # CHECK: cnn.elu %{{[^ ]+}} : tensor<?x4x3x5xf32>
  # CHECK: cnn.elu %{{[^ ]+}} {alpha = 5.000000e-01 : f64}
  # CHECK: cnn.selu %{{[^ ]+}} : tensor<?x4x3x5xf32>
  # CHECK: cnn.selu %{{[^ ]+}} {gamma = 2.000000e+00 : f64}
  # CHECK: cnn.celu %{{[^ ]+}} {alpha = 2.000000e+00 : f64}
  # CHECK: cnn.softplus %{{[^ ]+}}
  # CHECK: cnn.softsign %{{[^ ]+}}
  # CHECK: cnn.mish %{{[^ ]+}}
  # CHECK: cnn.hard_sigmoid %{{[^ ]+}} : tensor<?x4x3x5xf32>
  # CHECK: cnn.hard_sigmoid %{{[^ ]+}} {alpha = 2.000000e-01 : f64}
  # CHECK: cnn.hard_swish %{{[^ ]+}}
  # CHECK: cnn.swish %{{[^ ]+}} : tensor<?x4x3x5xf32>
  # CHECK: cnn.swish %{{[^ ]+}} {beta = 2.000000e+00 : f64}
  # CHECK: cnn.gelu %{{[^ ]+}} : tensor<?x4x3x5xf32>
  # CHECK: cnn.gelu %{{[^ ]+}} {approximate = "tanh"}
  # CHECK: cnn.thresholded_relu %{{[^ ]+}} {alpha = 5.000000e-01 : f64}
  # CHECK: cnn.clip %{{[^ ]+}} {max = 6.000000e+00 : f64, min = 0.000000e+00 : f64}
  # CHECK: cnn.clip %{{[^ ]+}} {max = 1.000000e+00 : f64}
  # CHECK: cnn.prelu %{{[^ ]+}}, %{{[^ ]+}} : (tensor<?x4x3x5xf32>, tensor<4xf32>) -> tensor<?x4x3x5xf32>
  b = a |> elu |> elu(0.5) |> selu |> selu(gamma: 2) |> celu(2) |> softplus
        |> softsign |> mish |> hard_sigmoid |> hard_sigmoid(alpha: 0.2) |> hard_swish |> swish
        |> swish(beta: 2) |> gelu |> gelu(approximate: tanh) |> thresholded_relu(0.5) |> clip(0, 6) |> clip(max: 1)
        |> prelu @slope
  # CHECK: cnn.sub %
  # CHECK: cnn.div %
  # CHECK: cnn.mod %
  # CHECK: cnn.min %
  # CHECK: cnn.max %
  # CHECK: cnn.pow %
  # CHECK: cnn.power %{{.*}} {exponent = 2.000000e+00 : f64} : tensor<?x4x3x5xf32>
  # CHECK: cnn.affine %{{.*}} {offset = 1.000000e+00 : f64, scale = 3.000000e+00 : f64} : tensor<?x4x3x5xf32>
  # CHECK: cnn.equal %
  # CHECK: cnn.less %
  # CHECK: cnn.logical_not %
  # CHECK: cnn.where %
  c = b |> sub(y) |> div(y) |> mod(y) |> min(y) |> max(y) |> pow(y) |> power(2) |> affine(3, 1)
  d = where(logical_not(less(equal(c, x), y)), x, c)
  # CHECK: cnn.sub %
  # CHECK: cnn.div %
  # CHECK: cnn.affine {{.*}} {scale = -1.000000e+00 : f64}
  e = -((d - x) / y)
  # CHECK: cnn.affine {{.*}} {offset = 2.000000e+00 : f64, scale = 1.000000e+00 : f64}
  # CHECK: cnn.affine {{.*}} {offset = -3.000000e+00 : f64, scale = 1.000000e+00 : f64}
  # CHECK: cnn.affine {{.*}} {offset = 4.000000e+00 : f64, scale = -1.000000e+00 : f64}
  # CHECK: cnn.affine {{.*}} {scale = 2.500000e-01 : f64}
  # CHECK: cnn.affine {{.*}} {scale = 6.000000e+00 : f64}
  # CHECK: cnn.reciprocal
  # CHECK: cnn.affine {{.*}} {scale = 7.000000e+00 : f64}
  return 7 / (6 * ((4 - ((e + 2) - 3)) / 4))
}
