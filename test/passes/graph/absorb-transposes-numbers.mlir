// A channel-last block computes the same without its transposes: pad, batch norm in parts, a residual, a mean, a gate.
// RUN: cnnc-opt %s --cnnc-simplify --cnnc-absorb-transposes --cnnc-simplify --cse -o %t.absorbed.mlir
// RUN: cnnc-interpret %s --batch=3 --out %t.plain.npy
// RUN: cnnc-interpret %t.absorbed.mlir --batch=3 --out %t.absorbed.npy
// RUN: %python %S/../../interpreter/Inputs/npy.py %t.plain.npy > %t.plain
// RUN: %python %S/../../interpreter/Inputs/npy.py %t.absorbed.npy > %t.absorbed
// RUN: diff %t.plain %t.absorbed
// RUN: FileCheck %s < %t.absorbed
// RUN: FileCheck %s --check-prefix=IR < %t.absorbed.mlir
// CHECK: [3, 4, 3, 5]
// CHECK-NOT: nan
// IR: cnn.transpose
// IR-NOT: cnn.transpose
#random = #cnn.init<uniform, 0.5 : f64, 1.5 : f64>
cnn.parameter @w weight : tensor<4x4x3x3xf32> {init = #cnn.init<uniform, -1.0 : f64, 1.0 : f64>}
cnn.parameter @mean weight : tensor<4xf32> {init = #random}
cnn.parameter @scale weight : tensor<4xf32> {init = #random}

func.func @infer(%x: tensor<?x3x5x4xf32>) -> tensor<?x4x3x5xf32> {
  %w = cnn.read @w : tensor<4x4x3x3xf32>
  %mean = cnn.read @mean : tensor<4xf32>
  %scale = cnn.read @scale : tensor<4xf32>
  %0 = cnn.pad %x {low = array<i64: 1, 0, 0>, high = array<i64: 1, 2, 0>, interior = array<i64: 0, 0, 0>} : tensor<?x3x5x4xf32> -> tensor<?x5x7x4xf32>
  %1 = cnn.transpose %0 {permutation = array<i64: 0, 3, 1, 2>} : tensor<?x5x7x4xf32> -> tensor<?x4x5x7xf32>
  %2 = cnn.conv %1, %w {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x5x7xf32>, tensor<4x4x3x3xf32>) -> tensor<?x4x3x5xf32>
  %3 = cnn.transpose %2 {permutation = array<i64: 0, 2, 3, 1>} : tensor<?x4x3x5xf32> -> tensor<?x3x5x4xf32>
  %4 = cnn.broadcast %mean : tensor<4xf32> -> tensor<?x3x5x4xf32>
  %5 = cnn.sub %3, %4 : tensor<?x3x5x4xf32>
  %6 = cnn.broadcast %scale : tensor<4xf32> -> tensor<?x3x5x4xf32>
  %7 = cnn.mul %5, %6 : tensor<?x3x5x4xf32>
  %8 = cnn.add %7, %x : tensor<?x3x5x4xf32>
  %9 = cnn.reduce_max %8 {axes = array<i64: 1, 2>} : tensor<?x3x5x4xf32> -> tensor<?x1x1x4xf32>
  %10 = cnn.broadcast %9 : tensor<?x1x1x4xf32> -> tensor<?x3x5x4xf32>
  %11 = cnn.mul %10, %8 : tensor<?x3x5x4xf32>
  %12 = cnn.transpose %11 {permutation = array<i64: 0, 3, 1, 2>} : tensor<?x3x5x4xf32> -> tensor<?x4x3x5xf32>
  %13 = cnn.conv %12, %w {stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x3x5xf32>, tensor<4x4x3x3xf32>) -> tensor<?x4x3x5xf32>
  return %13 : tensor<?x4x3x5xf32>
}
