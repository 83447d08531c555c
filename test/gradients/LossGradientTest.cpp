//===- LossGradientTest.cpp - losses --------------------------------------===//

#include "test/gradients/GradientCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

static RankedTensorType scalar(OpBuilder &builder) { return RankedTensorType::get({}, builder.getF64Type()); }

/// Zeros and ones.
static Tensor binary(Random &random, const std::vector<int64_t> &shape) {
  Tensor tensor(shape);
  for (double &value : tensor.values)
    value = random.coin();
  return tensor;
}

TEST(Gradient, MeanSquaredError) {
  Random random(40);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::MeanSquaredErrorOp::create(builder, loc, scalar(builder), arguments[0], arguments[1]);
    };
    checkGradients(random, {{random.tensor(shape)}, {random.tensor(shape), Input::Target}}, build, "mean_squared_error");
  }
}

TEST(Gradient, BinaryCrossEntropy) {
  Random random(41);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random);
    bool fromLogits = random.coin();
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::BinaryCrossEntropyOp::create(builder, loc, scalar(builder), arguments[0], arguments[1],
                                               builder.getBoolAttr(fromLogits));
    };
    Tensor y = fromLogits ? random.tensor(shape, -4, 4) : random.tensor(shape, 0.05, 0.95);
    checkGradients(random, {{y}, {random.coin() ? binary(random, shape) : random.tensor(shape, 0, 1), Input::Target}}, build,
                   fromLogits ? "binary_cross_entropy from logits" : "binary_cross_entropy");
  }
}

TEST(Gradient, PerceptronLoss) {
  Random random(42);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::PerceptronLossOp::create(builder, loc, scalar(builder), arguments[0], arguments[1]);
    };
    checkGradients(random, {{separated(random, shape)}, {binary(random, shape), Input::Target}}, build, "perceptron_loss");
  }
}

TEST(Gradient, SoftmaxCrossEntropy) {
  Random random(43);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random), labelShape = shape;
    labelShape.erase(labelShape.begin() + 1);
    Tensor labels(labelShape);
    bool ignores = random.coin();
    for (double &label : labels.values)
      label = ignores && random.coin() ? -100 : random.integer(0, shape[1] - 1);
    double smoothing = random.coin() ? random.uniform(0, 1) : 0;
    std::vector<double> weights = random.tensor({random.coin() ? shape[1] : 0}, 0.1, 2).values;
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::SoftmaxCrossEntropyOp::create(builder, loc, scalar(builder), arguments[0], arguments[1],
                                                builder.getF64FloatAttr(smoothing), builder.getDenseF64ArrayAttr(weights),
                                                builder.getI64IntegerAttr(-100));
    };
    checkGradients(random, {{random.tensor(shape, -3, 3)}, {labels, Input::Labels}}, build, "softmax_cross_entropy");
  }
}
