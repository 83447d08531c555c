// A linear model, compiled, run and trained through its C interface.
// RUN: rm -rf %t && mkdir %t
// RUN: cnnc %s -o %t/linear.so --cpu=native
// RUN: %python %S/linear.py %t/linear.so linear | FileCheck %s
// CHECK: linear: ok

// Nothing is exported but the header's functions, nothing is needed but libc and libm, nothing runs when the library is loaded.
// RUN: llvm-nm -D --defined-only %t/linear.so | FileCheck %s --check-prefix=EXPORTS --implicit-check-not=' {{[A-Z]}} '
// EXPORTS: T linear_backward
// EXPORTS: T linear_context_bytes
// EXPORTS: T linear_context_create
// EXPORTS: T linear_context_destroy
// EXPORTS: T linear_describe
// EXPORTS: T linear_error
// EXPORTS: T linear_forward
// EXPORTS: T linear_gradient
// EXPORTS: T linear_loss
// EXPORTS: T linear_pool
// EXPORTS: T linear_status_text
// EXPORTS: T linear_train_step
// EXPORTS: T linear_update
// EXPORTS: T linear_weights_create
// EXPORTS: T linear_weights_destroy
// EXPORTS: T linear_weights_error
// EXPORTS: T linear_weights_get
// EXPORTS: T linear_weights_load
// EXPORTS: T linear_weights_save
// EXPORTS: T linear_weights_set
// RUN: llvm-readelf -dW %t/linear.so | FileCheck %s --check-prefix=NEEDED --implicit-check-not=NEEDED
// NEEDED: NEEDED{{.*}}[libc.so.6]
// NEEDED: NEEDED{{.*}}[libm.so.6]
// RUN: llvm-readelf -SW %t/linear.so | FileCheck %s --check-prefix=SECTIONS --implicit-check-not=.init_array --implicit-check-not=.ctors
// SECTIONS: .note.cnnc NOTE

// The header stands alone, in C and C++.
// RUN: echo '#include "linear.h"' > %t/c.c && %cc -std=c99 -Wall -Wextra -pedantic -Werror -fsyntax-only -I%t %t/c.c
// RUN: cp %t/c.c %t/c.cpp && %cxx -std=c++11 -Wall -Wextra -pedantic -Werror -fsyntax-only -I%t %t/c.cpp

// Both levels of a list are in the library, and the other forms exist.
// RUN: cnnc %s -o %t/both.so --name=two --cpu=x86-64-v3,x86-64-v4 && llvm-readelf -p .note.cnnc %t/both.so | FileCheck %s --check-prefix=LEVELS
// LEVELS: "cpus":[{"cpu":"x86-64-v4","features":3},{"cpu":"x86-64-v3","features":1}]
// LEVELS-SAME: "flops":{"infer":140,"train":260}
// RUN: cnnc %s -o %t/one.o --cpu=x86-64-v3 && llvm-nm -g --defined-only %t/one.o | FileCheck %s --check-prefix=OBJECT --implicit-check-not=cnnc_
// OBJECT: T one_forward
// RUN: cnnc %s -o %t/one.a --cpu=x86-64-v3 && llvm-nm -g --defined-only %t/one.a | FileCheck %s --check-prefix=OBJECT --implicit-check-not=cnnc_

module attributes {cnn.name = "linear", cnn.source = "linear.mlir", cnn.doc = "A linear map.\nFor tests.", cnn.recipe = "{\"name\": \"linear\"}"} {
  cnn.parameter @fc.weight weight : tensor<20x3xf32> {init = #cnn.init<uniform, -1.0 : f64, 1.0 : f64>}
  cnn.parameter @fc.bias weight : tensor<20xf32> {init = #cnn.init<constant, 0.0 : f64, 0.0 : f64>}
  cnn.optimizer "sgd" {hypers = {lr = 0.1 : f64}}
  func.func @forward(%x: tensor<?x3xf32> {cnn.name = "x", cnn.doc = "three numbers"}) -> (tensor<?x20xf32> {cnn.name = "y"}) {
    %w = cnn.read @fc.weight : tensor<20x3xf32>
    %b = cnn.read @fc.bias : tensor<20xf32>
    %0 = cnn.dense %x, %w : (tensor<?x3xf32>, tensor<20x3xf32>) -> tensor<?x20xf32>
    %1 = cnn.bias %0, %b : (tensor<?x20xf32>, tensor<20xf32>) -> tensor<?x20xf32>
    return %1 : tensor<?x20xf32>
  }
  func.func @loss(%y: tensor<?x20xf32>, %t: tensor<?x20xf32> {cnn.name = "target"}) -> tensor<f32> {
    %0 = cnn.mean_squared_error %y, %t : (tensor<?x20xf32>, tensor<?x20xf32>) -> tensor<f32>
    return %0 : tensor<f32>
  }
}
