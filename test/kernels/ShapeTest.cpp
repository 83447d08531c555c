//===- ShapeTest.cpp - reshape, concat, pad, slice on random shapes -------===//

#include "test/kernels/General.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

/// [C, H, W], or [F] for vectors.
std::string typeOf(const std::vector<int64_t> &sizes) {
  return sizes.size() == 1 ? batchType(sizes[0]) : batchType(sizes[0], sizes[1], sizes[2]);
}
std::vector<int64_t> randomSizes(Random &random) {
  if (random.integer(0, 3) == 0)
    return {random.channels()};
  return {random.channels(), random.integer(1, 6), random.integer(1, 6)};
}

Case unary(Random &random, const std::vector<int64_t> &from, const std::vector<int64_t> &to, const std::string &op) {
  Case c;
  c.n = random.integer(1, 3);
  c.arguments = {{typeOf(from), random.batchLayout(from[0], from.size() > 1)}};
  c.body = "%y = cnn." + op + " : " + typeOf(from) + " -> " + typeOf(to);
  c.results = {{"%y", typeOf(to), random.batchLayout(to[0], to.size() > 1)}};
  return c;
}

TEST(Shape, Flatten) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    std::vector<int64_t> from = {random.channels(), random.integer(1, 5), i % 5 ? random.integer(1, 5) : 1};
    if (i % 5 == 0)
      from[1] = 1;
    std::vector<int64_t> to = {from[0] * from[1] * from[2]};
    cases.push_back(unary(random, from, to, "reshape %a0"));
    cases.push_back(unary(random, to, from, "reshape %a0"));
  }
  expectAgree(cases);
}

TEST(Shape, Reshape) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t) {
    int64_t a = random.integer(1, 6), b = random.integer(1, 6), c = random.integer(1, 6), d = random.integer(1, 3);
    return unary(random, {a * d, b, c}, {c, a, b * d}, "reshape %a0");
  }));
}

TEST(Shape, Concat) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    std::vector<int64_t> sizes = randomSizes(random);
    Case c;
    c.n = random.integer(1, 3);
    int64_t channels = 0, count = random.integer(1, 5);
    std::string operands, types;
    for (int64_t k = 0; k < count; ++k) {
      sizes[0] = i % 3 == 0 ? 16 * random.integer(1, 3) : random.channels();
      channels += sizes[0];
      c.arguments.push_back({typeOf(sizes), random.batchLayout(sizes[0], sizes.size() > 1)});
      operands += (k ? ", %a" : "%a") + std::to_string(k);
      types += (k ? ", " : "") + typeOf(sizes);
    }
    sizes[0] = channels;
    c.body = "%0 = cnn.concat " + operands + " : (" + types + ") -> " + typeOf(sizes) + "\n%y = cnn.relu %0 : " + typeOf(sizes);
    c.results = {{"%y", typeOf(sizes), random.batchLayout(channels, sizes.size() > 1)}};
    return c;
  }));
}

TEST(Shape, Pad) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    std::vector<int64_t> from = randomSizes(random), to, low, high, interior;
    for (size_t k = 0; k < from.size(); ++k) {
      low.push_back(random.integer(0, k ? 3 : 20));
      high.push_back(random.integer(0, k ? 3 : 20));
      interior.push_back(i % 3 == 0 ? random.integer(0, 2) : k && random.coin() ? 1 : 0);
      if (k == 0 && i % 5 == 0)
        low[0] = high[0] = interior[0] = 0;
      to.push_back(from[k] + low[k] + high[k] + (from[k] - 1) * interior[k]);
    }
    std::string attributes = " {low = " + list(low) + ", high = " + list(high) + ", interior = " + list(interior);
    return unary(random, from, to, "pad %a0" + attributes + (random.coin() ? ", value = -1.5 : f64}" : "}"));
  }));
}

// The blocks behind the last one of the operand are not read.
TEST(Shape, PadBehindTheLastBlock) {
  Random random;
  expectAgree({unary(random, {30}, {48}, "pad %a0 {low = array<i64: 0>, high = array<i64: 18>, interior = array<i64: 0>}")});
}

TEST(Shape, Slice) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t i) {
    std::vector<int64_t> from = randomSizes(random), to, start, stop, step;
    for (size_t k = 0; k < from.size(); ++k) {
      start.push_back(random.integer(0, from[k] - 1));
      stop.push_back(random.integer(start[k] + 1, from[k]));
      step.push_back(k || i % 3 == 0 ? random.integer(1, 3) : 1);
      to.push_back((stop[k] - start[k] + step[k] - 1) / step[k]);
    }
    return unary(random, from, to,
                 "slice %a0 {start = " + list(start) + ", stop = " + list(stop) + ", step = " + list(step) + "}");
  }));
}

} // namespace
