//===- ImageNormTest.cpp - local response and group norm ------------------===//

#include "test/kernels/Batch.h"
#include "llvm/Support/FormatVariadic.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

std::string lrnAttributes(Random &random, int64_t i) {
  // Powers by roots and by logarithms; windows of all sizes, up to several blocks.
  const double betas[] = {0.75, 0.5, 1, 0.6, 1.25, 0};
  int64_t size = i % 4 == 0 ? random.integer(1, 70) : random.integer(1, 9);
  return llvm::formatv("{{size = {0} : i64, alpha = {1:f} : f64, beta = {2:f} : f64, bias = {3:f} : f64}", size,
                       0.25 * random.integer(1, 8), betas[i % 6], 0.5 * random.integer(1, 4));
}

TEST(ImageNorm, Lrn) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    Batch batch(random, random.channels());
    Case c;
    c.n = random.integer(1, 3);
    c.arguments = {{batch.type, batch.layout(random), -2, 2}};
    c.body = "%0 = cnn.lrn %a0 " + lrnAttributes(random, i) + " : " + batch.type +
             "\n%y = cnn.affine %0 {scale = 2.0 : f64} : " + batch.type;
    c.results = {{i % 2 ? "%0" : "%y", batch.type, batch.layout(random)}};
    return c;
  }));
}

// Without bias the powers of lanes that hold no channel are not finite.
TEST(ImageNorm, LrnWithoutBias) {
  Case forward, backward;
  std::string type = batchType(20, 3, 3),
              attributes = "{size = 5 : i64, alpha = 1.0 : f64, beta = 0.75 : f64, bias = 0.0 : f64} : " + type;
  forward.arguments = {{type, "batch", 0.5, 2}};
  forward.body = "%y = cnn.lrn %a0 " + attributes;
  backward.arguments = {{type, "batch", 0.5, 2}, {type, "batch"}};
  backward.body = "%y = cnn.lrn_grad %a0, %a1 " + attributes;
  forward.results = backward.results = {{"%y", type, "batch halo = [1, 1, 1, 1]"}};
  expectAgree({forward, backward});
}

TEST(ImageNorm, LrnGrad) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    Batch batch(random, random.channels());
    Case c;
    c.n = random.integer(1, 3);
    c.arguments = {{batch.type, batch.layout(random), -2, 2}, {batch.type, batch.layout(random)}};
    c.body = "%y = cnn.lrn_grad %a0, %a1 " + lrnAttributes(random, i) + " : " + batch.type;
    c.results = {{"%y", batch.type, batch.layout(random)}};
    return c;
  }));
}

/// Groups of one channel, of whole blocks, of one block for all, and others.
int64_t randomGroups(Random &random, int64_t &channels) {
  channels = random.channels();
  switch (random.integer(0, 3)) {
  case 0:
    return channels;
  case 1:
    return 1;
  case 2:
    channels = 32 * random.integer(1, 2);
    return 2;
  default: {
    int64_t groups = random.integer(2, 6);
    channels = groups * random.integer(1, 9);
    return groups;
  }
  }
}

TEST(ImageNorm, Groupnorm) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    int64_t channels, groups = randomGroups(random, channels);
    Batch batch(random, channels);
    Case c;
    c.n = random.integer(1, 4);
    std::string statistics = batchType(channels);
    // A mean far from zero: the variance must not come from a difference of large sums.
    c.arguments = {{batch.type, batch.layout(random), 9, 11}, {batch.vector, "channels", 0.5, 1.5}, {batch.vector, "channels"}};
    c.body = llvm::formatv(
        "%r:3 = cnn.groupnorm %a0, %a1, %a2 {{groups = {0} : i64, epsilon = 1.0e-1 : f64} : ({1}, {2}, {2}) -> ({1}, {3}, {3})\n"
        "%y = cnn.relu %r#0 : {1}",
        groups, batch.type, batch.vector, statistics);
    c.results = {{i % 2 ? "%y" : "%r#0", batch.type, batch.layout(random)}};
    for (int k = 1; k < 3; ++k)
      if (i % 3 || k % 2)
        c.results.push_back({"%r#" + std::to_string(k), statistics, "batch"});
    return c;
  }));
}

TEST(ImageNorm, GroupnormGrad) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    int64_t channels, groups = randomGroups(random, channels);
    Batch batch(random, channels);
    Case c;
    c.n = random.integer(1, 40);
    std::string statistics = batchType(channels);
    c.arguments = {{batch.type, batch.layout(random)},
                   {batch.type, batch.layout(random)},
                   {batch.vector, "channels", 0.5, 1.5},
                   {statistics, "batch"},
                   {statistics, "batch", 0.5, 1.5}};
    c.body = llvm::formatv(
        "%r:3 = cnn.groupnorm_grad %a0, %a1, %a2, %a3, %a4 {{groups = {0} : i64} : ({1}, {1}, {2}, {3}, {3}) -> ({1}, {2}, {2})",
        groups, batch.type, batch.vector, statistics);
    c.results = {{"%r#0", batch.type, batch.layout(random)}};
    if (i % 3)
      c.results.push_back({"%r#1", batch.vector, "channels accumulate = true"});
    if (i % 2)
      c.results.push_back({"%r#2", batch.vector, "channels"});
    return c;
  }));
}

} // namespace
