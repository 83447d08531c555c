//===- GeneralTest.cpp - row-major tensors of any rank --------------------===//

#include "test/kernels/General.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

TEST(General, Transpose) {
  expectAgree(halfExact(randomCases(2 * shapesToTry(), [](Random &random, int64_t) {
    General from = randomShape(random), to = from;
    Shape order;
    for (size_t d = 0; d < from.sizes.size(); ++d)
      order.insert(order.begin() + random.integer(from.isBatch && d > 0, d), d);
    for (size_t d = 0; d < order.size(); ++d)
      to.sizes[d] = from.sizes[order[d]];
    return unary(from, to, "transpose %a0 {permutation = " + list(order) + "}");
  })));
}

TEST(General, Broadcast) {
  expectAgree(halfExact(randomCases(2 * shapesToTry(), [](Random &random, int64_t) {
    General to = randomShape(random), from = to;
    for (size_t d = from.isBatch; d < from.sizes.size(); ++d)
      if (random.coin())
        from.sizes[d] = 1;
    if (random.coin()) {
      from.sizes.erase(from.sizes.begin(), from.sizes.begin() + random.integer(0, from.sizes.size()));
      from.isBatch &= from.sizes.size() == to.sizes.size();
    }
    Case c = unary(from, to, "broadcast %a0", from.layout());
    // What stands behind is fused: both are read where they lie.
    c.n = to.batch();
    c.arguments.push_back({to.type(), "plain"});
    c.body += "\n%z = cnn.mul %y, %a1 : " + to.type();
    c.results = {{"%z", to.type(), "plain"}};
    return c;
  })));
}

// [N, C, 1, 1] and [C, 1, 1] over images in blocks, as squeeze-and-excite does.
TEST(General, BroadcastOverImages) {
  expectAgree(randomCases(2 * shapesToTry(), [](Random &random, int64_t) {
    int64_t channels = random.channels(), height = random.integer(1, 5), width = random.integer(1, 5);
    std::string images = batchType(channels, height, width);
    std::string fromSizes = std::to_string(random.coin() ? channels : 1) + "x" + std::to_string(random.coin() ? height : 1) +
                            "x" + std::to_string(random.coin() ? width : 1) + "xf32>";
    bool isBatch = random.coin();
    std::string from = (isBatch ? "tensor<?x" : "tensor<") + fromSizes;
    Case c;
    c.n = random.integer(1, 3);
    c.arguments = {{from, isBatch ? random.haloLayout() : "plain"}, {images, random.haloLayout()}};
    c.body = "%0 = cnn.broadcast %a0 : " + from + " -> " + images + "\n%y = cnn.mul %0, %a1 : " + images;
    c.results = {{"%y", images, random.haloLayout()}};
    return c;
  }));
}

TEST(General, Reduce) {
  expectAgree(randomCases(4 * shapesToTry(), [](Random &random, int64_t i) {
    General from = randomShape(random), to = from;
    Shape axes;
    for (size_t d = 0; d < from.sizes.size(); ++d)
      if (random.coin()) {
        axes.push_back(d);
        to.sizes[d] = 1;
        to.isBatch &= d != 0;
      }
    const char *names[] = {"sum", "max", "min", "prod"};
    Case c = unary(from, to, std::string("reduce_") + names[i % 4] + " %a0 {axes = " + list(axes) + "}");
    c.arguments[0].low = i % 4 == 3 ? 0.9 : -1; // products neither vanish nor overflow
    c.arguments[0].high = 1.1;
    return followed(c, "tanh %y");
  }));
}

