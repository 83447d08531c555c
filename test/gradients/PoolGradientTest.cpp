//===- PoolGradientTest.cpp - pooling -------------------------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "test/gradients/GradientCheck.h"
#include "llvm/Support/FormatVariadic.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

namespace {
struct PoolShape {
  SmallVector<int64_t> kernel, stride, pad, dilation; // pad is top, left, bottom, right
  bool ceilMode;
  std::vector<int64_t> image;

  explicit PoolShape(Random &random) : pad(4) {
    image = {random.integer(1, 3), random.integer(1, 4)};
    ceilMode = random.coin();
    for (int d = 0; d < 2; ++d) {
      kernel.push_back(random.integer(1, 4));
      stride.push_back(random.integer(1, 5)); // may pass over elements
      dilation.push_back(random.coin() ? 1 : random.integer(2, 3));
      int64_t span = dilation[d] * (kernel[d] - 1) + 1, size, places;
      do {
        pad[d] = random.integer(0, span - 1);
        pad[d + 2] = random.integer(0, span - 1);
        size = random.integer(1, 9);
        places = cnn::poolPlaces(size, kernel[d], stride[d], dilation[d], pad[d], pad[d + 2], ceilMode);
      } while (places == 0 || !cnn::windowsCover(size, kernel[d], stride[d], dilation[d], pad[d], places));
      image.push_back(size);
    }
  }
  std::string str(const char *name) const {
    return llvm::formatv("{0} {1}x{2} of {3}x{4}x{5}x{6}", name, kernel[0], kernel[1], image[0], image[1], image[2], image[3])
        .str();
  }
};
} // namespace

TEST(Gradient, Maxpool) {
  Random random(3);
  for (int i = 0, count = caseCount(500, 5000); i < count; ++i) {
    PoolShape shape(random);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::MaxpoolOp::create(builder, loc, arguments[0], shape.kernel, shape.stride, shape.pad, shape.dilation,
                                    shape.ceilMode);
    };
    checkGradients(random, {{separated(random, shape.image)}}, build, shape.str("maxpool"));
  }
}

TEST(Gradient, Avgpool) {
  Random random(4);
  for (int i = 0, count = caseCount(500, 5000); i < count; ++i) {
    PoolShape shape(random);
    bool countIncludePad = random.coin();
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::AvgpoolOp::create(builder, loc, arguments[0], shape.kernel, shape.stride, shape.pad, countIncludePad,
                                    shape.dilation, shape.ceilMode);
    };
    checkGradients(random, {{random.tensor(shape.image)}}, build,
                   shape.str(countIncludePad ? "avgpool" : "avgpool without padding"));
  }
}

/// To the places where a pool of other images finds the largest, of which some may be one.
TEST(Gradient, Maxunpool) {
  Random random(6);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    PoolShape shape(random);
    std::vector<int64_t> pooled(shape.image.begin(), shape.image.begin() + 2);
    for (int d = 0; d < 2; ++d) {
      shape.stride[d] = std::max(shape.stride[d], shape.dilation[d] * (shape.kernel[d] - 1) + 1); // windows that do not meet
      pooled.push_back(cnn::poolPlaces(shape.image[2 + d], shape.kernel[d], shape.stride[d], shape.dilation[d], shape.pad[d],
                                       shape.pad[d + 2], shape.ceilMode));
    }
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      Value indices = cnn::MaxpoolIndicesOp::create(builder, loc, arguments[1], shape.kernel, shape.stride, shape.pad,
                                                    shape.dilation, shape.ceilMode, false);
      return cnn::MaxunpoolOp::create(builder, loc, arguments[1].getType(), arguments[0], indices);
    };
    checkGradients(random, {{random.tensor(pooled)}, {separated(random, shape.image), Input::Target}}, build,
                   shape.str("maxunpool"));
  }
}

TEST(Gradient, GlobalPool) {
  Random random(5);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    PoolShape shape(random);
    auto buildAverage = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::GlobalAvgpoolOp::create(builder, loc, arguments[0]);
    };
    auto buildMaximum = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::GlobalMaxpoolOp::create(builder, loc, arguments[0]);
    };
    checkGradients(random, {{separated(random, shape.image)}}, buildAverage, shape.str("global_avgpool"));
    checkGradients(random, {{separated(random, shape.image)}}, buildMaximum, shape.str("global_maxpool"));
  }
}
