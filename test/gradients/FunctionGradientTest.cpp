//===- FunctionGradientTest.cpp - mathematical functions of one operand ---===//

#include "test/gradients/GradientCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

/// The function of values between `low` and `high`.
template <typename OpTy> static void check(uint64_t seed, double low = -1, double high = 1) {
  Random random(seed);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = separated(random, randomShape(random));
    for (double &value : x.values)
      value = low + (value + 1) / 2 * (high - low);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) {
      return createOp<OpTy>(builder, loc, arguments[0].getType(), arguments)->getResult(0);
    };
    checkGradients(random, {{x}}, build, OpTy::getOperationName().str());
  }
}

TEST(Gradient, Exp) { check<cnn::ExpOp>(100, -3, 3); }
TEST(Gradient, Log) { check<cnn::LogOp>(101, 0.2, 5); }
TEST(Gradient, Sqrt) { check<cnn::SqrtOp>(102, 0.2, 5); }
TEST(Gradient, Rsqrt) { check<cnn::RsqrtOp>(103, 0.2, 5); }
TEST(Gradient, Reciprocal) { check<cnn::ReciprocalOp>(104, -3, -0.3); }
TEST(Gradient, Erf) { check<cnn::ErfOp>(105, -3, 3); }
TEST(Gradient, Abs) { check<cnn::AbsOp>(106); }
TEST(Gradient, Sin) { check<cnn::SinOp>(107, -7, 7); }
TEST(Gradient, Cos) { check<cnn::CosOp>(108, -7, 7); }
TEST(Gradient, Tan) { check<cnn::TanOp>(109, -1.2, 1.2); }
TEST(Gradient, Asin) { check<cnn::AsinOp>(110, -0.9, 0.9); }
TEST(Gradient, Acos) { check<cnn::AcosOp>(111, -0.9, 0.9); }
TEST(Gradient, Atan) { check<cnn::AtanOp>(112, -4, 4); }
TEST(Gradient, Sinh) { check<cnn::SinhOp>(113, -2, 2); }
TEST(Gradient, Cosh) { check<cnn::CoshOp>(114, -2, 2); }
TEST(Gradient, Asinh) { check<cnn::AsinhOp>(115, -4, 4); }
TEST(Gradient, Acosh) { check<cnn::AcoshOp>(116, 1.2, 5); }
TEST(Gradient, Atanh) { check<cnn::AtanhOp>(117, -0.9, 0.9); }
// Steps: nothing but their places, which these values are away from, has a slope.
TEST(Gradient, Sign) { check<cnn::SignOp>(118); }
TEST(Gradient, Floor) { check<cnn::FloorOp>(119, 2.01, 2.99); }
TEST(Gradient, Ceil) { check<cnn::CeilOp>(120, -1.99, -1.01); }
TEST(Gradient, Round) { check<cnn::RoundOp>(121, 0.51, 1.49); }
