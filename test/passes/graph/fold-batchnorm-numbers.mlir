// Folding does not change what is computed: a kernel with and without bias, a
// scale in front, a shared kernel.
// RUN: cnnc-opt %s --cnnc-fold-batchnorm -o %t.folded.mlir
// RUN: cnnc-interpret %s --batch=3 --out %t.plain.npy
// RUN: cnnc-interpret %t.folded.mlir --batch=3 --out %t.folded.npy
// RUN: %python %S/../../interpreter/Inputs/npy.py %t.plain.npy > %t.plain
// RUN: %python %S/../../interpreter/Inputs/npy.py %t.folded.npy > %t.folded
// RUN: diff %t.plain %t.folded
// RUN: FileCheck %s < %t.folded
// RUN: FileCheck %s --check-prefix=IR < %t.folded.mlir
// CHECK: [3, 4, 4, 4]
// CHECK-NOT: nan
// IR-NOT: cnn.batchnorm_infer
#random = #cnn.init<uniform, 0.5 : f64, 1.5 : f64>
cnn.parameter @w weight : tensor<4x4x3x3xf32> {init = #cnn.init<uniform, -1.0 : f64, 1.0 : f64>}
cnn.parameter @b weight : tensor<4xf32> {init = #random}
cnn.parameter @scale weight : tensor<4xf32> {init = #random}
cnn.parameter @shift weight : tensor<4xf32> {init = #random}
cnn.parameter @mean buffer : tensor<4xf32> {init = #random}
cnn.parameter @variance buffer : tensor<4xf32> {init = #random}

func.func @infer(%x: tensor<?x4x4x4xf32>) -> tensor<?x4x4x4xf32> {
  %w = cnn.read @w : tensor<4x4x3x3xf32>
  %b = cnn.read @b : tensor<4xf32>
  %scale = cnn.read @scale : tensor<4xf32>
  %shift = cnn.read @shift : tensor<4xf32>
  %mean = cnn.read @mean : tensor<4xf32>
  %variance = cnn.read @variance : tensor<4xf32>
  %0 = cnn.batchnorm_infer %x, %scale, %shift, %mean, %variance {epsilon = 1.0e-5 : f64} : (tensor<?x4x4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x4x4xf32>
  %1 = cnn.conv %0, %w {stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x4xf32>, tensor<4x4x3x3xf32>) -> tensor<?x4x4x4xf32>
  %2 = cnn.bias %1, %b : (tensor<?x4x4x4xf32>, tensor<4xf32>) -> tensor<?x4x4x4xf32>
  %3 = cnn.batchnorm_infer %2, %scale, %shift, %mean, %variance {epsilon = 1.0e-5 : f64} : (tensor<?x4x4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x4x4xf32>
  %4 = cnn.relu %3 : tensor<?x4x4x4xf32>
  %5 = cnn.conv %4, %w {stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x4xf32>, tensor<4x4x3x3xf32>) -> tensor<?x4x4x4xf32>
  %6 = cnn.batchnorm_infer %5, %shift, %scale, %variance, %mean {epsilon = 1.0e-5 : f64} : (tensor<?x4x4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x4x4xf32>
  return %6 : tensor<?x4x4x4xf32>
}
