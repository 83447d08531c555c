// RUN: cnnc-opt %s --split-input-file --cnnc-fold-batchnorm | FileCheck %s

cnn.parameter @w weight : tensor<4x3x1x1xf32>
cnn.parameter @scale weight : tensor<4xf32>
cnn.parameter @shift weight : tensor<4xf32>
cnn.parameter @mean buffer : tensor<4xf32>
cnn.parameter @variance buffer : tensor<4xf32>

// CHECK: cnn.parameter @"w/folded" derived : tensor<4x3x1x1xf32>
// CHECK: cnn.parameter @"shift/folded" derived : tensor<4xf32>
// CHECK-LABEL: func.func @infer
// CHECK-SAME: (%[[X:.*]]: tensor<?x3x8x8xf32>)
// CHECK-NEXT: %[[W:.*]] = cnn.read @"w/folded"
// CHECK-NEXT: %[[Y:.*]] = cnn.conv %[[X]], %[[W]]
// CHECK-NEXT: %[[B:.*]] = cnn.read @"shift/folded"
// CHECK-NEXT: %[[Z:.*]] = cnn.bias %[[Y]], %[[B]]
// CHECK-NEXT: return %[[Z]]
func.func @infer(%x: tensor<?x3x8x8xf32>) -> tensor<?x4x8x8xf32> {
  %w = cnn.read @w : tensor<4x3x1x1xf32>
  %0 = cnn.conv %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x8x8xf32>, tensor<4x3x1x1xf32>) -> tensor<?x4x8x8xf32>
  %scale = cnn.read @scale : tensor<4xf32>
  %shift = cnn.read @shift : tensor<4xf32>
  %mean = cnn.read @mean : tensor<4xf32>
  %variance = cnn.read @variance : tensor<4xf32>
  %1 = cnn.batchnorm_infer %0, %scale, %shift, %mean, %variance {epsilon = 1.0e-5 : f64} : (tensor<?x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x8x8xf32>
  return %1 : tensor<?x4x8x8xf32>
}
// CHECK-LABEL: func.func @prepare()
// CHECK-DAG: %[[SCALE:.*]] = cnn.read @scale
// CHECK-DAG: %[[SHIFT:.*]] = cnn.read @shift
// CHECK-DAG: %[[MEAN:.*]] = cnn.read @mean
// CHECK-DAG: %[[VARIANCE:.*]] = cnn.read @variance
// CHECK: %[[A:.*]], %[[B:.*]] = cnn.fold_batchnorm %[[SCALE]], %[[SHIFT]], %[[MEAN]], %[[VARIANCE]]
// CHECK: %[[K:.*]] = cnn.read @w
// CHECK: %[[F:.*]] = cnn.fold_kernel %[[K]], %[[A]]
// CHECK: cnn.write @"w/folded", %[[F]]
// CHECK: cnn.write @"shift/folded", %[[B]]

// -----

cnn.parameter @w weight : tensor<4x3xf32>
cnn.parameter @b weight : tensor<4xf32>
cnn.parameter @c buffer : tensor<4xf32>

// A bias goes into the mean.
// CHECK-LABEL: func.func @infer
// CHECK: cnn.dense
// CHECK-NEXT: cnn.read @"c/folded"
// CHECK-NEXT: cnn.bias
// CHECK-NEXT: return
// CHECK-LABEL: func.func @prepare()
// CHECK: %[[B:.*]] = cnn.read @b
// CHECK: %[[MEAN:.*]] = cnn.sub %{{.*}}, %[[B]]
// CHECK: cnn.fold_batchnorm %{{.*}}, %{{.*}}, %[[MEAN]], %{{.*}}
func.func @infer(%x: tensor<?x3xf32>) -> tensor<?x4xf32> {
  %w = cnn.read @w : tensor<4x3xf32>
  %b = cnn.read @b : tensor<4xf32>
  %0 = cnn.dense %x, %w : (tensor<?x3xf32>, tensor<4x3xf32>) -> tensor<?x4xf32>
  %1 = cnn.bias %0, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %c = cnn.read @c : tensor<4xf32>
  %2 = cnn.batchnorm_infer %1, %c, %c, %c, %c {epsilon = 1.0e-5 : f64} : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %2 : tensor<?x4xf32>
}

// -----

cnn.parameter @w weight : tensor<4x3xf32>
cnn.parameter @c buffer : tensor<4xf32>

