//===- WindowGradientTest.cpp - layers over one and three dimensions ------===//

#include "dialects/cnn/ShapeMath.h"
#include "frontends/Windows.h"
#include "test/gradients/GradientCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

namespace {

WindowBuilder builderAt(OpBuilder &builder, Location loc, Value like) {
  Type element = cast<RankedTensorType>(like.getType()).getElementType();
  return WindowBuilder(builder, loc, [element](ArrayRef<int64_t> shape) { return RankedTensorType::get(shape, element); });
}

/// Random windows over one or three dimensions, and sizes that they fit in.
struct RandomWindows : Windows {
  std::vector<int64_t> sizes;

  RandomWindows(Random &random, bool isPool) {
    ceilMode = isPool && random.coin();
    for (size_t dims = random.coin() ? 1 : 3; dims > 0; --dims) {
      kernel.push_back(random.integer(1, 3));
      stride.push_back(random.integer(1, 3));
      dilation.push_back(random.coin() ? 1 : 2);
      int64_t most = reach(kernel.size() - 1) - 1, size, before, behind, places;
      do {
        before = random.integer(0, most), behind = random.integer(0, most);
        size = random.integer(1, 4);
        places = cnn::poolPlaces(size, kernel.back(), stride.back(), dilation.back(), before, behind, ceilMode);
      } while (places == 0 ||
               (isPool && !cnn::windowsCover(size, kernel.back(), stride.back(), dilation.back(), before, places)));
      low.push_back(before), high.push_back(behind);
      sizes.push_back(size);
    }
  }
  std::vector<int64_t> shape(int64_t first, int64_t second) const {
    std::vector<int64_t> all{first, second};
    all.insert(all.end(), sizes.begin(), sizes.end());
    return all;
  }
  std::vector<int64_t> kernelShape(int64_t first, int64_t second) const {
    std::vector<int64_t> all{first, second};
    all.insert(all.end(), kernel.begin(), kernel.end());
    return all;
  }
};

} // namespace

TEST(Gradient, ConvOfAnyRank) {
  Random random(81);
  for (int i = 0, count = caseCount(40, 400); i < count; ++i) {
    RandomWindows windows(random, /*isPool=*/false);
    int64_t groups = random.integer(1, 2), inputs = groups * random.integer(1, 2), outputs = groups * random.integer(1, 2);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return builderAt(builder, loc, arguments[0]).conv(arguments[0], arguments[1], arguments[2], windows, groups);
    };
    checkGradients(random,
                   {{random.tensor(windows.shape(random.integer(1, 2), inputs))},
                    {random.tensor(windows.kernelShape(outputs, inputs / groups))},
                    {random.tensor({outputs})}},
                   build, "conv over " + std::to_string(windows.rank()) + " dimensions");
  }
}

TEST(Gradient, ConvTransposeOfAnyRank) {
  Random random(82);
  for (int i = 0, count = caseCount(40, 400); i < count; ++i) {
    RandomWindows windows(random, /*isPool=*/false);
    Windows::Sizes more;
    for (size_t d = 0; d < windows.rank(); ++d) {
      more.push_back(random.integer(0, 2));
      int64_t whole =
          cnn::transposedSize(windows.sizes[d], windows.kernel[d], windows.stride[d], windows.dilation[d], 0, more[d]);
      windows.low[d] = std::min(windows.low[d], (whole - 1) / 2);
      windows.high[d] = std::min(windows.high[d], (whole - 1) / 2);
    }
    int64_t groups = random.integer(1, 2), inputs = groups * random.integer(1, 2), outputs = random.integer(1, 2);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return builderAt(builder, loc, arguments[0]).convTranspose(arguments[0], arguments[1], arguments[2], windows, more, groups);
    };
    checkGradients(random,
                   {{random.tensor(windows.shape(random.integer(1, 2), inputs))},
                    {random.tensor(windows.kernelShape(inputs, outputs))},
                    {random.tensor({groups * outputs})}},
                   build, "conv_transpose over " + std::to_string(windows.rank()) + " dimensions");
  }
}

TEST(Gradient, PoolOfAnyRank) {
  Random random(83);
  for (int i = 0, count = caseCount(60, 600); i < count; ++i) {
    RandomWindows windows(random, /*isPool=*/true);
    bool countIncludePad = random.coin();
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      WindowBuilder at = builderAt(builder, loc, arguments[0]);
      return i % 3 == 0   ? at.maxpool(arguments[0], windows)
             : i % 3 == 1 ? at.avgpool(arguments[0], windows, countIncludePad)
                          : at.lppool(arguments[0], windows, 3);
    };
    checkGradients(random, {{separated(random, windows.shape(random.integer(1, 2), random.integer(1, 3)))}}, build,
                   "pool over " + std::to_string(windows.rank()) + " dimensions");
  }
}
