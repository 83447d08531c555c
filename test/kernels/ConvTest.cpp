//===- ConvTest.cpp - convolutions and their gradients --------------------===//

#include "test/kernels/Harness.h"
#include "llvm/Support/FormatVariadic.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

struct Shape {
  int64_t n, channels, outputs, height, width, rows, columns; ///< N, C, K, H, W, R, S
  int64_t stride[2] = {1, 1}, pad[4] = {0, 0, 0, 0}, dilation[2] = {1, 1}, groups = 1;

  int64_t places(int64_t size, int64_t taps, int dim) const {
    return (size + pad[dim] + pad[dim + 2] - dilation[dim] * (taps - 1) - 1) / stride[dim] + 1;
  }
  int64_t span(int64_t taps, int dim) const { return dilation[dim] * (taps - 1) + 1; }
  bool isValid() const { return span(rows, 0) <= height + pad[0] + pad[2] && span(columns, 1) <= width + pad[1] + pad[3]; }
  std::string x() const { return batchType(channels, height, width); }
  std::string y() const { return batchType(outputs, places(height, rows, 0), places(width, columns, 1)); }
  std::string w() const { return tensorType({outputs, channels / groups, rows, columns}); }
  std::string kernelLayout() const {
    int64_t inputs = channels / groups;
    return inputs < 16 ? llvm::formatv("kernel block = {0}", inputs).str() : "kernel";
  }
  std::string attributes() const {
    return llvm::formatv("{{stride = array<i64: {0}, {1}>, pad = array<i64: {2}, {3}, {4}, {5}>, dilation = array<i64: {6}, "
                         "{7}>, groups = {8} : i64}",
                         stride[0], stride[1], pad[0], pad[1], pad[2], pad[3], dilation[0], dilation[1], groups);
  }
  /// x with the halo that the convolution reads, or a larger one; in a block of its own if there are few channels.
  std::string inputLayout(Random &random) const {
    std::string block = channels < 16 && groups == 1 && random.coin() ? llvm::formatv(" block = {0}", channels).str() : "";
    int64_t more = random.integer(0, 1);
    return llvm::formatv("batch{0} halo = [{1}, {2}, {3}, {4}]", block, pad[0] + more, pad[1], pad[2], pad[3] + more);
  }
  /// What a transposed convolution of y has to add to become x.
  std::string transposedAttributes() const {
    std::string more =
        llvm::formatv(", output_padding = array<i64: {0}, {1}>}", (height + pad[0] + pad[2] - span(rows, 0)) % stride[0],
                      (width + pad[1] + pad[3] - span(columns, 1)) % stride[1]);
    return llvm::StringRef(attributes()).drop_back().str() + more;
  }
  /// dy with the halo that the input's gradient reads.
  std::string gradientLayout(int64_t block = 16) const {
    int64_t halo[4];
    for (int dim : {0, 1}) {
      int64_t taps = dim ? columns : rows, size = dim ? width : height;
      int64_t before = span(taps, dim) - 1 - pad[dim], last = (size - 1 + pad[dim]) / stride[dim];
      halo[dim] = before > 0 ? (before + stride[dim] - 1) / stride[dim] : 0;
      halo[dim + 2] = std::max<int64_t>(0, last - (places(size, taps, dim) - 1));
    }
    std::string blocks = block == 16 ? "" : llvm::formatv(" block = {0}", block).str();
    return llvm::formatv("batch{0} halo = [{1}, {2}, {3}, {4}]", blocks, halo[0], halo[1], halo[2], halo[3]);
  }
};

