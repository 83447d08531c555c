//===- ShapeGradientTest.cpp - reshape, concat, pad, slice ----------------===//

#include "test/gradients/GradientCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

TEST(Gradient, Reshape) {
  Random random(30);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random));
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      auto flat = RankedTensorType::get({x.shape[0], x.elementsFrom(1)}, builder.getF64Type());
      return cnn::ReshapeOp::create(builder, loc, flat, arguments[0]);
    };
    checkGradients(random, {{x}}, build, "reshape");
  }
}

TEST(Gradient, Concat) {
  Random random(31);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random);
    std::vector<Input> inputs;
    for (int64_t operand = random.integer(1, 4); operand > 0; --operand) {
      shape[1] = random.integer(1, 5);
      inputs.push_back({random.tensor(shape)});
    }
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::ConcatOp::create(builder, loc, arguments, /*axis=*/1);
    };
    checkGradients(random, inputs, build, "concat");
  }
}

TEST(Gradient, Pad) {
  Random random(32);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random));
    SmallVector<int64_t> low, high, interior;
    for (int64_t d = 1; d < x.rank(); ++d) {
      low.push_back(random.integer(0, 3));
      high.push_back(random.integer(0, 3));
      interior.push_back(random.integer(0, 2));
    }
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::PadOp::create(builder, loc, arguments[0], low, high, interior, APFloat(0.5));
    };
    checkGradients(random, {{x}}, build, "pad");
  }
}

TEST(Gradient, Slice) {
  Random random(33);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random));
    SmallVector<int64_t> start, stop, step;
    for (int64_t d = 1; d < x.rank(); ++d) {
      start.push_back(random.integer(0, x.shape[d] - 1));
      stop.push_back(random.integer(start.back() + 1, x.shape[d]));
      step.push_back(random.integer(1, 3));
    }
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::SliceOp::create(builder, loc, arguments[0], start, stop, step);
    };
    checkGradients(random, {{x}}, build, "slice");
  }
}
