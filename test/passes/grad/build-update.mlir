// RUN: cnnc-opt %s --split-input-file --cnnc-build-update | FileCheck %s

// CHECK: cnn.parameter @"momentum_buffer/w" {{ *}}slot : tensor<2x3xf32> {init = #cnn.init<constant
// CHECK: cnn.parameter @"momentum_buffer/b" slot : tensor<2xf32>
// CHECK-NOT: cnn.parameter @"momentum_buffer/frozen"
// CHECK: cnn.optimizer "sgd" {hypers = {lr = 1.000000e-01 : f64, momentum = 9.000000e-01 : f64, weight_decay = 0.000000e+00 : f64}
cnn.parameter @w weight : tensor<2x3xf32> {decay}
cnn.parameter @b weight : tensor<2xf32>
cnn.parameter @frozen weight : tensor<2xf32> {frozen}
cnn.parameter @mean buffer : tensor<2xf32>
cnn.optimizer "sgd" {hypers = {lr = 0.1 : f64, momentum = 0.9 : f64}, options = {nesterov}}

// CHECK-LABEL: func.func @update()
// CHECK: %[[DW:.*]] = cnn.read_gradient @w
// CHECK: %[[DB:.*]] = cnn.read_gradient @b
// Nothing is written unless all gradients are finite.
// CHECK: %[[SUM:.*]] = cnn.sum_of_squares %[[DW]], %[[DB]]
// CHECK: cnn.require_finite %[[SUM]]
// CHECK: %[[W:.*]] = cnn.read @w
// CHECK: %[[SLOT:.*]] = cnn.read @"momentum_buffer/w"
// CHECK: %[[LR:.*]] = cnn.hyper "lr"
// CHECK: %[[MOMENTUM:.*]] = cnn.hyper "momentum"
// CHECK: %[[DECAY:.*]] = cnn.hyper "weight_decay"
// CHECK: %[[NEW:.*]], %[[NEW_SLOT:.*]] = cnn.sgd %[[W]], %[[DW]], %[[SLOT]], %[[LR]], %[[MOMENTUM]], %[[DECAY]] {nesterov}
// CHECK: cnn.write @w, %[[NEW]]
// CHECK: cnn.write @"momentum_buffer/w", %[[NEW_SLOT]]
// A parameter without `decay` decays by zero.
// CHECK: %[[ZERO:.*]] = cnn.constant dense<0.000000e+00> : tensor<f32>
// CHECK: cnn.sgd %{{.*}}, %[[DB]], %{{.*}}, %[[LR]], %[[MOMENTUM]], %[[ZERO]]

// -----

cnn.parameter @w weight : tensor<2x3xf32>
cnn.parameter @b weight : tensor<2xf32>
// CHECK: cnn.optimizer "adam" {clip_norm, hypers = {beta1 = 9.000000e-01 : f64, beta2 = 0.99{{[89][0-9]*}} : f64, clip_norm = 1.000000e+00 : f64, epsilon = 1.000000e-08 : f64, lr = 1.000000e-03 : f64, weight_decay = 0.000000e+00 : f64}
cnn.optimizer "adam" {hypers = {}, clip_norm}

// CHECK-LABEL: func.func @update()
// CHECK: %[[DW:.*]] = cnn.read_gradient @w
// CHECK: %[[DB:.*]] = cnn.read_gradient @b
// CHECK: %[[SUM:.*]] = cnn.sum_of_squares %[[DW]], %[[DB]]
// CHECK: %[[BOUND:.*]] = cnn.hyper "clip_norm"
// CHECK: %[[FACTOR:.*]] = cnn.clip_factor %[[SUM]], %[[BOUND]]
// CHECK: %[[CLIPPED:.*]] = cnn.scale %[[DW]], %[[FACTOR]]
// CHECK: cnn.scale %[[DB]], %[[FACTOR]]
// CHECK: %[[STEP:.*]] = cnn.hyper "step"
// CHECK: cnn.adam %{{.*}}, %[[CLIPPED]], %{{.*}}, %[[STEP]] :

// -----

cnn.parameter @w weight : tensor<2x3xf32>
cnn.optimizer "adamw" {hypers = {clip_value = 0.5 : f64}, clip_value}

// CHECK-LABEL: func.func @update()
// CHECK: %[[DW:.*]] = cnn.read_gradient @w
// CHECK: %[[BOUND:.*]] = cnn.hyper "clip_value"
// CHECK: %[[CLIPPED:.*]] = cnn.clamp %[[DW]], %[[BOUND]]
// CHECK: cnn.adamw %{{.*}}, %[[CLIPPED]],
