//===- RearrangeGradientTest.cpp - channels and places exchanged ----------===//

#include "test/gradients/GradientCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

TEST(Gradient, DepthAndSpace) {
  Random random(50);
  for (int i = 0, count = caseCount(50, 500); i < count; ++i) {
    int64_t block = random.integer(1, 3), channels = random.integer(1, 3), height = random.integer(1, 3),
            width = random.integer(1, 3);
    bool channelsFirst = random.coin();
    auto toSpace = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::DepthToSpaceOp::create(builder, loc, arguments[0], block, channelsFirst);
    };
    auto toDepth = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::SpaceToDepthOp::create(builder, loc, arguments[0], block, channelsFirst);
    };
    checkGradients(random, {{random.tensor({2, channels * block * block, height, width})}}, toSpace, "depth_to_space");
    checkGradients(random, {{random.tensor({2, channels, height * block, width * block})}}, toDepth, "space_to_depth");
  }
}

/// Images or vectors whose channels `divisor` divides.
static std::vector<int64_t> batchShape(Random &random, int64_t divisor) {
  std::vector<int64_t> shape{random.integer(1, 3), divisor * random.integer(1, 4)};
  if (random.coin())
    shape.insert(shape.end(), {random.integer(1, 4), random.integer(1, 4)});
  return shape;
}

TEST(Gradient, ChannelShuffle) {
  Random random(51);
  for (int i = 0, count = caseCount(50, 500); i < count; ++i) {
    int64_t groups = random.integer(1, 4);
    Tensor x = random.tensor(batchShape(random, groups));
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::ChannelShuffleOp::create(builder, loc, arguments[0].getType(), arguments[0], groups);
    };
    checkGradients(random, {{x}}, build, "channel_shuffle");
  }
}

TEST(Gradient, Maxout) {
  Random random(52);
  for (int i = 0, count = caseCount(50, 500); i < count; ++i) {
    int64_t pieces = random.integer(1, 4);
    Tensor x = separated(random, batchShape(random, pieces));
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::MaxoutOp::create(builder, loc, arguments[0], pieces);
    };
    checkGradients(random, {{x}}, build, "maxout");
  }
}

TEST(Gradient, Dropconnect) {
  Random random(53);
  for (int i = 0, count = caseCount(20, 200); i < count; ++i) {
    int64_t inputs = random.integer(1, 8), outputs = random.integer(1, 8);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      Value kernel = cnn::DropoutMaskOp::create(builder, loc, arguments[1].getType(), arguments[1], APFloat(0.4), i);
      return cnn::DenseOp::create(builder, loc, arguments[0], kernel);
    };
    checkGradients(random, {{random.tensor({3, inputs})}, {random.tensor({outputs, inputs})}}, build, "dropconnect");
  }
}
