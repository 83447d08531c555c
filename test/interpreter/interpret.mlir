// One step of gradient descent by hand: y = w x, loss (y - t)², dw = 2 (y - t) x.
// RUN: cnnc-opt %s --cnnc-split --cnnc-differentiate --cnnc-build-update -o %t.mlir
// RUN: %python %S/Inputs/npy.py %t.x.npy "(2, 1)" 1 2
// RUN: %python %S/Inputs/npy.py %t.y.npy "(2, 1)" 3 5

// RUN: cnnc-interpret %t.mlir --in x=%t.x.npy --out y=%t.out.npy
// RUN: %python %S/Inputs/npy.py %t.out.npy | FileCheck %s --check-prefix=INFER
// INFER: [2, 1] 0.5 1

// Steps of one example each: 0.5 → 0.5 + 0.1 · 2 · 2.5 = 1; the example 2, 5 gives (2 - 5)² = 9; 1 + 0.1 · 2 · 3 · 2 = 2.2.
// RUN: cnnc-interpret %t.mlir --train-steps=3 --data=%t.x.npy,%t.y.npy --set=lr=0.1 | FileCheck %s --check-prefix=TRAIN
// TRAIN: {"step": 1, "loss": 6.25}
// TRAIN-NEXT: {"step": 2, "loss": 9}
// TRAIN-NEXT: {"step": 3, "loss": 0.{{6399|6400}}

// RUN: not cnnc-interpret %t.mlir --train-steps=1 --data=%t.x.npy,%t.out2.npy 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: cnnc-interpret: '{{.*}}out2.npy' cannot be read

// RUN: not cnnc-interpret %t.mlir --function=inf 2>&1 | FileCheck %s --check-prefix=FUNCTION
// FUNCTION: has no function @inf
cnn.parameter @w weight : tensor<1x1xf32> {value = dense<0.5> : tensor<1x1xf32>}
cnn.optimizer "sgd" {hypers = {}}
func.func @forward(%x: tensor<?x1xf32> {cnn.name = "x"}) -> (tensor<?x1xf32> {cnn.name = "y"}) {
  %w = cnn.read @w : tensor<1x1xf32>
  %y = cnn.dense %x, %w : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
  return %y : tensor<?x1xf32>
}
func.func @loss(%y: tensor<?x1xf32>, %t: tensor<?x1xf32> {cnn.name = "t"}) -> tensor<f32> {
  %0 = cnn.mean_squared_error %y, %t : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}