/// Every kind of grouping, stride, dilation and padding; sizes from 1 up.
Shape randomShape(Random &random) {
  Shape shape;
  do {
    shape.n = random.integer(1, 4);
    shape.channels = random.channels();
    shape.outputs = random.channels();
    shape.height = random.integer(1, 15);
    shape.width = random.integer(1, 15);
    shape.rows = random.integer(1, 5);
    shape.columns = random.integer(1, 5);
    for (int i : {0, 1}) {
      shape.stride[i] = random.coin() ? 1 : random.integer(1, 4);
      shape.dilation[i] = random.coin() ? 1 : random.integer(1, 3);
    }
    for (int64_t &pad : shape.pad)
      pad = random.integer(0, 3);
    shape.groups = 1;
    switch (random.integer(0, 7)) {
    case 0: // depthwise
      shape.groups = shape.outputs = shape.channels;
      break;
    case 1: // depthwise with several outputs for each input
      shape.groups = shape.channels;
      shape.outputs = shape.channels * 2;
      break;
    case 2: // groups of whole blocks
      shape.groups = 2;
      shape.channels = 32 * random.integer(1, 2);
      shape.outputs = 32 * random.integer(1, 3);
      break;
    case 3: // groups that cut blocks
      shape.groups = random.integer(2, 4);
      shape.channels = shape.groups * random.integer(1, 20);
      shape.outputs = shape.groups * random.integer(1, 20);
      break;
    default:
      break;
    }
  } while (!shape.isValid());
  return shape;
}

std::vector<Shape> shapes(Random &random) {
  std::vector<Shape> all = {
      {1, 1, 1, 1, 1, 1, 1},
      {2, 1, 6, 28, 28, 5, 5, {1, 1}, {2, 2, 2, 2}},
      {2, 6, 16, 14, 14, 5, 5},
      {1, 3, 32, 23, 21, 7, 7, {2, 2}, {3, 3, 3, 3}},
      {1, 64, 64, 14, 14, 3, 3, {1, 1}, {1, 1, 1, 1}},
      {2, 64, 128, 7, 7, 1, 1},
      {1, 32, 80, 14, 14, 1, 1, {2, 2}},
      {1, 48, 144, 9, 9, 3, 3, {2, 2}, {1, 1, 1, 1}},
      {2, 32, 32, 13, 13, 3, 3, {1, 1}, {1, 1, 1, 1}, {1, 1}, 32},
      {3, 16, 16, 7, 7, 1, 1, {3, 3}},
  };
  for (int64_t i = 0; i < shapesToTry(); ++i)
    all.push_back(randomShape(random));
  return all;
}

void expectAgreeOnShapes(const std::function<Case(Random &random, const Shape &shape)> &draw) {
  Random random;
  std::vector<Case> cases;
  for (const Shape &shape : shapes(random)) {
    cases.push_back(draw(random, shape));
    cases.back().n = shape.n;
  }
  expectAgree(halfExact(std::move(cases)));
}

TEST(Conv, ForwardWithEpilogue) {
  expectAgreeOnShapes([](Random &random, const Shape &shape) {
    Case c;
    c.arguments = {
        {shape.x(), shape.inputLayout(random)}, {shape.w(), shape.kernelLayout()}, {tensorType({shape.outputs}), "channels"}};
    c.body = llvm::formatv("%c = cnn.conv %a0, %a1 {0} : ({1}, {2}) -> {3}\n"
                           "%b = cnn.bias %c, %a2 : ({3}, tensor<{4}xf32>) -> {3}\n"
                           "%y = cnn.relu %b : {3}",
                           shape.attributes(), shape.x(), shape.w(), shape.y(), shape.outputs);
    c.results = {{"%y", shape.y(), random.batchLayout(shape.outputs, true)}};
    return c;
  });
}

TEST(Conv, InputGradient) {
  expectAgreeOnShapes([](Random &random, const Shape &shape) {
    Case c;
    c.arguments = {{shape.y(), shape.gradientLayout()}, {shape.w(), shape.kernelLayout()}, {shape.x(), "batch"}};
    c.body = llvm::formatv("%d = cnn.conv_input_grad %a0, %a1 {0} : ({1}, {2}) -> {3}\n"
                           "%y = cnn.add %d, %a2 : {3}",
                           shape.attributes(), shape.y(), shape.w(), shape.x());
    c.results = {{"%y", shape.x(), random.batchLayout(shape.channels, true)}};
    return c;
  });
}