TEST(General, Matmul) {
  expectAgree(halfExact(randomCases(2 * shapesToTry(), [](Random &random, int64_t) {
    General leading = randomShape(random, 0, 2);
    leading.isBatch &= !leading.sizes.empty();
    int64_t m = random.integer(1, 20), k = random.integer(1, 40), n = random.integer(1, 50);
    bool isShared = random.coin(), isTransposed = random.coin(), sums = random.integer(0, 3) == 0;
    auto matrices = [&](bool isOne, int64_t rows, int64_t columns) {
      General matrix = isOne ? General{{}, false} : leading;
      matrix.sizes.push_back(rows);
      matrix.sizes.push_back(columns);
      return matrix;
    };
    General a = matrices(false, isTransposed ? k : m, isTransposed ? m : k), b = matrices(isShared, k, n),
            y = matrices(sums, m, n);
    std::string attributes =
        std::string(isTransposed ? "transpose_lhs" : "") + (isTransposed && sums ? ", " : "") + (sums ? "sum_products" : "");
    return apply("matmul", attributes, a, {operand(a), operand(b)}, y);
  })));
}

/// Sums of thousands of terms of one sign: added up in one register they would be wrong by several parts in ten million.
TEST(General, MatmulLongSums) {
  Case single, many;
  single.arguments = {{"tensor<5x20000xf32>", "plain", 0, 1}, {"tensor<20000x33xf32>", "plain", 0, 1}};
  single.body = "%y = cnn.matmul %a0, %a1 : (tensor<5x20000xf32>, tensor<20000x33xf32>) -> tensor<5x33xf32>";
  single.results = {{"%y", "tensor<5x33xf32>", "plain"}};
  many.n = 100;
  many.arguments = {{"tensor<?x200x5xf32>", "plain", 0, 1}, {"tensor<?x200x33xf32>", "plain", 0, 1}};
  many.body =
      "%y = cnn.matmul %a0, %a1 {transpose_lhs, sum_products} : (tensor<?x200x5xf32>, tensor<?x200x33xf32>) -> tensor<5x33xf32>";
  many.results = {{"%y", "tensor<5x33xf32>", "plain"}};
  std::vector<Case> cases = {single, many};
  for (Case &c : cases)
    c.tolerance = 7e-7;
  expectAgree(cases);
}

TEST(General, Gather) {
  expectAgree(randomCases(4 * shapesToTry(), [](Random &random, int64_t i) {
    General from = randomShape(random, 1, 4), indices = randomShape(random, 0, 2);
    from.isBatch &= from.sizes.size() > 1;
    int64_t axis = random.integer(from.isBatch, from.sizes.size() - 1);
    indices.isBatch &= axis == 0 && !from.isBatch && !indices.sizes.empty();
    General to{{}, from.isBatch || indices.isBatch};
    to.sizes.assign(from.sizes.begin(), from.sizes.begin() + axis);
    to.sizes.insert(to.sizes.end(), indices.sizes.begin(), indices.sizes.end());
    to.sizes.insert(to.sizes.end(), from.sizes.begin() + axis + 1, from.sizes.end());
    bool isGradient = i % 2;
    const General &in = isGradient ? to : from, &out = isGradient ? from : to;
    double size = double(from.sizes[axis]);
    return apply(isGradient ? "gather_grad" : "gather", "axis = " + std::to_string(axis) + " : i64", to,
                 {operand(in), numbers(indices, -size, size - 1)}, out);
  }));
}

