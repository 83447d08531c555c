// RUN: cnnc-opt %s | cnnc-opt | FileCheck %s
// RUN: cnnc-opt %s --mlir-print-op-generic | cnnc-opt | FileCheck %s

// CHECK: cnn.parameter @conv1.weight weight : tensor<6x1x5x5xf32> {decay, init = #cnn.init<uniform, -2.000000e-01 : f64, 2.000000e-01 : f64>}
cnn.parameter @"conv1.weight" weight : tensor<6x1x5x5xf32> {init = #cnn.init<uniform, -0.2 : f64, 0.2 : f64>, decay}
// CHECK: cnn.parameter @layer1.0.bn1.running_mean buffer : tensor<3xf32> {init = #cnn.init<constant, 0.000000e+00 : f64, 0.000000e+00 : f64>}
cnn.parameter @"layer1.0.bn1.running_mean" buffer : tensor<3xf32> {init = #cnn.init<constant, 0.0 : f64, 0.0 : f64>}
// CHECK: cnn.parameter @running_var buffer : tensor<3xf32> {init = #cnn.init<normal, 1.000000e+00 : f64, 5.000000e-01 : f64>}
cnn.parameter @running_var buffer : tensor<3xf32> {init = #cnn.init<normal, 1.0 : f64, 0.5 : f64>}
// CHECK: cnn.parameter @"momentum_buffer/conv1.weight" slot : tensor<6x1x5x5xf32>
cnn.parameter @"momentum_buffer/conv1.weight" slot : tensor<6x1x5x5xf32>
// CHECK: cnn.parameter @folded derived : tensor<3xf32> {doc = "scale of bn1"}
cnn.parameter @folded derived : tensor<3xf32> {doc = "scale of bn1"}
// CHECK: cnn.optimizer "sgd" {clip_norm, hypers = {lr = 1.000000e-01 : f64}, options = {nesterov}}
cnn.optimizer "sgd" {hypers = {lr = 0.1 : f64}, options = {nesterov}, clip_norm}

// CHECK-LABEL: func.func @structure
func.func @structure(%w: tensor<6x1x5x5xf32>) {
  // CHECK: cnn.read @conv1.weight : tensor<6x1x5x5xf32>
  %0 = cnn.read @"conv1.weight" : tensor<6x1x5x5xf32>
  // CHECK: cnn.read_gradient @conv1.weight : tensor<6x1x5x5xf32>
  %1 = cnn.read_gradient @"conv1.weight" : tensor<6x1x5x5xf32>
  // CHECK: cnn.phase "backward"
  cnn.phase "backward"
  // CHECK: cnn.write @conv1.weight, %{{.*}} : tensor<6x1x5x5xf32>
  cnn.write @"conv1.weight", %0 : tensor<6x1x5x5xf32>
  // CHECK: cnn.add_gradient @conv1.weight, %{{.*}} : tensor<6x1x5x5xf32>
  cnn.add_gradient @"conv1.weight", %1 : tensor<6x1x5x5xf32>
  // CHECK: cnn.hyper "lr" : tensor<f32>
  %2 = cnn.hyper "lr" : tensor<f32>
  // CHECK: cnn.constant dense<1.000000e+00> : tensor<f32>
  %3 = cnn.constant dense<1.0> : tensor<f32>
  // CHECK: cnn.require_finite %{{.*}} : tensor<f32>
  cnn.require_finite %3 : tensor<f32>
  return
}

// CHECK-LABEL: func.func @contractions
func.func @contractions(%x: tensor<?x4x9x7xf32>, %w: tensor<6x2x3x3xf32>, %dy: tensor<?x6x5x2xf32>,
                        %v: tensor<?x8xf32>, %m: tensor<3x8xf32>, %dv: tensor<?x3xf32>) {
  // CHECK: cnn.conv %{{.*}}, %{{.*}} {dilation = array<i64: 1, 2>, groups = 2 : i64, pad = array<i64: 1, 0, 1, 1>, stride = array<i64: 2, 2>} : (tensor<?x4x9x7xf32>, tensor<6x2x3x3xf32>) -> tensor<?x6x5x2xf32>
  %0 = cnn.conv %x, %w {stride = array<i64: 2, 2>, pad = array<i64: 1, 0, 1, 1>, dilation = array<i64: 1, 2>, groups = 2 : i64}
     : (tensor<?x4x9x7xf32>, tensor<6x2x3x3xf32>) -> tensor<?x6x5x2xf32>
  // CHECK: cnn.conv_input_grad %{{.*}}, %{{.*}} {{{.*}}} : (tensor<?x6x5x2xf32>, tensor<6x2x3x3xf32>) -> tensor<?x4x9x7xf32>
  %1 = cnn.conv_input_grad %dy, %w {stride = array<i64: 2, 2>, pad = array<i64: 1, 0, 1, 1>, dilation = array<i64: 1, 2>, groups = 2 : i64}
     : (tensor<?x6x5x2xf32>, tensor<6x2x3x3xf32>) -> tensor<?x4x9x7xf32>
  // CHECK: cnn.conv_kernel_grad %{{.*}}, %{{.*}} {{{.*}}} : (tensor<?x4x9x7xf32>, tensor<?x6x5x2xf32>) -> tensor<6x2x3x3xf32>
  %2 = cnn.conv_kernel_grad %x, %dy {stride = array<i64: 2, 2>, pad = array<i64: 1, 0, 1, 1>, dilation = array<i64: 1, 2>, groups = 2 : i64}
     : (tensor<?x4x9x7xf32>, tensor<?x6x5x2xf32>) -> tensor<6x2x3x3xf32>
  // CHECK: cnn.dense %{{.*}}, %{{.*}} : (tensor<?x8xf32>, tensor<3x8xf32>) -> tensor<?x3xf32>
  %3 = cnn.dense %v, %m : (tensor<?x8xf32>, tensor<3x8xf32>) -> tensor<?x3xf32>
  // CHECK: cnn.dense_input_grad
  %4 = cnn.dense_input_grad %dv, %m : (tensor<?x3xf32>, tensor<3x8xf32>) -> tensor<?x8xf32>
  // CHECK: cnn.dense_kernel_grad
  %5 = cnn.dense_kernel_grad %v, %dv : (tensor<?x8xf32>, tensor<?x3xf32>) -> tensor<3x8xf32>
  return
}

// CHECK-LABEL: func.func @elementwise
func.func @elementwise(%x: tensor<?x3x4x4xf32>, %y: tensor<?x3x4x4xf32>, %c: tensor<3xf32>, %s: tensor<f32>) {
  // CHECK: cnn.relu %{{.*}} : tensor<?x3x4x4xf32>
  %0 = cnn.relu %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.leaky_relu %{{.*}} {slope = 2.000000e-01 : f64} : tensor<?x3x4x4xf32>
  %1 = cnn.leaky_relu %x {slope = 0.2 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.sigmoid
  %2 = cnn.sigmoid %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.tanh
  %3 = cnn.tanh %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.step
  %4 = cnn.step %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.affine %{{.*}} {offset = 1.000000e+00 : f64, scale = 2.000000e+00 : f64} : tensor<?x3x4x4xf32>
  %5 = cnn.affine %x {scale = 2.0 : f64, offset = 1.0 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.add %{{.*}}, %{{.*}} : tensor<?x3x4x4xf32>
  %6 = cnn.add %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.sub
  %7 = cnn.sub %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.mul
  %8 = cnn.mul %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.relu_grad
  %9 = cnn.relu_grad %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.leaky_relu_grad
  %10 = cnn.leaky_relu_grad %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.bias %{{.*}}, %{{.*}} : (tensor<?x3x4x4xf32>, tensor<3xf32>) -> tensor<?x3x4x4xf32>
  %11 = cnn.bias %x, %c : (tensor<?x3x4x4xf32>, tensor<3xf32>) -> tensor<?x3x4x4xf32>
  // CHECK: cnn.scale_shift
  %12 = cnn.scale_shift %x, %c, %c : (tensor<?x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3x4x4xf32>
  // CHECK: cnn.standardize %{{.*}} {mean = array<f64: 5.000000e-01>, std = array<f64: 2.500000e-01>} : tensor<?x3x4x4xf32>
  %13 = cnn.standardize %x {mean = array<f64: 0.5>, std = array<f64: 0.25>} : tensor<?x3x4x4xf32>
  // CHECK: cnn.dropout %{{.*}} {id = 1 : i64, ratio = 5.000000e-01 : f64} : tensor<?x3x4x4xf32>
  %14 = cnn.dropout %x {ratio = 0.5 : f64, id = 1 : i64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.dropout_mask
  %15 = cnn.dropout_mask %x {ratio = 0.5 : f64, id = 1 : i64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.scale %{{.*}}, %{{.*}} : (tensor<?x3x4x4xf32>, tensor<f32>) -> tensor<?x3x4x4xf32>
  %16 = cnn.scale %x, %s : (tensor<?x3x4x4xf32>, tensor<f32>) -> tensor<?x3x4x4xf32>
  // CHECK: cnn.clamp
  %17 = cnn.clamp %x, %s : (tensor<?x3x4x4xf32>, tensor<f32>) -> tensor<?x3x4x4xf32>
  return
}

// CHECK-LABEL: func.func @functions
func.func @functions(%x: tensor<?x3x4x4xf32>) {
  // CHECK: cnn.exp %{{.*}} : tensor<?x3x4x4xf32>
  %0 = cnn.exp %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.log %{{.*}} : tensor<?x3x4x4xf32>
  %1 = cnn.log %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.sqrt %{{.*}} : tensor<?x3x4x4xf32>
  %2 = cnn.sqrt %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.rsqrt %{{.*}} : tensor<?x3x4x4xf32>
  %3 = cnn.rsqrt %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.reciprocal %{{.*}} : tensor<?x3x4x4xf32>
  %4 = cnn.reciprocal %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.erf %{{.*}} : tensor<?x3x4x4xf32>
  %5 = cnn.erf %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.abs %{{.*}} : tensor<?x3x4x4xf32>
  %6 = cnn.abs %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.sign %{{.*}} : tensor<?x3x4x4xf32>
  %7 = cnn.sign %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.floor %{{.*}} : tensor<?x3x4x4xf32>
  %8 = cnn.floor %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.ceil %{{.*}} : tensor<?x3x4x4xf32>
  %9 = cnn.ceil %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.round %{{.*}} : tensor<?x3x4x4xf32>
  %10 = cnn.round %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.sin %{{.*}} : tensor<?x3x4x4xf32>
  %11 = cnn.sin %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.cos %{{.*}} : tensor<?x3x4x4xf32>
  %12 = cnn.cos %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.tan %{{.*}} : tensor<?x3x4x4xf32>
  %13 = cnn.tan %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.asin %{{.*}} : tensor<?x3x4x4xf32>
  %14 = cnn.asin %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.acos %{{.*}} : tensor<?x3x4x4xf32>
  %15 = cnn.acos %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.atan %{{.*}} : tensor<?x3x4x4xf32>
  %16 = cnn.atan %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.sinh %{{.*}} : tensor<?x3x4x4xf32>
  %17 = cnn.sinh %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.cosh %{{.*}} : tensor<?x3x4x4xf32>
  %18 = cnn.cosh %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.asinh %{{.*}} : tensor<?x3x4x4xf32>
  %19 = cnn.asinh %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.acosh %{{.*}} : tensor<?x3x4x4xf32>
  %20 = cnn.acosh %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.atanh %{{.*}} : tensor<?x3x4x4xf32>
  %21 = cnn.atanh %x : tensor<?x3x4x4xf32>
  return
}

// CHECK-LABEL: func.func @activations
func.func @activations(%x: tensor<?x3x4x4xf32>, %c: tensor<3xf32>) {
  // CHECK: cnn.elu %{{.*}} {alpha = 5.000000e-01 : f64} : tensor<?x3x4x4xf32>
  %0 = cnn.elu %x {alpha = 5.000000e-01 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.selu %{{.*}} {alpha = 1.500000e+00 : f64, gamma = 2.000000e+00 : f64} : tensor<?x3x4x4xf32>
  %1 = cnn.selu %x {alpha = 1.500000e+00 : f64, gamma = 2.000000e+00 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.celu %{{.*}} {alpha = 2.000000e+00 : f64} : tensor<?x3x4x4xf32>
  %2 = cnn.celu %x {alpha = 2.000000e+00 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.softplus %{{.*}} : tensor<?x3x4x4xf32>
  %3 = cnn.softplus %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.softsign %{{.*}} : tensor<?x3x4x4xf32>
  %4 = cnn.softsign %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.mish %{{.*}} : tensor<?x3x4x4xf32>
  %5 = cnn.mish %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.hard_sigmoid %{{.*}} {alpha = 2.000000e-01 : f64, beta = 2.500000e-01 : f64} : tensor<?x3x4x4xf32>
  %6 = cnn.hard_sigmoid %x {alpha = 2.000000e-01 : f64, beta = 2.500000e-01 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.hard_swish %{{.*}} : tensor<?x3x4x4xf32>
  %7 = cnn.hard_swish %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.swish %{{.*}} {beta = 2.000000e+00 : f64} : tensor<?x3x4x4xf32>
  %8 = cnn.swish %x {beta = 2.000000e+00 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.gelu %{{.*}} {approximate = "tanh"} : tensor<?x3x4x4xf32>
  %9 = cnn.gelu %x {approximate = "tanh"} : tensor<?x3x4x4xf32>
  // CHECK: cnn.thresholded_relu %{{.*}} {alpha = 5.000000e-01 : f64} : tensor<?x3x4x4xf32>
  %10 = cnn.thresholded_relu %x {alpha = 5.000000e-01 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.clip %{{.*}} {max = 6.000000e+00 : f64, min = 0.000000e+00 : f64} : tensor<?x3x4x4xf32>
  %11 = cnn.clip %x {max = 6.000000e+00 : f64, min = 0.000000e+00 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.clip %{{.*}} {max = 6.000000e+00 : f64} : tensor<?x3x4x4xf32>
  %12 = cnn.clip %x {max = 6.000000e+00 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.prelu %{{.*}}, %{{.*}} : (tensor<?x3x4x4xf32>, tensor<3xf32>) -> tensor<?x3x4x4xf32>
  %13 = cnn.prelu %x, %c : (tensor<?x3x4x4xf32>, tensor<3xf32>) -> tensor<?x3x4x4xf32>
  return
}

// CHECK-LABEL: func.func @arithmetic
func.func @arithmetic(%x: tensor<?x3x4x4xf32>, %y: tensor<?x3x4x4xf32>) {
  // CHECK: cnn.div %{{.*}}, %{{.*}} : tensor<?x3x4x4xf32>
  %0 = cnn.div %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.mod %{{.*}}, %{{.*}} : tensor<?x3x4x4xf32>
  %1 = cnn.mod %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.min %{{.*}}, %{{.*}} : tensor<?x3x4x4xf32>
  %2 = cnn.min %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.max %{{.*}}, %{{.*}} : tensor<?x3x4x4xf32>
  %3 = cnn.max %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.pow %{{.*}}, %{{.*}} : tensor<?x3x4x4xf32>
  %4 = cnn.pow %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.equal %{{.*}}, %{{.*}} : tensor<?x3x4x4xf32>
  %5 = cnn.equal %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.less %{{.*}}, %{{.*}} : tensor<?x3x4x4xf32>
  %6 = cnn.less %x, %y : tensor<?x3x4x4xf32>
  // CHECK: cnn.power %{{.*}} {exponent = 2.000000e+00 : f64} : tensor<?x3x4x4xf32>
  %7 = cnn.power %x {exponent = 2.0 : f64} : tensor<?x3x4x4xf32>
  // CHECK: cnn.logical_not %{{.*}} : tensor<?x3x4x4xf32>
  %8 = cnn.logical_not %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.where %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x3x4x4xf32>
  %9 = cnn.where %x, %x, %y : tensor<?x3x4x4xf32>
  return
}

// CHECK-LABEL: func.func @pools
func.func @pools(%x: tensor<?x3x4x4xf32>, %dy: tensor<?x3x2x2xf32>, %dg: tensor<?x3x1x1xf32>) {
  // CHECK: cnn.maxpool %{{.*}} {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : tensor<?x3x4x4xf32> -> tensor<?x3x2x2xf32>
  %0 = cnn.maxpool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : tensor<?x3x4x4xf32> -> tensor<?x3x2x2xf32>
  // CHECK: cnn.avgpool %{{.*}} {count_include_pad = false, kernel
  %1 = cnn.avgpool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, count_include_pad = false} : tensor<?x3x4x4xf32> -> tensor<?x3x2x2xf32>
  // CHECK: cnn.maxpool_grad
  %2 = cnn.maxpool_grad %x, %dy {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<?x3x4x4xf32>, tensor<?x3x2x2xf32>) -> tensor<?x3x4x4xf32>
  // CHECK: cnn.avgpool_grad
  %3 = cnn.avgpool_grad %dy {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<?x3x2x2xf32>) -> tensor<?x3x4x4xf32>
  // CHECK: cnn.global_avgpool %{{.*}} : tensor<?x3x4x4xf32> -> tensor<?x3x1x1xf32>
  %4 = cnn.global_avgpool %x : tensor<?x3x4x4xf32> -> tensor<?x3x1x1xf32>
  // CHECK: cnn.global_maxpool
  %5 = cnn.global_maxpool %x : tensor<?x3x4x4xf32> -> tensor<?x3x1x1xf32>
  // CHECK: cnn.global_avgpool_grad
  %6 = cnn.global_avgpool_grad %dg : (tensor<?x3x1x1xf32>) -> tensor<?x3x4x4xf32>
  // CHECK: cnn.global_maxpool_grad
  %7 = cnn.global_maxpool_grad %x, %dg : (tensor<?x3x4x4xf32>, tensor<?x3x1x1xf32>) -> tensor<?x3x4x4xf32>
  return
}

// CHECK-LABEL: func.func @norms
func.func @norms(%x: tensor<?x3x4x4xf32>, %c: tensor<3xf32>, %w: tensor<3x2x1x1xf32>, %s: tensor<f32>) {
  // CHECK: cnn.batchnorm %{{.*}}, %{{.*}}, %{{.*}}, @layer1.0.bn1.running_mean, @running_var {epsilon = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64} : (tensor<?x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3x4x4xf32>
  %0 = cnn.batchnorm %x, %c, %c, @"layer1.0.bn1.running_mean", @running_var {epsilon = 1.0e-5 : f64, momentum = 0.1 : f64}
     : (tensor<?x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3x4x4xf32>
  // CHECK: cnn.batchnorm_infer
  %1 = cnn.batchnorm_infer %x, %c, %c, %c, %c {epsilon = 1.0e-5 : f64} : (tensor<?x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3x4x4xf32>
  // CHECK: cnn.fold_batchnorm
  %2:2 = cnn.fold_batchnorm %c, %c, %c, %c {epsilon = 1.0e-5 : f64} : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>)
  // CHECK: cnn.fold_kernel
  %3 = cnn.fold_kernel %w, %c : (tensor<3x2x1x1xf32>, tensor<3xf32>) -> tensor<3x2x1x1xf32>
  // CHECK: cnn.batchnorm_train
  %4:5 = cnn.batchnorm_train %x, %c, %c, %c, %c {epsilon = 1.0e-5 : f64, momentum = 0.1 : f64}
     : (tensor<?x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  // CHECK: cnn.batchnorm_grad
  %5:3 = cnn.batchnorm_grad %x, %x, %c, %c, %c : (tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>)
  // CHECK: cnn.softmax %{{.*}} : tensor<?x3x4x4xf32>
  %6 = cnn.softmax %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.softmax_grad
  %7 = cnn.softmax_grad %x, %x : tensor<?x3x4x4xf32>
  // CHECK: cnn.channel_sum %{{.*}} : tensor<?x3x4x4xf32> -> tensor<3xf32>
  %8 = cnn.channel_sum %x : tensor<?x3x4x4xf32> -> tensor<3xf32>
  // CHECK: cnn.sum_of_squares %{{.*}}, %{{.*}} : (tensor<?x3x4x4xf32>, tensor<3xf32>) -> tensor<f32>
  %9 = cnn.sum_of_squares %x, %c : (tensor<?x3x4x4xf32>, tensor<3xf32>) -> tensor<f32>
  // CHECK: cnn.clip_factor
  %10 = cnn.clip_factor %s, %s : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return
}

// CHECK-LABEL: func.func @shapes
func.func @shapes(%x: tensor<?x3x4x4xf32>) {
  // CHECK: cnn.reshape %{{.*}} : tensor<?x3x4x4xf32> -> tensor<?x48xf32>
  %0 = cnn.reshape %x : tensor<?x3x4x4xf32> -> tensor<?x48xf32>
  // CHECK: cnn.concat %{{.*}}, %{{.*}} : (tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>) -> tensor<?x6x4x4xf32>
  %1 = cnn.concat %x, %x : (tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>) -> tensor<?x6x4x4xf32>
  // CHECK: cnn.pad %{{.*}} {high = array<i64: 1, 0, 0>, interior = array<i64: 0, 0, 1>, low = array<i64: 1, 0, 0>, value = 1.000000e+00 : f64} : tensor<?x3x4x4xf32> -> tensor<?x5x4x7xf32>
  %2 = cnn.pad %x {low = array<i64: 1, 0, 0>, high = array<i64: 1, 0, 0>, interior = array<i64: 0, 0, 1>, value = 1.0 : f64} : tensor<?x3x4x4xf32> -> tensor<?x5x4x7xf32>
  // CHECK: cnn.slice %{{.*}} {start = array<i64: 0, 0, 1>, step = array<i64: 1, 2, 2>, stop = array<i64: 3, 4, 4>} : tensor<?x3x4x4xf32> -> tensor<?x3x2x2xf32>
  %3 = cnn.slice %x {start = array<i64: 0, 0, 1>, stop = array<i64: 3, 4, 4>, step = array<i64: 1, 2, 2>} : tensor<?x3x4x4xf32> -> tensor<?x3x2x2xf32>
  return
}

// CHECK-LABEL: func.func @losses
func.func @losses(%y: tensor<?x3xf32>, %t: tensor<?x3xf32>, %l: tensor<?xi32>, %s: tensor<f32>) {
  // CHECK: cnn.mean_squared_error %{{.*}}, %{{.*}} : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<f32>
  %0 = cnn.mean_squared_error %y, %t : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<f32>
  // CHECK: cnn.mean_squared_error_grad
  %1 = cnn.mean_squared_error_grad %y, %t, %s : (tensor<?x3xf32>, tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  // CHECK: cnn.softmax_cross_entropy %{{.*}}, %{{.*}} {class_weights = array<f64: 1.000000e+00, 2.000000e+00, 0.000000e+00>, ignore_label = 2 : i64, label_smoothing = 1.000000e-01 : f64}
  %2 = cnn.softmax_cross_entropy %y, %l {label_smoothing = 0.1 : f64, class_weights = array<f64: 1.0, 2.0, 0.0>, ignore_label = 2 : i64} : (tensor<?x3xf32>, tensor<?xi32>) -> tensor<f32>
  // CHECK: cnn.softmax_cross_entropy_grad
  %3 = cnn.softmax_cross_entropy_grad %y, %l, %s : (tensor<?x3xf32>, tensor<?xi32>, tensor<f32>) -> tensor<?x3xf32>
  // CHECK: cnn.binary_cross_entropy %{{.*}}, %{{.*}} {from_logits = true}
  %4 = cnn.binary_cross_entropy %y, %t {from_logits = true} : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<f32>
  // CHECK: cnn.binary_cross_entropy_grad
  %5 = cnn.binary_cross_entropy_grad %y, %t, %s : (tensor<?x3xf32>, tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  // CHECK: cnn.perceptron_loss %
  %6 = cnn.perceptron_loss %y, %t : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<f32>
  // CHECK: cnn.perceptron_loss_grad
  %7 = cnn.perceptron_loss_grad %y, %t, %s : (tensor<?x3xf32>, tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @updates
func.func @updates(%w: tensor<3xf32>, %s: tensor<f32>) {
  // CHECK: cnn.sgd {{.*}} {nesterov} : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>)
  %0:2 = cnn.sgd %w, %w, %w, %s, %s, %s {nesterov} : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>)
  // CHECK: cnn.adagrad
  %1:2 = cnn.adagrad %w, %w, %w, %s, %s, %s : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>)
  // CHECK: cnn.rmsprop
  %2:3 = cnn.rmsprop %w, %w, %w, %w, %s, %s, %s, %s, %s : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  // CHECK: cnn.adam
  %3:3 = cnn.adam %w, %w, %w, %w, %s, %s, %s, %s, %s, %s : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  // CHECK: cnn.adamw
  %4:3 = cnn.adamw %w, %w, %w, %w, %s, %s, %s, %s, %s, %s : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  return
}
