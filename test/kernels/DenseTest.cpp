//===- DenseTest.cpp - dense layers and their gradients -------------------===//

#include "test/kernels/Harness.h"
#include "llvm/Support/FormatVariadic.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

std::string kernelLayout(int64_t inputs) { return inputs < 16 ? llvm::formatv("kernel block = {0}", inputs).str() : "kernel"; }

struct Shape {
  int64_t n, inputs, outputs;
  std::string x() const { return batchType(inputs); }
  std::string y() const { return batchType(outputs); }
  std::string w() const { return tensorType({outputs, inputs}); }
};

std::vector<Shape> randomShapes(Random &random) {
  std::vector<Shape> shapes = {{1, 1, 1}, {7, 400, 120}, {13, 84, 10}, {5, 64, 144}, {9, 1100, 70}, {14, 530, 20}, {7, 20, 1050}};
  for (int64_t i = 0; i < shapesToTry(); ++i)
    shapes.push_back({random.integer(1, 20), random.integer(1, 70), random.integer(1, 150)});
  return shapes;
}

void expectAgreeOnShapes(const std::function<Case(Random &random, const Shape &shape)> &draw) {
  Random random;
  std::vector<Case> cases;
  for (const Shape &shape : randomShapes(random)) {
    cases.push_back(draw(random, shape));
    cases.back().n = shape.n;
  }
  expectAgree(halfExact(std::move(cases)));
}

TEST(Dense, ProductWithEpilogue) {
  expectAgreeOnShapes([](Random &random, const Shape &shape) {
    Case c;
    c.arguments = {{shape.x(), "batch"}, {shape.w(), kernelLayout(shape.inputs)}, {tensorType({shape.outputs}), "channels"}};
    c.body = llvm::formatv("%d = cnn.dense %a0, %a1 : ({0}, {1}) -> {2}\n"
                           "%b = cnn.bias %d, %a2 : ({2}, tensor<{3}xf32>) -> {2}\n"
                           "%y = cnn.relu %b : {2}",
                           shape.x(), shape.w(), shape.y(), shape.outputs);
    c.results = {{"%y", shape.y(), random.coin() ? "batch" : "plain"}};
    return c;
  });
}

TEST(Dense, InputGradient) {
  expectAgreeOnShapes([](Random &, const Shape &shape) {
    Case c;
    c.arguments = {{shape.y(), "batch"}, {shape.w(), kernelLayout(shape.inputs)}};
    c.body = llvm::formatv("%y = cnn.dense_input_grad %a0, %a1 : ({0}, {1}) -> {2}", shape.y(), shape.w(), shape.x());
    c.results = {{"%y", shape.x(), "batch"}};
    return c;
  });
}

TEST(Dense, KernelGradient) {
  expectAgreeOnShapes([](Random &random, const Shape &shape) {
    Case c;
    c.arguments = {{shape.x(), "batch"}, {shape.y(), "batch"}, {shape.w(), kernelLayout(shape.inputs)}};
    c.body = llvm::formatv("%d = cnn.dense_kernel_grad %a0, %a1 : ({0}, {1}) -> {2}\n"
                           "%y = cnn.add %d, %a2 : {2}",
                           shape.x(), shape.y(), shape.w());
    c.results = {{"%y", shape.w(), kernelLayout(shape.inputs) + (random.coin() ? " accumulate = true" : "")}};
    return c;
  });
}

/// Sums of thousands of terms of one sign: added up in one register they would be wrong by several parts in ten million.
TEST(Dense, LongSums) {
  Shape tall{3, 10000, 16}, wide{3, 16, 10000}, many{5000, 20, 16};
  Case product, inputGradient, kernelGradient;
  product.n = tall.n;
  product.arguments = {{tall.x(), "batch", 0, 1}, {tall.w(), kernelLayout(tall.inputs), 0, 1}};
  product.body = llvm::formatv("%y = cnn.dense %a0, %a1 : ({0}, {1}) -> {2}", tall.x(), tall.w(), tall.y());
  product.results = {{"%y", tall.y(), "batch"}};
  inputGradient.n = wide.n;
  inputGradient.arguments = {{wide.y(), "batch", 0, 1}, {wide.w(), kernelLayout(wide.inputs), 0, 1}};
  inputGradient.body = llvm::formatv("%y = cnn.dense_input_grad %a0, %a1 : ({0}, {1}) -> {2}", wide.y(), wide.w(), wide.x());
  inputGradient.results = {{"%y", wide.x(), "batch"}};
  kernelGradient.n = many.n;
  kernelGradient.arguments = {{many.x(), "batch", 0, 1}, {many.y(), "batch", 0, 1}};
  kernelGradient.body = llvm::formatv("%y = cnn.dense_kernel_grad %a0, %a1 : ({0}, {1}) -> {2}", many.x(), many.y(), many.w());
  kernelGradient.results = {{"%y", many.w(), kernelLayout(many.inputs)}};
  std::vector<Case> cases = {product, inputGradient, kernelGradient};
  for (Case &c : cases)
    c.tolerance = 7e-7;
  expectAgree(cases);
}

} // namespace