TEST(General, Concat) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    General part = randomShape(random, 1, 5);
    part.isBatch &= part.sizes.size() > 1;
    int64_t axis = random.integer(part.isBatch, part.sizes.size() - 1);
    General whole = part;
    whole.sizes[axis] = 0;
    Case c;
    c.n = part.batch();
    std::string operands, types;
    for (int64_t k = random.integer(1, 4); k > 0; --k) {
      part.sizes[axis] = random.integer(1, 20);
      whole.sizes[axis] += part.sizes[axis];
      operands += (operands.empty() ? "%a" : ", %a") + std::to_string(c.arguments.size());
      types += (types.empty() ? "" : ", ") + part.type();
      c.arguments.push_back({part.type(), "plain"});
    }
    bool isChannels = axis == 1 && (part.sizes.size() == 2 || part.sizes.size() == 4);
    if (isChannels)
      continue; // in blocks: ShapeTest
    c.body = "%y = cnn.concat " + operands + " {axis = " + std::to_string(axis) + " : i64} : (" + types + ") -> " + whole.type() +
             "\n%z = cnn.tanh %y : " + whole.type();
    c.results = {{"%z", whole.type(), "plain"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(General, PadAndSlice) {
  expectAgree(halfExact(randomCases(4 * shapesToTry(), [](Random &random, int64_t i) {
    General small = randomShape(random, 3, 5);
    if (small.sizes.size() == 4)
      small.sizes.push_back(2);
    General large = small;
    Shape low, high, interior, stop, step;
    for (size_t d = 1; d < small.sizes.size(); ++d) {
      low.push_back(random.integer(0, 3));
      high.push_back(random.integer(0, 3));
      interior.push_back(random.coin() ? 0 : random.integer(0, 2));
      step.push_back(interior.back() + 1);
      stop.push_back(low.back() + (small.sizes[d] - 1) * step.back() + 1);
      large.sizes[d] = stop.back() + high.back();
    }
    std::string pad =
        "pad %a0 {low = " + list(low) + ", high = " + list(high) + ", interior = " + list(interior) + ", value = -1.5 : f64}";
    std::string slice = "slice %a0 {start = " + list(low) + ", stop = " + list(stop) + ", step = " + list(step) + "}";
    return i % 2 ? unary(small, large, pad) : unary(large, small, slice);
  })));
}

TEST(General, RowNorms) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 4 * shapesToTry(); ++i) {
    General shape = randomShape(random, 1, 4);
    shape.isBatch &= shape.sizes.size() > 1;
    // A row of one element has no variance: what is left is rounding.
    shape.sizes.back() = random.integer(i % 4 < 2 ? 1 : 2, 50);
    const char *ops[] = {"row_softmax %a0", "row_softmax_grad %a0, %a1", "layernorm %a0 {epsilon = 0.001 : f64}",
                         "layernorm_grad %a0, %a1"};
    Case c;
    c.n = shape.batch();
    c.arguments = {{shape.type(), "plain"}, {shape.type(), "plain"}};
    c.body = std::string("%y = cnn.") + ops[i % 4] + " : " + shape.type() + "\n%z = cnn.tanh %y : " + shape.type();
    c.results = {{"%z", shape.type(), "plain"}};
    if (i % 4 == 3 && shape.sizes.back() < 8)
      continue; // close elements make the gradient large and the comparison moot
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(General, Reshape) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    int64_t a = random.integer(1, 6), b = random.integer(1, 6), c = random.integer(1, 6), d = random.integer(1, 20),
            n = random.integer(1, 3);
    bool isBatch = random.coin();
    General wide{{n, a * b, c, d}, isBatch}, flat{{n, a, b * c * d}, isBatch};
    bool isBlocked = isBatch && random.coin();
    Case first = unary(wide, flat, "reshape %a0", isBlocked ? random.haloLayout() : "plain");
    Case second = unary(flat, wide, "reshape %a0");
    if (isBlocked)
      second.results[0].layout = random.haloLayout();
    cases.push_back(first);
    cases.push_back(second);
  }
  expectAgree(halfExact(std::move(cases)));
}

TEST(General, ReshapeOfAFixedBatch) {
  Random random;
  std::vector<Case> cases;
  constexpr int64_t batch = 3;
  for (int64_t i = 0; i < 2 * shapesToTry(); ++i) {
    int64_t a = random.integer(1, 6), b = random.integer(1, 6), c = random.integer(1, 20);
    General images{{batch, a, b, c}, true}, whole{{a, batch * c, b}, false}, joined{{batch * a * b * c}, false};
    bool isBlocked = random.coin();
    for (const General &other : {whole, joined}) {
      Case leaves = unary(images, other, "reshape %a0", isBlocked ? random.haloLayout() : "plain"),
           enters = unary(other, images, "reshape %a0");
      if (isBlocked)
        enters.results[0].layout = random.haloLayout();
      leaves.n = enters.n = batch;
      cases.push_back(leaves);
      cases.push_back(enters);
    }
  }
  expectAgree(cases, batch);
}

} // namespace