// Something else sees what the layer computes: the kernel must stay.
// CHECK-LABEL: func.func @infer
// CHECK: cnn.read @w
// CHECK: %[[Y:.*]] = cnn.dense
// CHECK: %[[SCALE:.*]] = cnn.read @"c/folded"
// CHECK: %[[SHIFT:.*]] = cnn.read @"c/folded_0"
// CHECK: cnn.scale_shift %[[Y]], %[[SCALE]], %[[SHIFT]]
func.func @infer(%x: tensor<?x3xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %w = cnn.read @w : tensor<4x3xf32>
  %0 = cnn.dense %x, %w : (tensor<?x3xf32>, tensor<4x3xf32>) -> tensor<?x4xf32>
  %c = cnn.read @c : tensor<4xf32>
  %1 = cnn.batchnorm_infer %0, %c, %c, %c, %c {epsilon = 1.0e-5 : f64} : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

cnn.parameter @w weight : tensor<4x3xf32>
cnn.parameter @b weight : tensor<4xf32>
cnn.parameter @c buffer : tensor<4xf32>

// So it is when something else sees the bias's result.
// CHECK-LABEL: func.func @infer
// CHECK: %[[Y:.*]] = cnn.bias
// CHECK: cnn.scale_shift %[[Y]]
func.func @infer(%x: tensor<?x3xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %w = cnn.read @w : tensor<4x3xf32>
  %b = cnn.read @b : tensor<4xf32>
  %0 = cnn.dense %x, %w : (tensor<?x3xf32>, tensor<4x3xf32>) -> tensor<?x4xf32>
  %1 = cnn.bias %0, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %c = cnn.read @c : tensor<4xf32>
  %2 = cnn.batchnorm_infer %1, %c, %c, %c, %c {epsilon = 1.0e-5 : f64} : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

cnn.parameter @w weight : tensor<4x3x2xf32>
cnn.parameter @c buffer : tensor<4xf32>

// A kernel in another shape is folded too.
// CHECK-LABEL: func.func @infer
// CHECK: %[[W:.*]] = cnn.read @"w/folded" : tensor<4x3x1x2xf32>
// CHECK: cnn.conv %{{.*}}, %[[W]]
// CHECK: cnn.bias
// CHECK-LABEL: func.func @prepare
// CHECK: cnn.reshape %{{.*}} : tensor<4x3x2xf32> -> tensor<4x3x1x2xf32>
// CHECK: cnn.fold_kernel
func.func @infer(%x: tensor<?x3x1x9xf32>) -> tensor<?x4x1x8xf32> {
  %w = cnn.read @w : tensor<4x3x2xf32>
  %k = cnn.reshape %w : tensor<4x3x2xf32> -> tensor<4x3x1x2xf32>
  %0 = cnn.conv %x, %k {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x1x9xf32>, tensor<4x3x1x2xf32>) -> tensor<?x4x1x8xf32>
  %c = cnn.read @c : tensor<4xf32>
  %1 = cnn.batchnorm_infer %0, %c, %c, %c, %c {epsilon = 1.0e-5 : f64} : (tensor<?x4x1x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x1x8xf32>
  return %1 : tensor<?x4x1x8xf32>
}

// -----

cnn.parameter @w weight : tensor<4x3x2x2xf32>

// So are kernels that are computed from parameters alone, once however often they are read.
// CHECK-LABEL: func.func @infer
// CHECK-NEXT: %[[W:.*]] = cnn.read @"w/prepared" : tensor<4x3x1x2xf32>
// CHECK-NEXT: cnn.conv %{{.*}}, %[[W]]
// CHECK-NEXT: cnn.conv %{{.*}}, %[[W]]
// CHECK-LABEL: func.func @prepare
// CHECK-NEXT: cnn.read @w
// CHECK-NEXT: cnn.slice
// CHECK-NEXT: cnn.write @"w/prepared"
func.func @infer(%x: tensor<?x3x1x9xf32>) -> (tensor<?x4x1x8xf32>, tensor<?x4x1x8xf32>) {
  %w = cnn.read @w : tensor<4x3x2x2xf32>
  %k = cnn.slice %w {start = array<i64: 0, 1, 0>, stop = array<i64: 3, 2, 2>, step = array<i64: 1, 1, 1>} : tensor<4x3x2x2xf32> -> tensor<4x3x1x2xf32>
  %0 = cnn.conv %x, %k {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x1x9xf32>, tensor<4x3x1x2xf32>) -> tensor<?x4x1x8xf32>
  %1 = cnn.conv %x, %k {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x3x1x9xf32>, tensor<4x3x1x2xf32>) -> tensor<?x4x1x8xf32>
  return %0, %1 : tensor<?x4x1x8xf32>, tensor<?x4x1x8xf32>
}

// -----

// Statistics that are no parameters cannot be prepared.
// CHECK-LABEL: func.func @infer
// CHECK: cnn.batchnorm_infer
// CHECK-NOT: @prepare
func.func @infer(%x: tensor<?x4xf32>, %c: tensor<4xf32>) -> tensor<?x4xf32> {
  %0 = cnn.batchnorm_infer %x, %c, %c, %c, %c {epsilon = 1.0e-5 : f64} : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}
