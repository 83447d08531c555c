//===- ElementwiseTest.cpp - elementwise kernels on random shapes ---------===//

#include "test/kernels/ElementwiseCases.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

TEST(Elementwise, Identity) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    bool images = random.coin();
    int64_t channels = random.channels();
    std::string type = images ? batchType(channels, random.integer(1, 9), random.integer(1, 20)) : batchType(channels);
    Case c;
    c.n = random.integer(1, 3);
    c.arguments = {{type, i % 2 ? "plain" : random.batchLayout(channels, images)}};
    c.results = {{"%a0", type, i % 2 ? random.batchLayout(channels, images) : "plain"}};
    return c;
  }));
}
TEST(Elementwise, Relu) { expectElementwise("%y = cnn.relu %a0 : {T}", 1); }
TEST(Elementwise, LeakyRelu) { expectElementwise("%y = cnn.leaky_relu %a0 {slope = 0.1 : f64} : {T}", 1); }
TEST(Elementwise, Sigmoid) { expectElementwise("%y = cnn.sigmoid %a0 : {T}", 1, -20, 20); }
TEST(Elementwise, Tanh) { expectElementwise("%y = cnn.tanh %a0 : {T}", 1); }
TEST(Elementwise, Step) { expectElementwise("%y = cnn.step %a0 : {T}", 1); }
TEST(Elementwise, Affine) { expectElementwise("%y = cnn.affine %a0 {scale = -2.5 : f64, offset = 0.75 : f64} : {T}", 1); }
TEST(Elementwise, Add) { expectElementwise("%y = cnn.add %a0, %a1 : {T}", 2); }
TEST(Elementwise, Sub) { expectElementwise("%y = cnn.sub %a0, %a1 : {T}", 2); }
TEST(Elementwise, Mul) { expectElementwise("%y = cnn.mul %a0, %a1 : {T}", 2); }
TEST(Elementwise, ReluGrad) { expectElementwise("%y = cnn.relu_grad %a0, %a1 : {T}", 2); }
TEST(Elementwise, LeakyReluGrad) { expectElementwise("%y = cnn.leaky_relu_grad %a0, %a1 {slope = 0.1 : f64} : {T}", 2); }
TEST(Elementwise, Bias) { expectElementwise("%y = cnn.bias %a0, %a1 : ({T}, {C}) -> {T}", 1); }
TEST(Elementwise, ScaleShift) { expectElementwise("%y = cnn.scale_shift %a0, %a1, %a2 : ({T}, {C}, {C}) -> {T}", 1); }
TEST(Elementwise, Standardize) {
  expectElementwise("%y = cnn.standardize %a0 {mean = array<f64: 0.4>, std = array<f64: 0.25>} : {T}", 1, 0, 255);
}
TEST(Elementwise, BatchnormInfer) {
  expectElementwise(
      "%y = cnn.batchnorm_infer %a0, %a1, %a2, %a3, %a4 {epsilon = 1.0e-5 : f64} : ({T}, {C}, {C}, {C}, {C}) -> {T}", 1);
}
TEST(Elementwise, Scale) { expectElementwise("%y = cnn.scale %a0, %a1 : ({T}, {S}) -> {T}", 1); }
TEST(Elementwise, Clamp) { expectElementwise("%y = cnn.clamp %a0, %a1 : ({T}, {S}) -> {T}", 1); }
TEST(Elementwise, FusedChain) {
  expectElementwise("%0 = cnn.sigmoid %a0 : {T}\n%1 = cnn.add %0, %a1 : {T}\n%y = cnn.relu %1 : {T}", 2);
}

TEST(Elementwise, StandardizeOfManyChannels) {
  std::string type = batchType(19, 3, 5), mean, std;
  for (int c = 0; c < 19; ++c) {
    mean += (c ? ", 0." : "0.") + std::to_string(10 + c);
    std += (c ? ", 0." : "0.") + std::to_string(20 + c);
  }
  Case c;
  c.arguments = {{type, "plain", 0, 255}};
  c.body = "%y = cnn.standardize %a0 {mean = array<f64: " + mean + ">, std = array<f64: " + std + ">} : " + type;
  c.results = {{"%y", type, "batch halo = [1, 1, 1, 1]"}};
  expectAgree({c});
}

TEST(Elementwise, ScalarsAndParameters) {
  Case scalars, kernels, accumulated;
  scalars.arguments = {{"tensor<f32>", "scalar"}, {"tensor<f32>", "scalar"}};
  scalars.body = "%y = cnn.mul %a0, %a1 : tensor<f32>";
  scalars.results = {{"%y", "tensor<f32>", "scalar"}};
  kernels.arguments = {{"tensor<20x6x3x3xf32>", "kernel block = 6"}, {"tensor<20x6x3x3xf32>", "kernel block = 6"}};
  kernels.body = "%y = cnn.add %a0, %a1 : tensor<20x6x3x3xf32>";
  kernels.results = {{"%y", "tensor<20x6x3x3xf32>", "kernel block = 6"}};
  accumulated = kernels;
  accumulated.results[0].layout = "kernel block = 6 accumulate = true";
  expectAgree({scalars, kernels, accumulated});
}
