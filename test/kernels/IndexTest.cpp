//===- IndexTest.cpp - elements by their numbers --------------------------===//

#include "test/kernels/General.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

std::string attribute(const char *name, int64_t value) { return std::string(name) + " = " + std::to_string(value) + " : i64"; }

/// A dimension that is not the batch.
int64_t innerAxis(Random &random, General &shape) {
  shape.isBatch &= shape.sizes.size() > 1;
  return random.integer(shape.isBatch, shape.sizes.size() - 1);
}

TEST(Index, Cumsum) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    General shape = randomShape(random, 1, 4);
    int64_t axis = innerAxis(random, shape);
    Case c;
    c.n = shape.batch();
    c.arguments = {{shape.type(), "plain"}};
    c.body = "%y = cnn.cumsum %a0 {" + attribute("axis", axis) + (i % 2 ? ", exclusive" : "") + (i / 2 % 2 ? ", reverse" : "") +
             "} : " + shape.type() + "\n%z = cnn.affine %y {scale = 0.5 : f64} : " + shape.type();
    c.results = {{"%z", shape.type(), "plain"}};
    return c;
  }));
}

TEST(Index, ArgMax) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    General from = randomShape(random, 1, 4);
    int64_t axis = innerAxis(random, from);
    General to = from;
    to.sizes[axis] = 1;
    Case c = unary(from, to, "arg_max %a0 {" + attribute("axis", axis) + (i % 2 ? ", last}" : "}"));
    c.arguments[0].fill = Fill::Integers; // many ties
    c.arguments[0].low = -2, c.arguments[0].high = 2;
    return c;
  }));
}

TEST(Index, TopK) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    General from = randomShape(random, 1, 3);
    from.isBatch &= from.sizes.size() > 1;
    from.sizes.back() = random.integer(1, 60);
    General to = from;
    to.sizes.back() = random.integer(1, std::min<int64_t>(from.sizes.back(), 20));
    Case c = unary(from, to, "top_k %a0 {" + attribute("k", to.sizes.back()) + "}");
    c.arguments[0].fill = i % 2 ? Fill::Integers : Fill::Uniform;
    c.arguments[0].low = -3, c.arguments[0].high = 3;
    return c;
  }));
}

TEST(Index, OneHot) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    General to = randomShape(random, 1, 4);
    int64_t axis = innerAxis(random, to), depth = to.sizes[axis];
    General from = to;
    from.sizes.erase(from.sizes.begin() + axis);
    bool isFloat = random.coin();
    Case c;
    c.n = to.batch();
    c.arguments = {numbers(from, -double(depth) - 2, double(depth) + 2, isFloat)};
    c.body = "%y = cnn.one_hot %a0 {" + attribute("axis", axis) +
             (i % 2 ? ", " + attribute("ignore", random.integer(-2, 2)) : "") + "} : " + from.type(isFloat ? "f32" : "i32") +
             " -> " + to.type();
    c.results = {{"%y", to.type(), "plain"}};
    return c;
  }));
}

TEST(Index, GatherByNumbersThatAreFloats) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t) {
    General from = randomShape(random, 1, 3), indices{{random.integer(1, 20)}, false}, to = from;
    int64_t axis = innerAxis(random, from);
    to = from;
    to.sizes[axis] = indices.sizes[0];
    double size = double(from.sizes[axis]);
    Argument which = numbers(indices, -size, size - 1, true);
    return apply("gather", attribute("axis", axis), from, {operand(from), which}, to);
  }));
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
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t) {
    Elements e(random);
    return apply("gather_elements", attribute("axis", e.axis), e.from, {operand(e.from), e.argument}, e.indices);
  }));
}

/// The attribute of a scatter.
std::string reduction(int64_t i) {
  const char *words[] = {"none", "add", "mul", "max", "min"};
  return std::string(", reduction = \"") + words[i % 5] + "\"";
}

TEST(Index, ScatterElements) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    Elements e(random);
    return followed(apply("scatter_elements", attribute("axis", e.axis) + reduction(i), e.from,
                          {operand(e.from), e.argument, operand(e.indices)}, e.from),
                    "tanh %y");
  }));
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
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t) {
    Slices s(random);
    return apply("gather_nd", attribute("batch_dims", s.batchDims), s.from, {operand(s.from), s.argument}, s.updates);
  }));
}

TEST(Index, ScatterNd) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    Slices s(random);
    return apply("scatter_nd", attribute("batch_dims", s.batchDims) + reduction(i), s.from,
                 {operand(s.from), s.argument, operand(s.updates)}, s.from);
  }));
}

} // namespace
