//===- IndexTest.cpp - elements by their numbers --------------------------===//

#include "test/kernels/General.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

/// Whole numbers in a tensor of floats or of i32.
Argument numbers(const General &shape, double low, double high, bool isFloat) {
  return {shape.type(isFloat ? "f32" : "i32"), shape.layout(), low, high, Fill::Integers};
}
std::string attribute(const char *name, int64_t value) { return std::string(name) + " = " + std::to_string(value) + " : i64"; }

/// A dimension that is not the batch.
int64_t innerAxis(Random &random, General &shape) {
  shape.isBatch &= shape.sizes.size() > 1;
  return random.integer(shape.isBatch, shape.sizes.size() - 1);
}

TEST(Index, Cumsum) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    General shape = randomShape(random, 1, 4);
    int64_t axis = innerAxis(random, shape);
    Case c;
    c.n = shape.batch();
    c.arguments = {{shape.type(), "plain"}};
    c.body = "%y = cnn.cumsum %a0 {" + attribute("axis", axis) + (i % 2 ? ", exclusive" : "") + (i / 2 % 2 ? ", reverse" : "") + "} : " + shape.type() +
             "\n%z = cnn.affine %y {scale = 0.5 : f64} : " + shape.type();
    c.results = {{"%z", shape.type(), "plain"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(Index, ArgMax) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    General from = randomShape(random, 1, 4);
    int64_t axis = innerAxis(random, from);
    General to = from;
    to.sizes[axis] = 1;
    Case c = unary(from, to, "arg_max %a0 {" + attribute("axis", axis) + (i % 2 ? ", last}" : "}"));
    c.arguments[0].fill = Fill::Integers; // many ties
    c.arguments[0].low = -2, c.arguments[0].high = 2;
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(Index, TopK) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    General from = randomShape(random, 1, 3);
    from.isBatch &= from.sizes.size() > 1;
    from.sizes.back() = random.integer(1, 60);
    General to = from;
    to.sizes.back() = random.integer(1, std::min<int64_t>(from.sizes.back(), 20));
    Case c = unary(from, to, "top_k %a0 {" + attribute("k", to.sizes.back()) + "}");
    c.arguments[0].fill = i % 2 ? Fill::Integers : Fill::Uniform;
    c.arguments[0].low = -3, c.arguments[0].high = 3;
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(Index, OneHot) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    General to = randomShape(random, 1, 4);
    int64_t axis = innerAxis(random, to), depth = to.sizes[axis];
    General from = to;
    from.sizes.erase(from.sizes.begin() + axis);
    bool isFloat = random.coin();
    Case c;
    c.n = to.batch();
    c.arguments = {numbers(from, -double(depth) - 2, double(depth) + 2, isFloat)};
    c.body = "%y = cnn.one_hot %a0 {" + attribute("axis", axis) + (i % 2 ? ", " + attribute("ignore", random.integer(-2, 2)) : "") + "} : " +
             from.type(isFloat ? "f32" : "i32") + " -> " + to.type();
    c.results = {{"%y", to.type(), "plain"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(Index, GatherByNumbersThatAreFloats) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    General from = randomShape(random, 1, 3), indices{{random.integer(1, 20)}, false}, to = from;
    int64_t axis = innerAxis(random, from);
    to = from;
    to.sizes[axis] = indices.sizes[0];
    Case c;
    c.n = from.batch();
    double size = double(from.sizes[axis]);
    c.arguments = {{from.type(), "plain"}, numbers(indices, -size, size - 1, true)};
    c.body = "%y = cnn.gather %a0, %a1 {" + attribute("axis", axis) + "} : (" + from.type() + ", " + indices.type() + ") -> " + to.type();
    c.results = {{"%y", to.type(), "plain"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

/// The middle of gather_elements or scatter_elements on random tensors.
struct Elements {
  General from, indices;
  int64_t axis;
  bool isFloat;
  Argument argument;

  explicit Elements(Random &random) : from(randomShape(random, 1, 4)), axis(innerAxis(random, from)), isFloat(random.coin()) {
    indices = from;
    for (size_t d = from.isBatch; d < from.sizes.size(); ++d)
      indices.sizes[d] = random.integer(1, int64_t(d) == axis ? 20 : from.sizes[d]);
    double size = double(from.sizes[axis]);
    argument = numbers(indices, -size, size - 1, isFloat);
  }
};

TEST(Index, GatherElements) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    Elements e(random);
    Case c;
    c.n = e.from.batch();
    c.arguments = {{e.from.type(), "plain"}, e.argument};
    c.body = "%y = cnn.gather_elements %a0, %a1 {" + attribute("axis", e.axis) + "} : (" + e.from.type() + ", " + e.argument.type + ") -> " + e.indices.type();
    c.results = {{"%y", e.indices.type(), "plain"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

const char *reductions[] = {"none", "add", "mul", "max", "min"};

TEST(Index, ScatterElements) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    Elements e(random);
    Case c;
    c.n = e.from.batch();
    c.arguments = {{e.from.type(), "plain"}, e.argument, {e.indices.type(), "plain"}};
    c.body = "%y = cnn.scatter_elements %a0, %a1, %a2 {" + attribute("axis", e.axis) + ", reduction = \"" + reductions[i % 5] + "\"} : (" + e.from.type() + ", " +
             e.argument.type + ", " + e.indices.type() + ") -> " + e.from.type() + "\n%z = cnn.tanh %y : " + e.from.type();
    c.results = {{"%z", e.from.type(), "plain"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

/// The same of gather_nd and scatter_nd: [b…, i…, places] and [b…, i…, slice…].
struct Slices {
  General from, indices, updates;
  int64_t batchDims;
  bool isFloat;
  Argument argument;

  explicit Slices(Random &random) : from(randomShape(random, 1, 4)), isFloat(random.coin()) {
    from.isBatch &= from.sizes.size() > 1;
    int64_t rank = from.sizes.size();
    batchDims = random.integer(from.isBatch, rank - 1);
    int64_t places = random.integer(1, rank - batchDims);
    indices = updates = {{from.sizes.begin(), from.sizes.begin() + batchDims}, from.isBatch};
    for (int64_t i = random.integer(0, 2); i > 0; --i) {
      indices.sizes.push_back(random.integer(1, 5));
      updates.sizes.push_back(indices.sizes.back());
    }
    indices.sizes.push_back(places);
    updates.sizes.insert(updates.sizes.end(), from.sizes.begin() + batchDims + places, from.sizes.end());
    // Of all dimensions the same range: what lies beyond is the element at the end.
    argument = numbers(indices, -6, 6, isFloat);
  }
};

TEST(Index, GatherNd) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    Slices s(random);
    Case c;
    c.n = s.from.batch();
    c.arguments = {{s.from.type(), "plain"}, s.argument};
    c.body = "%y = cnn.gather_nd %a0, %a1 {" + attribute("batch_dims", s.batchDims) + "} : (" + s.from.type() + ", " + s.argument.type + ") -> " + s.updates.type();
    c.results = {{"%y", s.updates.type(), s.updates.layout()}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(Index, ScatterNd) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    Slices s(random);
    Case c;
    c.n = s.from.batch();
    c.arguments = {{s.from.type(), "plain"}, s.argument, {s.updates.type(), s.updates.layout()}};
    c.body = "%y = cnn.scatter_nd %a0, %a1, %a2 {" + attribute("batch_dims", s.batchDims) + ", reduction = \"" + reductions[i % 5] + "\"} : (" + s.from.type() + ", " +
             s.argument.type + ", " + s.updates.type() + ") -> " + s.from.type();
    c.results = {{"%y", s.from.type(), "plain"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

} // namespace
