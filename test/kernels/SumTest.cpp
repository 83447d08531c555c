//===- SumTest.cpp - channel sums, norms of gradients, folding ------------===//

#include "test/kernels/Harness.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

TEST(Sum, ChannelSum) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    int64_t channels = random.channels();
    bool images = random.coin();
    std::string type = images ? batchType(channels, random.integer(1, 9), random.integer(1, 9)) : batchType(channels),
                sums = tensorType({channels});
    Case c;
    c.n = random.integer(1, 50);
    c.arguments = {{type, random.batchLayout(channels, images)}};
    c.body = "%y = cnn.channel_sum %a0 : " + type + " -> " + sums;
    c.results = {{"%y", sums, i % 2 ? "channels" : "channels accumulate = true"}};
    return c;
  }));
}

// What stands before a reduction is computed where it is read.
TEST(Sum, ChannelSumOfAnElementwiseOp) {
  std::string type = batchType(21, 5, 6);
  Case c;
  c.n = 5;
  c.arguments = {{type, "batch"}, {type, "batch"}};
  c.body = "%0 = cnn.relu_grad %a0, %a1 : " + type + "\n%y = cnn.channel_sum %0 : " + type + " -> tensor<21xf32>";
  c.results = {{"%y", "tensor<21xf32>", "channels"}};
  expectAgree({c});
}

TEST(Sum, SumOfSquares) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    Case c;
    c.n = random.integer(1, 20);
    std::string operands, types;
    for (int64_t k = 0, count = random.integer(1, 6); k < count; ++k) {
      int64_t channels = random.channels();
      if (k == 0 && i % 3 == 0)
        c.arguments.push_back(
            {batchType(channels, random.integer(1, 6), random.integer(1, 6)), random.batchLayout(channels, true)});
      else if (random.coin())
        c.arguments.push_back({tensorType({channels}), "channels"});
      else
        c.arguments.push_back(
            {tensorType({channels, random.integer(1, 40), random.integer(1, 5), random.integer(1, 5)}), "kernel"});
      operands += (k ? ", %a" : "%a") + std::to_string(k);
      types += (k ? ", " : "") + c.arguments.back().type;
    }
    c.body = "%y = cnn.sum_of_squares " + operands + " : (" + types + ") -> tensor<f32>";
    c.results = {{"%y", "tensor<f32>", "scalar"}};
    c.tolerance = 1e-6;
    return c;
  }));
}

TEST(Sum, ClipFactor) {
  std::vector<Case> cases;
  for (double norm : {0.0, 0.5, 4.0, 1e6}) {
    Case c;
    c.arguments = {{"tensor<f32>", "scalar", norm, norm + 1}, {"tensor<f32>", "scalar", 1, 2}};
    c.body = "%y = cnn.clip_factor %a0, %a1 : (tensor<f32>, tensor<f32>) -> tensor<f32>";
    c.results = {{"%y", "tensor<f32>", "scalar"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(Sum, FoldBatchnorm) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t) {
    std::string v = tensorType({random.channels()});
    Case c;
    c.arguments = {{v, "channels"}, {v, "channels"}, {v, "channels"}, {v, "channels", 0, 2}};
    c.body = "%r:2 = cnn.fold_batchnorm %a0, %a1, %a2, %a3 {epsilon = 1.0e-5 : f64} : (" + v + ", " + v + ", " + v + ", " + v +
             ") -> (" + v + ", " + v + ")";
    c.results = {{"%r#0", v, "channels"}, {"%r#1", v, "channels"}};
    return c;
  }));
}

TEST(Sum, FoldKernel) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    int64_t outputs = random.channels(), inputs = random.channels();
    bool dense = i % 3 == 0;
    std::string kernel =
        dense ? tensorType({outputs, inputs}) : tensorType({outputs, inputs, random.integer(1, 5), random.integer(1, 5)});
    std::string layout = inputs < 8 && !dense ? "kernel block = " + std::to_string(inputs) : "kernel",
                scale = tensorType({outputs});
    Case c;
    c.arguments = {{kernel, layout}, {scale, "channels"}};
    c.body = "%y = cnn.fold_kernel %a0, %a1 : (" + kernel + ", " + scale + ") -> " + kernel;
    c.results = {{"%y", kernel, layout}};
    return c;
  }));
}

} // namespace
