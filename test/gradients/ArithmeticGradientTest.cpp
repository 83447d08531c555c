//===- ArithmeticGradientTest.cpp - quotients, powers, extremes, choices --===//

#include "test/gradients/GradientCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

/// An op on what `draw` makes of a random shape.
template <typename OpTy>
static void check(uint64_t seed, llvm::function_ref<std::vector<Input>(Random &, std::vector<int64_t>)> draw) {
  Random random(seed);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<Input> inputs = draw(random, randomShape(random));
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) {
      return createOp<OpTy>(builder, loc, arguments[0].getType(), arguments)->getResult(0);
    };
    checkGradients(random, inputs, build, OpTy::getOperationName().str());
  }
}

/// Two tensors of different elements.
static std::vector<Input> different(Random &random, std::vector<int64_t> shape) {
  Tensor x = separated(random, shape), y = separated(random, shape);
  for (double &value : y.values)
    value += 1.0 / y.size();
  return {{x}, {y}};
}

TEST(Gradient, Div) {
  check<cnn::DivOp>(300, [](Random &random, std::vector<int64_t> shape) -> std::vector<Input> {
    return {{random.tensor(shape)}, {random.tensor(shape, -2, -0.4)}};
  });
}
TEST(Gradient, Mod) {
  check<cnn::ModOp>(301, [](Random &random, std::vector<int64_t> shape) -> std::vector<Input> {
    Tensor x(shape), y = random.tensor(shape, 0.5, 2);
    for (int64_t i = 0; i < x.size(); ++i)
      x[i] = (random.coin() ? 1 : -1) * y[i] * (random.integer(0, 5) + random.uniform(0.1, 0.9));
    return {{x}, {y}};
  });
}
TEST(Gradient, Min) { check<cnn::MinOp>(302, different); }
TEST(Gradient, Max) { check<cnn::MaxOp>(303, different); }
TEST(Gradient, Pow) {
  check<cnn::PowOp>(304, [](Random &random, std::vector<int64_t> shape) -> std::vector<Input> {
    return {{random.tensor(shape, 0.3, 3)}, {random.tensor(shape, -2, 3)}};
  });
}
TEST(Gradient, Equal) { check<cnn::EqualOp>(305, different); }
TEST(Gradient, Less) { check<cnn::LessOp>(306, different); }
TEST(Gradient, LogicalNot) {
  check<cnn::LogicalNotOp>(
      307, [](Random &random, std::vector<int64_t> shape) -> std::vector<Input> { return {{separated(random, shape)}}; });
}
TEST(Gradient, Where) {
  check<cnn::WhereOp>(308, [](Random &random, std::vector<int64_t> shape) -> std::vector<Input> {
    Tensor condition(shape);
    for (double &value : condition.values)
      value = random.coin();
    return {{condition, Input::Target}, {random.tensor(shape)}, {random.tensor(shape)}};
  });
}

TEST(Gradient, Power) {
  Random random(309);
  static constexpr double exponents[] = {-3, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4.2};
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    double exponent = exponents[i % std::size(exponents)];
    bool isWhole = exponent == std::floor(exponent);
    double sign = isWhole && random.coin() ? -1 : 1;
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::PowerOp::create(builder, loc, arguments[0].getType(), arguments[0], builder.getF64FloatAttr(exponent));
    };
    Tensor x = random.tensor(randomShape(random), 0.4, 2);
    for (double &value : x.values)
      value *= sign;
    checkGradients(random, {{x}}, build, "power " + std::to_string(exponent));
  }
}
