//===- NetworkGradientTest.cpp - gradients through whole networks ---------===//

#include "mlir/Parser/Parser.h"
#include "test/gradients/GradientCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

/// A normalised input, a strided convolution, batch norm, a residual with a
/// zero-padded shortcut, two branches that join, dropout, two dense layers.
static const char *const network = R"mlir(
cnn.parameter @"conv1.weight" weight : tensor<4x2x3x3xf64>
cnn.parameter @"conv1.bias" weight : tensor<4xf64>
cnn.parameter @"bn1.weight" weight : tensor<4xf64>
cnn.parameter @"bn1.bias" weight : tensor<4xf64>
cnn.parameter @"bn1.running_mean" buffer : tensor<4xf64>
cnn.parameter @"bn1.running_var" buffer : tensor<4xf64>
cnn.parameter @"conv2.weight" weight : tensor<6x2x3x3xf64>
cnn.parameter @"frozen.weight" weight : tensor<6x6x1x1xf64> {frozen}
cnn.parameter @"fc1.weight" weight : tensor<5x12xf64>
cnn.parameter @"fc1.bias" weight : tensor<5xf64>
cnn.parameter @"fc2.weight" weight : tensor<3x5xf64>

func.func @forward(%image: tensor<?x2x8x8xf64>) -> tensor<?x3xf64> {
  %0 = cnn.standardize %image {mean = array<f64: 0.001, 0.002>, std = array<f64: 0.002, 0.003>} : tensor<?x2x8x8xf64>
  %w1 = cnn.read @"conv1.weight" : tensor<4x2x3x3xf64>
  %1 = cnn.conv %0, %w1 {stride = array<i64: 2, 2>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x8x8xf64>, tensor<4x2x3x3xf64>) -> tensor<?x4x4x4xf64>
  %b1 = cnn.read @"conv1.bias" : tensor<4xf64>
  %2 = cnn.bias %1, %b1 : (tensor<?x4x4x4xf64>, tensor<4xf64>) -> tensor<?x4x4x4xf64>
  %scale = cnn.read @"bn1.weight" : tensor<4xf64>
  %shift = cnn.read @"bn1.bias" : tensor<4xf64>
  %3 = cnn.batchnorm %2, %scale, %shift, @"bn1.running_mean", @"bn1.running_var" {epsilon = 1.0e-3 : f64, momentum = 0.1 : f64} : (tensor<?x4x4x4xf64>, tensor<4xf64>, tensor<4xf64>) -> tensor<?x4x4x4xf64>
  %4 = cnn.tanh %3 : tensor<?x4x4x4xf64>
  %w2 = cnn.read @"conv2.weight" : tensor<6x2x3x3xf64>
  %5 = cnn.conv %4, %w2 {stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<?x4x4x4xf64>, tensor<6x2x3x3xf64>) -> tensor<?x6x4x4xf64>
  %6 = cnn.pad %4 {low = array<i64: 1, 0, 0>, high = array<i64: 1, 0, 0>, interior = array<i64: 0, 0, 0>} : tensor<?x4x4x4xf64> -> tensor<?x6x4x4xf64>
  %7 = cnn.add %5, %6 : tensor<?x6x4x4xf64>
  %8 = cnn.leaky_relu %7 : tensor<?x6x4x4xf64>
  %wf = cnn.read @"frozen.weight" : tensor<6x6x1x1xf64>
  %9 = cnn.conv %8, %wf {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x6x4x4xf64>, tensor<6x6x1x1xf64>) -> tensor<?x6x4x4xf64>
  %10 = cnn.maxpool %9 {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : tensor<?x6x4x4xf64> -> tensor<?x6x2x2xf64>
  %11 = cnn.global_avgpool %10 : tensor<?x6x2x2xf64> -> tensor<?x6x1x1xf64>
  %12 = cnn.avgpool %8 {kernel = array<i64: 4, 4>, stride = array<i64: 4, 4>, pad = array<i64: 0, 0, 0, 0>} : tensor<?x6x4x4xf64> -> tensor<?x6x1x1xf64>
  %13 = cnn.concat %11, %12 : (tensor<?x6x1x1xf64>, tensor<?x6x1x1xf64>) -> tensor<?x12x1x1xf64>
  %14 = cnn.reshape %13 : tensor<?x12x1x1xf64> -> tensor<?x12xf64>
  %15 = cnn.dropout %14 {ratio = 0.25 : f64, id = 0 : i64} : tensor<?x12xf64>
  %w3 = cnn.read @"fc1.weight" : tensor<5x12xf64>
  %b3 = cnn.read @"fc1.bias" : tensor<5xf64>
  %16 = cnn.dense %15, %w3 : (tensor<?x12xf64>, tensor<5x12xf64>) -> tensor<?x5xf64>
  %17 = cnn.bias %16, %b3 : (tensor<?x5xf64>, tensor<5xf64>) -> tensor<?x5xf64>
  %18 = cnn.relu %17 : tensor<?x5xf64>
  %w4 = cnn.read @"fc2.weight" : tensor<3x5xf64>
  %19 = cnn.dense %18, %w4 : (tensor<?x5xf64>, tensor<3x5xf64>) -> tensor<?x3xf64>
  return %19 : tensor<?x3xf64>
}
func.func @loss(%y: tensor<?x3xf64>, %label: tensor<?xi32>) -> tensor<f64> {
  %0 = cnn.softmax_cross_entropy %y, %label {label_smoothing = 0.1 : f64} : (tensor<?x3xf64>, tensor<?xi32>) -> tensor<f64>
  return %0 : tensor<f64>
}
)mlir";

static void checkNetwork(StringRef pipeline) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(network, &getContext());
  ASSERT_TRUE(module && succeeded(runPasses(*module, "cnnc-split")));
  OwningOpRef<ModuleOp> differentiated = module->clone();
  ASSERT_TRUE(succeeded(runPasses(*differentiated, pipeline)));
  Random random(50);
  for (int64_t batch : {1, 2, 5}) {
    Tensor labels({batch});
    for (double &label : labels.values)
      label = random.integer(0, 2);
    checkModuleGradients(random, *module, *differentiated, {separated(random, {batch, 2, 8, 8}), labels},
                         "network of batch " + std::to_string(batch));
  }
}

TEST(Gradient, Network) { checkNetwork("cnnc-differentiate"); }
TEST(Gradient, NetworkThatComputesAgain) { checkNetwork("cnnc-differentiate,cse,cnnc-recompute"); }
