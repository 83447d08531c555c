//===- GradientCheck.cpp - the passes' gradients and differences ----------===//

#include "test/gradients/GradientCheck.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"
#include "passes/grad/Gradients.h"
#include "test/interpreter/Interpreter.h"
#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <numeric>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;
using cnnc::interpreter::Interpreter;

MLIRContext &test::getContext() {
  static auto context = [] {
    DialectRegistry registry;
    registry.insert<cnn::CnnDialect, func::FuncDialect>();
    registerGradients(registry);
    interpreter::registerEvaluators(registry);
    auto created = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
    created->loadAllAvailableDialects();
    registerSplitPass();
    registerDifferentiatePass();
    registerBuildUpdatePass();
    registerRecomputePass();
    registerCSEPass();
    return created;
  }();
  return *context;
}

LogicalResult test::runPasses(ModuleOp module, StringRef pipeline) {
  PassManager passes(module->getContext());
  return success(succeeded(parsePassPipeline(pipeline, passes)) && succeeded(passes.run(module)));
}

int test::caseCount(int quick, int all) { return std::getenv("CNNC_TEST_ALL") ? all : quick; }

std::vector<int64_t> test::randomShape(Random &random) {
  std::vector<int64_t> shape{random.integer(1, 4), random.integer(1, 5)};
  if (random.coin())
    shape.insert(shape.end(), {random.integer(1, 5), random.integer(1, 5)});
  return shape;
}

std::vector<int64_t> test::randomShape(Random &random, int64_t least, int64_t most) {
  std::vector<int64_t> shape;
  for (int64_t rank = random.integer(least, most); rank > 0; --rank)
    shape.push_back(random.integer(1, 4));
  return shape;
}

SmallVector<int64_t> test::randomAxes(Random &random, const Tensor &x) {
  SmallVector<int64_t> axes;
  for (int64_t d = 1; d < x.rank(); ++d)
    if (random.coin())
      axes.push_back(d);
  return axes;
}

Tensor test::separated(Random &random, std::vector<int64_t> shape) {
  Tensor tensor(std::move(shape));
  for (int64_t i = 0; i < tensor.size(); ++i)
    tensor[i] = (i + 0.25) / tensor.size() * 2 - 1;
  for (int64_t i = tensor.size() - 1; i > 0; --i)
    std::swap(tensor[i], tensor[random.integer(0, i)]);
  return tensor;
}

//===----------------------------------------------------------------------===//
// Differences
//===----------------------------------------------------------------------===//

/// The derivative of `loss` as `place` moves along `direction`, from four
/// points: the error is of the fourth order of the step.
static double difference(Tensor &place, const Tensor &direction, function_ref<double()> loss) {
  const double step = 1e-4;
  Tensor start = place;
  auto lossAt = [&](double factor) {
    for (int64_t i = 0; i < place.size(); ++i)
      place[i] = start[i] + factor * step * direction[i];
    return loss();
  };
  double derivative = (8 * (lossAt(1) - lossAt(-1)) - (lossAt(2) - lossAt(-2))) / (12 * step);
  place = start;
  return derivative;
}

/// Moves `place` along random directions and along single elements.
static void compare(Random &random, Tensor &place, const Tensor &gradient, function_ref<double()> loss, const std::string &what) {
  ASSERT_EQ(place.shape, gradient.shape) << what;
  for (int trial = 0; trial < 4; ++trial) {
    Tensor direction(place.shape);
    if (trial < 2)
      direction = random.tensor(place.shape);
    else
      direction[random.integer(0, place.size() - 1)] = 1;
    double expected = difference(place, direction, loss), actual = 0, scale = 0;
    for (int64_t i = 0; i < place.size(); ++i) {
      actual += gradient[i] * direction[i];
      scale += std::abs(gradient[i] * direction[i]);
    }
    EXPECT_NEAR(actual, expected, 1e-6 * std::max(scale, std::abs(expected)) + 1e-9) << what;
  }
}

void test::checkModuleGradients(Random &random, ModuleOp module, ModuleOp differentiated, ArrayRef<Tensor> inputs,
                                const std::string &what) {
  Interpreter reference(module), subject(differentiated);
  for (auto &parameter : reference.state.parameters) {
    parameter.second = random.tensor(parameter.second.shape, 0.2, 1);
    subject.parameter(parameter.first()) = parameter.second;
  }
  std::vector<Tensor> arguments(inputs.begin(), inputs.end());
  auto outputs = subject.run("train", arguments);
  ASSERT_TRUE(succeeded(outputs)) << what;
  auto loss = [&] {
    auto state = reference.state;
    double value = reference.run("train", arguments)->front()[0];
    reference.state = std::move(state);
    return value;
  };
  ASSERT_NEAR((*outputs)[0][0], loss(), 1e-12) << what;

  auto train = module.lookupSymbol<func::FuncOp>("train");
  unsigned result = 1;
  for (unsigned i = 0; i < arguments.size(); ++i) {
    bool isFloat = isa<FloatType>(cast<RankedTensorType>(train.getArgumentTypes()[i]).getElementType());
    if (isFloat && !train.getArgAttr(i, "cnn.target"))
      compare(random, arguments[i], (*outputs)[result++], loss, what + ", by input " + std::to_string(i));
  }
  EXPECT_EQ(result, outputs->size()) << what;
  for (auto &gradient : subject.state.gradients) {
    // `loss` restores a copy of the state: look the parameter up at each use.
    Tensor place = reference.parameter(gradient.first());
    auto lossAt = [&] {
      reference.parameter(gradient.first()) = place;
      return loss();
    };
    compare(random, place, gradient.second, lossAt, what + ", by parameter " + gradient.first().str());
    reference.parameter(gradient.first()) = place;
  }
}

void test::checkGradients(Random &random, ArrayRef<Input> inputs, Build build, const std::string &what) {
  MLIRContext &context = getContext();
  OpBuilder builder(&context);
  Location loc = builder.getUnknownLoc();
  Type f64 = builder.getF64Type();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);

  SmallVector<Type> types;
  std::vector<Tensor> values;
  for (const Input &input : inputs) {
    types.push_back(RankedTensorType::get(input.value.shape, input.kind == Input::Labels ? builder.getI32Type() : f64));
    values.push_back(input.value);
  }
  auto scalar = RankedTensorType::get({}, f64);
  builder.setInsertionPointToStart(module->getBody());
  auto train = func::FuncOp::create(builder, loc, "train", builder.getFunctionType(types, scalar));
  for (auto [i, input] : llvm::enumerate(inputs))
    if (input.kind != Input::Differentiated)
      train.setArgAttr(i, "cnn.target", builder.getUnitAttr());
  builder.setInsertionPointToStart(train.addEntryBlock());
  Value result = build(builder, loc, train.getArguments());
  auto type = cast<RankedTensorType>(result.getType());
  if (type.getRank() != 0) {
    Tensor target = random.tensor(type.getShape().vec());
    Value constant = cnn::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, ArrayRef<double>(target.values)));
    result = cnn::MeanSquaredErrorOp::create(builder, loc, scalar, result, constant);
  }
  func::ReturnOp::create(builder, loc, result);
  ASSERT_TRUE(succeeded(verify(*module))) << what;

  OwningOpRef<ModuleOp> differentiated = module->clone();
  ASSERT_TRUE(succeeded(runPasses(*differentiated, "cnnc-differentiate"))) << what;
  checkModuleGradients(random, *module, *differentiated, values, what);
}
