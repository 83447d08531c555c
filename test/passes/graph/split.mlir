// RUN: cnnc-opt %s --cnnc-split | FileCheck %s

cnn.parameter @"bn.weight" weight : tensor<2xf32>
cnn.parameter @"bn.bias" weight : tensor<2xf32>
cnn.parameter @"bn.running_mean" buffer : tensor<2xf32>
cnn.parameter @"bn.running_var" buffer : tensor<2xf32>

// CHECK-LABEL: func.func @infer
// CHECK-SAME: (%[[X:.*]]: tensor<?x2xf32> {cnn.name = "x"}) -> (tensor<?x2xf32> {cnn.name = "y"})
// CHECK: %[[Y:.*]] = cnn.batchnorm_infer %[[X]]
// CHECK-NOT: dropout
// CHECK: return %[[Y]]
func.func @forward(%x: tensor<?x2xf32> {cnn.name = "x"}) -> (tensor<?x2xf32> {cnn.name = "y"}) {
  %scale = cnn.read @"bn.weight" : tensor<2xf32>
  %shift = cnn.read @"bn.bias" : tensor<2xf32>
  %0 = cnn.batchnorm %x, %scale, %shift, @"bn.running_mean", @"bn.running_var" {epsilon = 1.0e-5 : f64, momentum = 0.1 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %1 = cnn.dropout %0 {ratio = 0.5 : f64, id = 0 : i64} : tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// CHECK-LABEL: func.func @train
// CHECK-SAME: (%[[X:.*]]: tensor<?x2xf32> {cnn.name = "x"}, %[[T:.*]]: tensor<?x2xf32> {cnn.name = "t", cnn.target}) -> tensor<f32>
// CHECK: %[[Y:.*]], %{{.*}}, %{{.*}}, %[[MEAN:.*]], %[[VARIANCE:.*]] = cnn.batchnorm_train %[[X]]
// CHECK-DAG: cnn.write @bn.running_mean, %[[MEAN]]
// CHECK-DAG: cnn.write @bn.running_var, %[[VARIANCE]]
// CHECK: %[[D:.*]] = cnn.dropout_mask %[[Y]]
// CHECK: %[[L:.*]] = cnn.mean_squared_error %[[D]], %[[T]]
// CHECK: return %[[L]]
// CHECK-NOT: @loss
func.func @loss(%y: tensor<?x2xf32>, %t: tensor<?x2xf32> {cnn.name = "t"}) -> tensor<f32> {
  %0 = cnn.mean_squared_error %y, %t : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}
