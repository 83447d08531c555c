//===- NormGradientTest.cpp - batch norm and softmax ----------------------===//

#include "test/gradients/GradientCheck.h"
#include "llvm/Support/FormatVariadic.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

TEST(Gradient, Batchnorm) {
  Random random(6);
  for (int i = 0, count = caseCount(500, 5000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random);
    double epsilon = random.coin() ? 1e-5 : 0.1;
    // Nearly no variance under a small epsilon is all curvature.
    if (shape[0] * Tensor(shape).inner() < 4)
      epsilon = 0.1;
    Tensor channels({shape[1]});
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      Type type = arguments[1].getType();
      return cnn::BatchnormTrainOp::create(builder, loc, TypeRange{arguments[0].getType(), type, type, type, type}, arguments[0],
                                           arguments[1], arguments[2], arguments[3], arguments[4],
                                           builder.getF64FloatAttr(epsilon), builder.getF64FloatAttr(0.1))
          .getResult();
    };
    checkGradients(random,
                   {{separated(random, shape)},
                    {random.tensor({shape[1]})},
                    {random.tensor({shape[1]})},
                    {channels, Input::Target},
                    {channels, Input::Target}},
                   build, llvm::formatv("batchnorm of {0} x {1} channels", shape[0], shape[1]).str());
  }
}

TEST(Gradient, Softmax) {
  Random random(7);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::SoftmaxOp::create(builder, loc, arguments[0].getType(), arguments[0]);
    };
    checkGradients(random, {{random.tensor(shape, -3, 3)}}, build, llvm::formatv("softmax of {0} channels", shape[1]).str());
  }
}