TEST(Conv, Transposed) {
  expectAgreeOnShapes([](Random &random, const Shape &shape) {
    Case c;
    // Straight from the caller, few channels are a block of their own.
    int64_t block = shape.outputs < 16 && random.coin() ? shape.outputs : 16;
    c.arguments = {
        {shape.y(), shape.gradientLayout(block)}, {shape.w(), shape.kernelLayout()}, {tensorType({shape.channels}), "channels"}};
    c.body = llvm::formatv("%t = cnn.conv_transpose %a0, %a1 {0} : ({1}, {2}) -> {3}\n"
                           "%y = cnn.bias %t, %a2 : ({3}, tensor<{4}xf32>) -> {3}",
                           shape.transposedAttributes(), shape.y(), shape.w(), shape.x(), shape.channels);
    c.results = {{"%y", shape.x(), random.batchLayout(shape.channels, true)}};
    return c;
  });
}

TEST(Conv, KernelGradient) {
  expectAgreeOnShapes([](Random &random, const Shape &shape) {
    Case c;
    bool accumulate = random.coin();
    c.arguments = {{shape.x(), shape.inputLayout(random)}, {shape.y(), random.haloLayout()}};
    c.body = llvm::formatv("%y = cnn.conv_kernel_grad %a0, %a1 {0} : ({1}, {2}) -> {3}", shape.attributes(), shape.x(), shape.y(),
                           shape.w());
    c.results = {{"%y", shape.w(), shape.kernelLayout() + (accumulate ? " accumulate = true" : "")}};
    return c;
  });
}

/// Sums of thousands of terms of one sign: added up in one register they would be wrong by several parts in ten million.
TEST(Conv, LongSums) {
  constexpr double tolerance = 7e-7;
  std::vector<Case> cases;
  for (const Shape &shape :
       {Shape{1, 1024, 16, 6, 6, 3, 3}, {1, 4096, 16, 4, 4, 1, 1}, {1, 1000, 16, 5, 5, 2, 2}, {1, 1, 16, 1, 1500, 1, 1000}}) {
    Case c;
    c.n = shape.n;
    c.tolerance = tolerance;
    c.arguments = {{shape.x(), "batch", 0, 1}, {shape.w(), shape.kernelLayout(), 0, 1}};
    c.body = llvm::formatv("%y = cnn.conv %a0, %a1 {0} : ({1}, {2}) -> {3}", shape.attributes(), shape.x(), shape.w(), shape.y());
    c.results = {{"%y", shape.y(), "batch"}};
    cases.push_back(c);
  }
  Shape wide{1, 16, 1024, 6, 6, 3, 3};
  Case gradient;
  gradient.n = wide.n;
  gradient.tolerance = tolerance;
  gradient.arguments = {{wide.y(), wide.gradientLayout(), 0, 1}, {wide.w(), wide.kernelLayout(), 0, 1}};
  gradient.body =
      llvm::formatv("%y = cnn.conv_input_grad %a0, %a1 {0} : ({1}, {2}) -> {3}", wide.attributes(), wide.y(), wide.w(), wide.x());
  gradient.results = {{"%y", wide.x(), "batch"}};
  cases.push_back(gradient);
  for (const Shape &shape : {Shape{1, 16, 16, 100, 100, 1, 1}, {1, 16, 16, 1, 9000, 1, 1}}) {
    Case c;
    c.n = shape.n;
    c.tolerance = tolerance;
    c.arguments = {{shape.x(), "batch", 0, 1}, {shape.y(), "batch", 0, 1}};
    c.body = llvm::formatv("%y = cnn.conv_kernel_grad %a0, %a1 {0} : ({1}, {2}) -> {3}", shape.attributes(), shape.x(), shape.y(),
                           shape.w());
    c.results = {{"%y", shape.w(), shape.kernelLayout()}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

} // namespace
