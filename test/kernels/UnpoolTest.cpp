//===- UnpoolTest.cpp - indices of pools, and unpooling -------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "test/kernels/General.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

/// Random windows over one to three dimensions.
struct Windows {
  General from, to;
  std::string attributes;

  explicit Windows(Random &random) {
    from.isBatch = to.isBatch = random.coin();
    from.sizes = {random.integer(1, 3), random.integer(1, 4)};
    to.sizes = from.sizes;
    bool ceilMode = random.coin();
    Shape kernel, stride, low, high, dilation;
    for (int64_t dims = random.integer(1, 3); dims > 0; --dims) {
      kernel.push_back(random.integer(1, 3));
      stride.push_back(random.integer(1, 3));
      dilation.push_back(random.integer(1, 2));
      int64_t most = dilation.back() * (kernel.back() - 1), size, places;
      do {
        low.push_back(random.integer(0, most)), high.push_back(random.integer(0, most));
        size = dims == 1 ? random.integer(1, 40) : random.integer(1, 6);
        places = cnnc::cnn::poolPlaces(size, kernel.back(), stride.back(), dilation.back(), low.back(), high.back(), ceilMode);
        if (places > 0 && cnnc::cnn::windowsCover(size, kernel.back(), stride.back(), dilation.back(), low.back(), places))
          break;
        low.pop_back(), high.pop_back();
      } while (true);
      from.sizes.push_back(size);
      to.sizes.push_back(places);
    }
    low.insert(low.end(), high.begin(), high.end());
    attributes = "kernel = " + list(kernel) + ", stride = " + list(stride) + ", pad = " + list(low) +
                 ", dilation = " + list(dilation) + ", ceil_mode = " + (ceilMode ? "true" : "false");
  }
};

TEST(Unpool, Indices) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    Windows windows(random);
    std::string to = windows.to.type("i32");
    Case c;
    c.n = windows.from.batch();
    c.arguments = {{windows.from.type(), "plain", -2, 2, i % 2 ? Fill::SomeNan : Fill::Integers}}; // many ties
    c.body = "%y = cnn.maxpool_indices %a0 {" + windows.attributes + (i % 3 ? "" : ", column_major") +
             "} : " + windows.from.type() + " -> " + to;
    c.results = {{"%y", to, "plain"}};
    return c;
  }));
}

/// Indices within the batch and a little beyond it.
void expectUnpooled(bool isGradient) {
  expectAgree(randomCases(2 * shapesToTry(), [&](Random &random, int64_t) {
    General pooled = randomShape(random, 1, 5), whole = randomShape(random, 1, 5);
    whole.isBatch = pooled.isBatch;
    whole.sizes[0] = pooled.sizes[0];
    const General &from = isGradient ? whole : pooled, &to = isGradient ? pooled : whole;
    double elements = 1;
    for (int64_t size : whole.sizes)
      elements *= size;
    Case c =
        apply(isGradient ? "maxunpool_grad" : "maxunpool", "", pooled, {operand(from), numbers(pooled, -2, elements + 2)}, to);
    return followed(c, "affine %y {scale = 2.0 : f64, offset = 1.0 : f64}");
  }));
}
TEST(Unpool, Forward) { expectUnpooled(false); }
TEST(Unpool, Gradient) { expectUnpooled(true); }

} // namespace
