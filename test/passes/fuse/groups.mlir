// RUN: cnnc-opt %s --cnnc-fuse --split-input-file | FileCheck %s

// Elementwise ops join the contraction before them; the input is copied into a layout with the halo that the kernel reaches into.
// CHECK-LABEL: plan.program @fuse_epilogue
// CHECK: plan.launch @copy(
// CHECK: plan.launch @conv_bias_relu(
// CHECK-NEXT: plan.yield
// CHECK: plan.kernel @copy attributes {operand_layouts = [#plan.layout<plain>], result_layouts = [#plan.layout<batch block = 3 halo = [1, 1, 1, 1]>]} {
// CHECK-NEXT: ^bb0(%[[X:.*]]: tensor<?x3x8x8xf32>):
// CHECK-NEXT: plan.yield %[[X]]
// CHECK: plan.kernel @conv_bias_relu {{.*}} result_layouts = [#plan.layout<plain>]
cnn.parameter @w weight : tensor<20x3x3x3xf32>
cnn.parameter @b weight : tensor<20xf32>
func.func @fuse_epilogue(%x: tensor<?x3x8x8xf32>) -> tensor<?x20x8x8xf32> {
  %w = cnn.read @w : tensor<20x3x3x3xf32>
  %b = cnn.read @b : tensor<20xf32>
  %0 = cnn.conv %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x8x8xf32>, tensor<20x3x3x3xf32>) -> tensor<?x20x8x8xf32>
  %1 = cnn.bias %0, %b : (tensor<?x20x8x8xf32>, tensor<20xf32>) -> tensor<?x20x8x8xf32>
  %2 = cnn.relu %1 : tensor<?x20x8x8xf32>
  return %2 : tensor<?x20x8x8xf32>
}

// -----

// An op in between needs the result: the add after it cannot join the relu.
// CHECK-LABEL: plan.program @do_not_fuse_across_reader
// CHECK: %[[R:.*]] = plan.launch @relu(
// CHECK: %[[P:.*]] = plan.launch @maxpool_add(%[[R]])
func.func @do_not_fuse_across_reader(%x: tensor<?x16x8x8xf32>) -> tensor<?x16x8x8xf32> {
  %0 = cnn.relu %x : tensor<?x16x8x8xf32>
  %1 = cnn.maxpool %0 {kernel = array<i64: 3, 3>, stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>} : tensor<?x16x8x8xf32> -> tensor<?x16x8x8xf32>
  %2 = cnn.add %0, %1 : tensor<?x16x8x8xf32>
  return %2 : tensor<?x16x8x8xf32>
}

// -----

// A value that stays inside and leaves: the kernel yields both.
// CHECK-LABEL: plan.program @yield_inner_value
// CHECK: %[[BOTH:.*]]:2 = plan.launch @tanh_relu(
func.func @yield_inner_value(%x: tensor<?x16x8x8xf32>) -> (tensor<?x16x8x8xf32>, tensor<?x16x4x4xf32>) {
  %0 = cnn.tanh %x : tensor<?x16x8x8xf32>
  %1 = cnn.relu %0 : tensor<?x16x8x8xf32>
  %2 = cnn.avgpool %0 {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : tensor<?x16x8x8xf32> -> tensor<?x16x4x4xf32>
  return %1, %2 : tensor<?x16x8x8xf32>, tensor<?x16x4x4xf32>
}

// -----

// Equal groups share a kernel.
// CHECK-LABEL: plan.program @share_equal_kernels
// CHECK-COUNT-2: plan.launch @maxpool_relu(
// CHECK: plan.kernel @maxpool_relu
// CHECK-NOT: plan.kernel @maxpool_relu_1
func.func @share_equal_kernels(%x: tensor<?x16x8x8xf32>) -> tensor<?x16x8x8xf32> {
  %a = cnn.sigmoid %x : tensor<?x16x8x8xf32>
  %0 = cnn.maxpool %a {kernel = array<i64: 3, 3>, stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>} : tensor<?x16x8x8xf32> -> tensor<?x16x8x8xf32>
  %1 = cnn.relu %0 : tensor<?x16x8x8xf32>
  %2 = cnn.maxpool %1 {kernel = array<i64: 3, 3>, stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>} : tensor<?x16x8x8xf32> -> tensor<?x16x8x8xf32>
  %3 = cnn.relu %2 : tensor<?x16x8x8xf32>
  %4 = cnn.maxpool %3 {kernel = array<i64: 3, 3>, stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>} : tensor<?x16x8x8xf32> -> tensor<?x16x8x8xf32>
  return %4 : tensor<?x16x8x8xf32>
}

// -----

// Nothing that crosses a phase is computed after it.
// CHECK-LABEL: plan.program @do_not_fuse_across_phase
// CHECK: plan.launch @sigmoid(
// CHECK: cnn.phase "backward"
// CHECK: plan.launch @mul(
func.func @do_not_fuse_across_phase(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %0 = cnn.sigmoid %x : tensor<?x16xf32>
  cnn.phase "backward"
  %1 = cnn.mul %0, %0 : tensor<?x16xf32>
  return %1 : tensor<?x16xf32>
}

// -----

// What only the epilogue reads is computed in it, though it stands before the leader.
// CHECK-LABEL: plan.program @pull_producer_of_epilogue
// CHECK-NOT: plan.launch @affine(
// CHECK: plan.launch @affine_maxpool_mul(
func.func @pull_producer_of_epilogue(%x: tensor<?x16x8x8xf32>, %y: tensor<?x16x8x8xf32>) -> tensor<?x16x8x8xf32> {
  %0 = cnn.affine %y {scale = -1.0, offset = 1.0} : tensor<?x16x8x8xf32>
  %1 = cnn.maxpool %x {kernel = array<i64: 3, 3>, stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>} : tensor<?x16x8x8xf32> -> tensor<?x16x8x8xf32>
  %2 = cnn.mul %1, %0 : tensor<?x16x8x8xf32>
  return %2 : tensor<?x16x8x8xf32>
}

// -----

// The running statistics are written when the kernel has run; they do not keep the relu out of it.
// CHECK-LABEL: plan.program @write_after_kernel
// CHECK: %[[R:.*]]:3 = plan.launch @batchnorm_train_relu(
// CHECK: cnn.write @mean, %[[R]]#0
// CHECK: cnn.write @variance, %[[R]]#1
// CHECK: plan.yield %[[R]]#2
cnn.parameter @mean buffer : tensor<16xf32>
cnn.parameter @variance buffer : tensor<16xf32>
func.func @write_after_kernel(%x: tensor<?x16x8x8xf32>, %scale: tensor<16xf32>) -> tensor<?x16x8x8xf32> {
  %mean = cnn.read @mean : tensor<16xf32>
  %variance = cnn.read @variance : tensor<16xf32>
  %0:5 = cnn.batchnorm_train %x, %scale, %scale, %mean, %variance {epsilon = 1.0e-5, momentum = 0.1} : (tensor<?x16x8x8xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> (tensor<?x16x8x8xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>)
  cnn.write @mean, %0#3 : tensor<16xf32>
  cnn.write @variance, %0#4 : tensor<16xf32>
  %1 = cnn.relu %0#0 : tensor<?x16x8x8xf32>
  return %1 : tensor<?x16x8x8xf32>
}
