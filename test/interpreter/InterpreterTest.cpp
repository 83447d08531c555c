//===- InterpreterTest.cpp - the specification against PyTorch ------------===//
//
// Inputs/references.json holds functions, inputs and PyTorch's results in
// double precision; reference.py wrote it.
//
//===----------------------------------------------------------------------===//

#include "test/interpreter/Interpreter.h"
#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "test/interpreter/Philox.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

namespace {

class InterpreterTest : public testing::Test {
protected:
  InterpreterTest() {
    DialectRegistry registry;
    registry.insert<cnn::CnnDialect, func::FuncDialect>();
    registerEvaluators(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }
  OwningOpRef<ModuleOp> parse(StringRef text) { return parseSourceString<ModuleOp>(text, &context); }

  MLIRContext context{MLIRContext::Threading::DISABLED};
};

Tensor tensorOf(const llvm::json::Object &object) {
  Tensor tensor;
  for (const llvm::json::Value &size : *object.getArray("shape"))
    tensor.shape.push_back(*size.getAsInteger());
  for (const llvm::json::Value &value : *object.getArray("values"))
    tensor.values.push_back(*value.getAsNumber());
  return tensor;
}

} // namespace

TEST_F(InterpreterTest, EqualsPyTorch) {
  auto file = llvm::MemoryBuffer::getFile(CNNC_REFERENCES);
  ASSERT_TRUE(bool(file)) << CNNC_REFERENCES;
  auto cases = llvm::json::parse((*file)->getBuffer());
  ASSERT_TRUE(bool(cases));
  ASSERT_FALSE(cases->getAsArray()->empty());
  for (const llvm::json::Value &entry : *cases->getAsArray()) {
    const llvm::json::Object &object = *entry.getAsObject();
    SCOPED_TRACE(object.getString("name")->str());
    auto module = parse(*object.getString("module"));
    ASSERT_TRUE(bool(module));
    std::vector<Tensor> inputs;
    for (const llvm::json::Value &input : *object.getArray("inputs"))
      inputs.push_back(tensorOf(*input.getAsObject()));
    auto outputs = Interpreter(*module).run("run", inputs);
    ASSERT_TRUE(succeeded(outputs));
    ASSERT_EQ(outputs->size(), object.getArray("outputs")->size());
    for (auto [output, expected] : llvm::zip(*outputs, *object.getArray("outputs"))) {
      Tensor wanted = tensorOf(*expected.getAsObject());
      ASSERT_EQ(output.shape, wanted.shape);
      for (int64_t i = 0; i < wanted.size(); ++i)
        EXPECT_NEAR(output[i], wanted[i], 1e-12 * std::max(1.0, std::abs(wanted[i]))) << "element " << i;
    }
  }
}

/// Random123's known answers.
TEST(Philox, KnownAnswers) {
  using Words = std::array<uint32_t, 4>;
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox({ones, ones, ones, ones}, {ones, ones}), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST_F(InterpreterTest, DropoutKeepsAShareAndScalesIt) {
  auto module = parse(R"(func.func @run(%x: tensor<1x10000xf64>) -> tensor<1x10000xf64> {
    %0 = cnn.dropout_mask %x {ratio = 0.2 : f64, id = 7 : i64} : tensor<1x10000xf64>
    return %0 : tensor<1x10000xf64>
  })");
  Interpreter interpreter(*module);
  Tensor ones({1, 10000}, std::vector<double>(10000, 1.0));
  Tensor first = interpreter.run("run", {ones})->front(), again = interpreter.run("run", {ones})->front();
  EXPECT_EQ(first.values, again.values);
  int kept = 0;
  for (double value : first.values) {
    EXPECT_TRUE(value == 0 || value == 1.25) << value;
    kept += value != 0;
  }
  EXPECT_NEAR(kept, 8000, 200); // five standard deviations
  interpreter.state.step = 2;
  EXPECT_NE(interpreter.run("run", {ones})->front().values, first.values);
}

TEST_F(InterpreterTest, PadAndSliceMoveElements) {
  auto module = parse(R"(func.func @run(%x: tensor<?x3xf64>) -> (tensor<?x8xf64>, tensor<?x2xf64>) {
    %0 = cnn.pad %x {low = array<i64: 1>, high = array<i64: 2>, interior = array<i64: 1>, value = 9.0 : f64} : tensor<?x3xf64> -> tensor<?x8xf64>
    %1 = cnn.slice %x {start = array<i64: 0>, stop = array<i64: 3>, step = array<i64: 2>} : tensor<?x3xf64> -> tensor<?x2xf64>
    return %0, %1 : tensor<?x8xf64>, tensor<?x2xf64>
  })");
  auto outputs = Interpreter(*module).run("run", {Tensor({2, 3}, {1, 2, 3, 4, 5, 6})});
  EXPECT_EQ((*outputs)[0].values, (std::vector<double>{9, 1, 9, 2, 9, 3, 9, 9, 9, 4, 9, 5, 9, 6, 9, 9}));
  EXPECT_EQ((*outputs)[1].values, (std::vector<double>{1, 3, 4, 6}));
}

TEST_F(InterpreterTest, PerceptronLossCountsWrongAnswers) {
  auto module = parse(R"(func.func @run(%y: tensor<?x1xf64>, %t: tensor<?x1xf64>) -> tensor<f64> {
    %0 = cnn.perceptron_loss %y, %t : (tensor<?x1xf64>, tensor<?x1xf64>) -> tensor<f64>
    return %0 : tensor<f64>
  })");
  // Right, wrong by 3, right, wrong by 1.
  auto outputs = Interpreter(*module).run("run", {Tensor({4, 1}, {2, -3, -5, 1}), Tensor({4, 1}, {1, 1, 0, 0})});
  EXPECT_EQ((*outputs)[0][0], 1);
}

TEST_F(InterpreterTest, RefusesInputsOfOtherShapes) {
  auto module = parse("func.func @run(%x: tensor<?x3xf64>) -> tensor<?x3xf64> { return %x : tensor<?x3xf64> }");
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) { message = diagnostic.str(); });
  EXPECT_TRUE(failed(Interpreter(*module).run("run", {Tensor({2, 4})})));
  EXPECT_NE(message.find("needs input 0 of shape [2, 3], got [2, 4]"), std::string::npos) << message;
  EXPECT_TRUE(failed(Interpreter(*module).run("run", {})));
  EXPECT_NE(message.find("takes 1 inputs, got 0"), std::string::npos) << message;
  EXPECT_TRUE(failed(Interpreter(*module).run("walk", {})));
  EXPECT_NE(message.find("has no function @walk to run"), std::string::npos) << message;
}

TEST_F(InterpreterTest, RefusesLabelsOutOfRange) {
  auto module = parse(R"(func.func @run(%y: tensor<?x2xf64>, %t: tensor<?xi32>) -> tensor<f64> {
    %0 = cnn.softmax_cross_entropy %y, %t : (tensor<?x2xf64>, tensor<?xi32>) -> tensor<f64>
    return %0 : tensor<f64>
  })");
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) { message = diagnostic.str(); });
  EXPECT_TRUE(failed(Interpreter(*module).run("run", {Tensor({1, 2}), Tensor({1}, {2})})));
  EXPECT_NE(message.find("got label 2 for 2 classes"), std::string::npos) << message;
}
