//===- ElementwiseGradientTest.cpp - activations, arithmetic, channels ----===//

#include "test/gradients/GradientCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

/// An op with the type of its first operand, on `batches` batches and
/// `channels` vectors of one value per channel.
static void check(uint64_t seed, int batches, int channels, const std::string &what,
                  llvm::function_ref<Operation *(OpBuilder &, Location, Type, ValueRange)> create) {
  Random random(seed);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random);
    std::vector<Input> inputs;
    for (int batch = 0; batch < batches; ++batch)
      inputs.push_back({separated(random, shape)});
    for (int channel = 0; channel < channels; ++channel)
      inputs.push_back({random.tensor({shape[1]})});
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) {
      return create(builder, loc, arguments[0].getType(), arguments)->getResult(0);
    };
    checkGradients(random, inputs, build, what);
  }
}

TEST(Gradient, Relu) { check(10, 1, 0, "relu", createOp<cnn::ReluOp>); }
TEST(Gradient, Sigmoid) { check(11, 1, 0, "sigmoid", createOp<cnn::SigmoidOp>); }
TEST(Gradient, Tanh) { check(12, 1, 0, "tanh", createOp<cnn::TanhOp>); }
TEST(Gradient, Step) { check(13, 1, 0, "step", createOp<cnn::StepOp>); }
TEST(Gradient, Add) { check(14, 2, 0, "add", createOp<cnn::AddOp>); }
TEST(Gradient, Sub) { check(15, 2, 0, "sub", createOp<cnn::SubOp>); }
TEST(Gradient, Mul) { check(16, 2, 0, "mul", createOp<cnn::MulOp>); }
TEST(Gradient, Bias) { check(17, 1, 1, "bias", createOp<cnn::BiasOp>); }
TEST(Gradient, ScaleShift) { check(18, 1, 2, "scale_shift", createOp<cnn::ScaleShiftOp>); }

TEST(Gradient, LeakyRelu) {
  check(19, 1, 0, "leaky_relu", [](OpBuilder &builder, Location loc, Type type, ValueRange arguments) -> Operation * {
    return cnn::LeakyReluOp::create(builder, loc, type, arguments[0], builder.getF64FloatAttr(0.2));
  });
}
TEST(Gradient, Affine) {
  check(20, 1, 0, "affine", [](OpBuilder &builder, Location loc, Type type, ValueRange arguments) -> Operation * {
    return cnn::AffineOp::create(builder, loc, type, arguments[0], builder.getF64FloatAttr(-1.5), builder.getF64FloatAttr(0.5));
  });
}
TEST(Gradient, DropoutMask) {
  check(21, 1, 0, "dropout_mask", [](OpBuilder &builder, Location loc, Type type, ValueRange arguments) -> Operation * {
    return cnn::DropoutMaskOp::create(builder, loc, type, arguments[0], builder.getF64FloatAttr(0.4),
                                      builder.getI64IntegerAttr(3));
  });
}
TEST(Gradient, SquareByMul) {
  check(22, 1, 0, "mul of a value by itself",
        [](OpBuilder &builder, Location loc, Type type, ValueRange arguments) -> Operation * {
          return cnn::MulOp::create(builder, loc, type, arguments[0], arguments[0]);
        });
}

TEST(Gradient, Standardize) {
  Random random(23);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random);
    size_t values = random.coin() ? 1 : shape[1];
    std::vector<double> mean = random.tensor({int64_t(values)}).values,
                        std = random.tensor({int64_t(values)}, 0.001, 0.01).values;
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::StandardizeOp::create(builder, loc, arguments[0].getType(), arguments[0], mean, std).getResult();
    };
    checkGradients(random, {{random.tensor(shape)}}, build, "standardize");
  }
}
