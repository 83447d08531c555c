//===- GeneralGradientTest.cpp - row-major tensors of any rank ------------===//

#include "test/gradients/GradientCheck.h"
#include <algorithm>
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

TEST(Gradient, Transpose) {
  Random random(50);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random, 1, 5));
    SmallVector<int64_t> order;
    for (int64_t d = 0; d < x.rank(); ++d)
      order.insert(order.begin() + random.integer(d > 0, d), d);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::TransposeOp::create(builder, loc, arguments[0], order);
    };
    checkGradients(random, {{x}}, build, "transpose");
  }
}

TEST(Gradient, Broadcast) {
  Random random(51);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> to = randomShape(random, 1, 4), from = to;
    for (size_t d = 1; d < from.size(); ++d)
      if (random.coin())
        from[d] = 1;
    Tensor x = random.tensor(from);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::BroadcastOp::create(builder, loc, RankedTensorType::get(to, builder.getF64Type()), arguments[0]);
    };
    checkGradients(random, {{x}}, build, "broadcast");
  }
}

TEST(Gradient, ReduceSum) {
  Random random(52);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random, 2, 5));
    SmallVector<int64_t> axes = randomAxes(random, x);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::ReduceSumOp::create(builder, loc, arguments[0], axes);
    };
    checkGradients(random, {{x}}, build, "reduce_sum");
  }
}

TEST(Gradient, ReduceExtremes) {
  Random random(58);
  for (int i = 0, count = caseCount(200, 2000); i < count; ++i) {
    Tensor x = separated(random, randomShape(random, 2, 5));
    SmallVector<int64_t> axes = randomAxes(random, x);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      if (i % 2)
        return cnn::ReduceMaxOp::create(builder, loc, arguments[0], axes);
      return cnn::ReduceMinOp::create(builder, loc, arguments[0], axes);
    };
    checkGradients(random, {{x}}, build, i % 2 ? "reduce_max" : "reduce_min");
  }
}

TEST(Gradient, Matmul) {
  Random random(53);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> leading = randomShape(random, 1, 3), a = leading, b = leading;
    int64_t m = random.integer(1, 4), k = random.integer(1, 4), n = random.integer(1, 4);
    a.insert(a.end(), {m, k});
    b.insert(b.end(), {k, n});
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::MatmulOp::create(builder, loc, arguments[0], arguments[1], UnitAttr(), UnitAttr());
    };
    checkGradients(random, {{random.tensor(a)}, {random.tensor(b)}}, build, "matmul");
  }
}

TEST(Gradient, ConcatAlongAnyAxis) {
  Random random(55);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random, 2, 4);
    int64_t axis = random.integer(0, shape.size() - 1);
    std::vector<Input> inputs;
    for (int64_t operand = random.integer(1, 4); operand > 0; --operand) {
      shape[axis] = random.integer(1, 5);
      inputs.push_back({random.tensor(shape)});
    }
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::ConcatOp::create(builder, loc, arguments, axis);
    };
    checkGradients(random, inputs, build, "concat");
  }
}

TEST(Gradient, RowSoftmax) {
  Random random(56);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random, 2, 4));
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::RowSoftmaxOp::create(builder, loc, arguments[0]);
    };
    checkGradients(random, {{x}}, build, "row_softmax");
  }
}

TEST(Gradient, Layernorm) {
  Random random(57);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape = randomShape(random, 2, 4);
    shape.back() = random.integer(2, 9);
    Tensor x = random.tensor(shape);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::LayernormOp::create(builder, loc, arguments[0], APFloat(0.1));
    };
    checkGradients(random, {{x}}, build, "layernorm");
  }
}

TEST(Gradient, Gather) {
  Random random(54);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random, 2, 4));
    int64_t axis = random.integer(1, x.rank() - 1);
    SmallVector<int32_t> indices;
    for (int64_t k = random.integer(1, 6); k > 0; --k)
      indices.push_back(random.integer(-x.shape[axis], x.shape[axis] - 1));
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      Value numbers = cnn::ConstantOp::create(builder, loc, builder.getI32TensorAttr(indices));
      return cnn::GatherOp::create(builder, loc, arguments[0], numbers, axis);
    };
    checkGradients(random, {{x}}, build, "gather");
  }
}
