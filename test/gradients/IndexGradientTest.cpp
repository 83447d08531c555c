//===- IndexGradientTest.cpp - elements by their numbers ------------------===//

#include "test/gradients/GradientCheck.h"
#include <algorithm>
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

/// A random dimension behind the batch.
static int64_t randomAxis(Random &random, const Tensor &x) { return random.integer(1, x.rank() - 1); }
static Tensor wholeNumbers(Random &random, std::vector<int64_t> shape, int64_t low, int64_t high) {
  Tensor numbers(std::move(shape));
  for (double &number : numbers.values)
    number = double(random.integer(low, high));
  return numbers;
}

TEST(Gradient, Cumsum) {
  Random random(60);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random, 2, 4));
    int64_t axis = randomAxis(random, x);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      UnitAttr yes = builder.getUnitAttr(), no;
      return cnn::CumsumOp::create(builder, loc, arguments[0].getType(), arguments[0], builder.getI64IntegerAttr(axis),
                                   i % 2 ? yes : no, i / 2 % 2 ? yes : no);
    };
    checkGradients(random, {{x}}, build, "cumsum");
  }
}

TEST(Gradient, ReduceProd) {
  Random random(61);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random, 2, 4));
    if (i % 2)
      for (int64_t zeros = random.integer(1, 3); zeros > 0; --zeros)
        x[random.integer(0, x.size() - 1)] = 0;
    SmallVector<int64_t> axes = randomAxes(random, x);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::ReduceProdOp::create(builder, loc, arguments[0], axes);
    };
    checkGradients(random, {{x}}, build, "reduce_prod");
  }
}

TEST(Gradient, GatherElements) {
  Random random(62);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random, 2, 4));
    int64_t axis = randomAxis(random, x), size = x.shape[axis];
    std::vector<int64_t> shape(x.shape);
    shape[axis] = random.integer(1, 5);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::GatherElementsOp::create(builder, loc, arguments[0], arguments[1], axis);
    };
    checkGradients(random, {{x}, {wholeNumbers(random, shape, -size, size - 1), Input::Labels}}, build, "gather_elements");
  }
}

TEST(Gradient, GatherNd) {
  Random random(63);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    Tensor x = random.tensor(randomShape(random, 2, 4));
    int64_t batchDims = random.integer(1, x.rank() - 1), places = random.integer(1, x.rank() - batchDims);
    std::vector<int64_t> shape(x.shape.begin(), x.shape.begin() + batchDims);
    shape.push_back(random.integer(1, 3));
    shape.push_back(places);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::GatherNdOp::create(builder, loc, arguments[0], arguments[1], batchDims);
    };
    checkGradients(random, {{x}, {wholeNumbers(random, shape, 0, 3), Input::Labels}}, build, "gather_nd");
  }
}

/// Indices that all differ along `axis`, so that "none" has one update for each place.
static Tensor differentNumbers(Random &random, const std::vector<int64_t> &shape, int64_t axis, int64_t size) {
  Tensor numbers = wholeNumbers(random, shape, 0, size - 1);
  int64_t inner = numbers.elementsFrom(axis + 1);
  for (int64_t i = 0; i < numbers.size(); ++i)
    numbers[i] = double((i / inner % shape[axis] + (numbers[0] > 0)) % size);
  return numbers;
}

TEST(Gradient, ScatterElements) {
  Random random(64);
  for (int i = 0, count = caseCount(200, 2000); i < count; ++i) {
    const char *reductions[] = {"none", "add", "mul", "max", "min"};
    Tensor all = separated(random, {random.integer(1, 3), 8, random.integer(1, 3)});
    // Updates and elements that all differ: the upper and the lower part of one tensor.
    std::vector<int64_t> shape{all.shape[0], 4, all.shape[2]}, few{all.shape[0], random.integer(1, 4), all.shape[2]};
    Tensor x(shape), updates(few);
    for (int64_t k = 0; k < x.size(); ++k)
      x[k] = all[k];
    for (int64_t k = 0; k < updates.size(); ++k)
      updates[k] = all[x.size() + k];
    StringRef reduction = reductions[i % 5];
    Tensor indices = differentNumbers(random, few, 1, 4);
    if (reduction == "add" || reduction == "mul")
      indices = wholeNumbers(random, few, -4, 3);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::ScatterElementsOp::create(builder, loc, arguments[0].getType(), arguments[0], arguments[1], arguments[2], 1,
                                            reduction);
    };
    checkGradients(random, {{x}, {indices, Input::Labels}, {updates}}, build, "scatter_elements " + reduction.str());
  }
}

TEST(Gradient, ScatterNd) {
  Random random(65);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    const char *reductions[] = {"none", "add", "mul"};
    Tensor x = separated(random, {random.integer(1, 3), 4, random.integer(1, 3)});
    int64_t few = random.integer(1, 4);
    Tensor updates = separated(random, {x.shape[0], few, x.shape[2]}),
           indices = differentNumbers(random, {x.shape[0], few, 1}, 1, 4);
    StringRef reduction = reductions[i % 3];
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::ScatterNdOp::create(builder, loc, arguments[0].getType(), arguments[0], arguments[1], arguments[2], 1,
                                      reduction);
    };
    checkGradients(random, {{x}, {indices, Input::Labels}, {updates}}, build, "scatter_nd " + reduction.str());
  }
}

/// Coordinates that lie in the middle between the elements' centres, edges and their mirrors, by a quarter either way.
static Tensor randomGrid(Random &random, std::vector<int64_t> shape, const std::vector<int64_t> &images, bool aligned) {
  Tensor grid(std::move(shape));
  int64_t dims = grid.shape.back();
  for (int64_t i = 0; i < grid.size(); ++i) {
    int64_t size = images[images.size() - 1 - i % dims];
    double place = double(random.integer(-2, size)) + random.uniform(0.1, 0.4) + (random.coin() ? 0.5 : 0);
    grid[i] = aligned ? (size > 1 ? place * 2 / double(size - 1) - 1 : random.uniform()) : (2 * place + 1) / double(size) - 1;
  }
  return grid;
}

TEST(Gradient, GridSample) {
  Random random(66);
  for (int i = 0, count = caseCount(180, 1800); i < count; ++i) {
    const char *modes[] = {"nearest", "linear", "cubic"}, *paddings[] = {"zeros", "border", "reflection"};
    bool aligned = i / 9 % 2;
    std::vector<int64_t> images{random.integer(1, 2), random.integer(1, 2)}, grid{images[0]};
    int64_t dims = random.integer(1, 3);
    for (int64_t d = 0; d < dims; ++d) {
      images.push_back(random.integer(1, 4));
      grid.push_back(random.integer(1, 2));
    }
    grid.push_back(dims);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::GridSampleOp::create(builder, loc, arguments[0], arguments[1], modes[i % 3], paddings[i / 3 % 3], aligned);
    };
    checkGradients(random, {{random.tensor(images)}, {randomGrid(random, grid, images, aligned)}}, build,
                   std::string("grid_sample ") + modes[i % 3] + " " + paddings[i / 3 % 3]);
  }
}
