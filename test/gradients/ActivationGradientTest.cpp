//===- ActivationGradientTest.cpp - activations and their constants -------===//

#include "test/gradients/GradientCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

/// The activation of values from -4 to 4 that keep away from its kinks; `attributes` are the names of its constants.
template <typename OpTy>
static void check(uint64_t seed, const std::vector<std::pair<StringRef, double>> &attributes,
                  const std::vector<double> &kinks = {}) {
  Random random(seed);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = separated(random, randomShape(random));
    for (double &value : x.values) {
      value *= 4;
      for (double kink : kinks)
        if (std::abs(value - kink) < 1e-3)
          value = kink + 2e-3;
    }
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) {
      Operation *op = createOp<OpTy>(builder, loc, arguments[0].getType(), arguments);
      for (auto [name, value] : attributes)
        op->setAttr(name, builder.getF64FloatAttr(value));
      return op->getResult(0);
    };
    checkGradients(random, {{x}}, build, OpTy::getOperationName().str());
  }
}

TEST(Gradient, Elu) {
  check<cnn::EluOp>(200, {});
  check<cnn::EluOp>(201, {{"alpha", 0.3}});
}
TEST(Gradient, Selu) {
  check<cnn::SeluOp>(202, {});
  check<cnn::SeluOp>(203, {{"alpha", 2}, {"gamma", 3}});
}
TEST(Gradient, Celu) {
  check<cnn::CeluOp>(204, {});
  check<cnn::CeluOp>(205, {{"alpha", 2}});
}
TEST(Gradient, Softplus) { check<cnn::SoftplusOp>(206, {}); }
TEST(Gradient, Softsign) { check<cnn::SoftsignOp>(207, {}); }
TEST(Gradient, Mish) { check<cnn::MishOp>(208, {}); }
TEST(Gradient, HardSigmoid) {
  check<cnn::HardSigmoidOp>(209, {}, {-3, 3});
  check<cnn::HardSigmoidOp>(210, {{"alpha", 0.25}, {"beta", 0.375}}, {-1.5, 2.5});
}
TEST(Gradient, HardSwish) { check<cnn::HardSwishOp>(211, {}, {-3, 3}); }
TEST(Gradient, Swish) {
  check<cnn::SwishOp>(212, {});
  check<cnn::SwishOp>(213, {{"beta", 1.7}});
}
TEST(Gradient, Gelu) { check<cnn::GeluOp>(214, {}); }
TEST(Gradient, ThresholdedRelu) {
  check<cnn::ThresholdedReluOp>(215, {}, {1});
  check<cnn::ThresholdedReluOp>(216, {{"alpha", -0.5}}, {-0.5});
}
TEST(Gradient, Clip) {
  check<cnn::ClipOp>(217, {{"min", -1}, {"max", 2}}, {-1, 2});
  check<cnn::ClipOp>(218, {{"max", 0.5}}, {0.5});
  check<cnn::ClipOp>(219, {});
}

TEST(Gradient, GeluOfTanh) {
  Random random(220);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    auto build = [](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::GeluOp::create(builder, loc, arguments[0].getType(), arguments[0], "tanh");
    };
    checkGradients(random, {{random.tensor(randomShape(random), -4, 4)}}, build, "gelu by tanh");
  }
}

TEST(Gradient, Prelu) {
  Random random(221);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random);
    auto build = [](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::PreluOp::create(builder, loc, arguments[0].getType(), arguments[0], arguments[1]);
    };
    checkGradients(random, {{separated(random, shape)}, {random.tensor({shape[1]})}}, build, "prelu");
  }
}
