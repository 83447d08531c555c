//===- ImageNormGradientTest.cpp - local response and group norm ----------===//

#include "test/gradients/GradientCheck.h"
#include "llvm/Support/FormatVariadic.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

TEST(Gradient, Lrn) {
  Random random(40);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape{random.integer(1, 3), random.integer(1, 9)};
    if (random.coin())
      shape.insert(shape.end(), {random.integer(1, 4), random.integer(1, 4)});
    int64_t size = random.integer(1, 11);
    double alpha = random.uniform(0.01, 2), beta = random.integer(0, 6) * 0.25 + (random.coin() ? 0.1 : 0),
           bias = random.uniform(0.5, 2);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::LrnOp::create(builder, loc, arguments[0].getType(), arguments[0], builder.getI64IntegerAttr(size),
                                builder.getF64FloatAttr(alpha), builder.getF64FloatAttr(beta), builder.getF64FloatAttr(bias));
    };
    checkGradients(random, {{random.tensor(shape)}}, build, llvm::formatv("lrn of {0} over {1} channels", size, shape[1]).str());
  }
}

TEST(Gradient, Groupnorm) {
  Random random(41);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    int64_t groups = random.integer(1, 4), channels = groups * (random.coin() ? 1 : random.integer(1, 4));
    std::vector<int64_t> shape{random.integer(1, 4), channels};
    if (random.coin())
      shape.insert(shape.end(), {random.integer(1, 6), random.integer(1, 6)});
    // Nearly no variance under a small epsilon is all curvature.
    double epsilon = channels / groups * Tensor(shape).inner() < 4 || random.coin() ? 0.1 : 1e-5;
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      Type type = arguments[0].getType(), statistics = RankedTensorType::get({shape[0], channels}, builder.getF64Type());
      return cnn::GroupnormOp::create(builder, loc, TypeRange{type, statistics, statistics}, arguments[0], arguments[1],
                                      arguments[2], builder.getI64IntegerAttr(groups), builder.getF64FloatAttr(epsilon))
          .getResult();
    };
    checkGradients(random, {{separated(random, shape)}, {random.tensor({channels})}, {random.tensor({channels})}}, build,
                   llvm::formatv("groupnorm of {0} channels in {1} groups", channels, groups).str());
  }
}
