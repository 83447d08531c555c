//===- RearrangeTest.cpp - channels and places exchanged, maxout ----------===//

#include "test/kernels/Harness.h"
#include "llvm/Support/FormatVariadic.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

TEST(Rearrange, DepthAndSpace) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    int64_t block = random.integer(1, 3), channels = random.integer(1, 20), height = random.integer(1, 4),
            width = random.integer(1, 4);
    int64_t deepChannels = channels * block * block;
    std::string deep = batchType(deepChannels, height, width), wide = batchType(channels, height * block, width * block);
    std::string attributes =
        llvm::formatv(" %a0 {{block_size = {0} : i64, channels_first = {1}} : ", block, random.coin() ? "true" : "false");
    Case toSpace, toDepth;
    toSpace.arguments = {{deep, random.batchLayout(deepChannels, true)}};
    toSpace.body = "%0 = cnn.depth_to_space" + attributes + deep + " -> " + wide + "\n%y = cnn.relu %0 : " + wide;
    toSpace.results = {{"%y", wide, random.batchLayout(channels, true)}};
    toDepth.arguments = {{wide, random.batchLayout(channels, true)}};
    toDepth.body = "%y = cnn.space_to_depth" + attributes + wide + " -> " + deep;
    toDepth.results = {{"%y", deep, random.batchLayout(deepChannels, true)}};
    cases.insert(cases.end(), {toSpace, toDepth});
  }
  expectAgree(cases);
}

std::string randomType(Random &random, int64_t channels, bool images) {
  return images ? batchType(channels, random.integer(1, 5), random.integer(1, 5)) : batchType(channels);
}

TEST(Rearrange, ChannelShuffle) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t) {
    int64_t groups = random.integer(1, 8), channels = groups * random.integer(1, 9);
    bool images = random.coin();
    std::string type = randomType(random, channels, images);
    Case c;
    c.arguments = {{type, random.batchLayout(channels, images)}};
    c.body = llvm::formatv("%y = cnn.channel_shuffle %a0 {{groups = {0} : i64} : {1}", groups, type);
    c.results = {{"%y", type, random.batchLayout(channels, images)}};
    return c;
  }));
}

TEST(Rearrange, MaxoutAndItsGradientWithTies) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    int64_t pieces = random.integer(1, 6), channels = random.integer(1, 20), height = random.integer(1, 4),
            width = random.integer(1, 4);
    bool images = random.coin();
    auto type = [&](int64_t count) { return images ? batchType(count, height, width) : batchType(count); };
    std::string from = type(channels * pieces), to = type(channels),
                attributes = llvm::formatv(" {{pieces = {0} : i64} : ", pieces);
    Case forward, backward;
    Argument x{from, random.batchLayout(channels * pieces, images), -2, 2, i % 2 ? Fill::Integers : Fill::Uniform};
    forward.arguments = {x};
    forward.body = "%0 = cnn.maxout %a0" + attributes + from + " -> " + to +
                   "\n%y = cnn.affine %0 {scale = 2.0 : f64, offset = 1.0 : f64} : " + to;
    forward.results = {{i % 3 ? "%0" : "%y", to, random.batchLayout(channels, images)}};
    backward.arguments = {x, {to, random.batchLayout(channels, images)}};
    backward.body = "%y = cnn.maxout_grad %a0, %a1" + attributes + "(" + from + ", " + to + ") -> " + from;
    backward.results = {{"%y", from, random.batchLayout(channels * pieces, images)}};
    cases.insert(cases.end(), {forward, backward});
  }
  expectAgree(cases);
}

} // namespace
