//===- Harness.cpp - runs a tiled kernel against the interpreter ----------===//

#include "test/kernels/Harness.h"
#include "compiler/Registration.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "test/interpreter/Interpreter.h"
#include "test/kernels/Jit.h"
#include "test/kernels/Memory.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace mlir;

namespace cnnc::test {
namespace {

template <typename Range, typename Function> std::string join(const Range &range, Function text) {
  std::string result;
  for (const auto &[i, element] : llvm::enumerate(range))
    result += (i ? ", " : "") + text(i, element);
  return result;
}

std::string signature(const Case &c) {
  return join(c.arguments, [](unsigned i, const Argument &a) { return "%a" + std::to_string(i) + ": " + a.type; });
}
std::string yielded(const Case &c) {
  return join(c.results, [](unsigned, const Result &r) { return r.value; }) + " : " +
         join(c.results, [](unsigned, const Result &r) { return r.type; });
}
std::string layouts(const auto &range) {
  return "[" + join(range, [](unsigned, const auto &e) { return "#plan.layout<" + e.layout + ">"; }) + "]";
}
std::string kernelText(const Case &c, unsigned i) {
  return "plan.kernel @k" + std::to_string(i) + " attributes {operand_layouts = " + layouts(c.arguments) +
         ", result_layouts = " + layouts(c.results) + "} {\n^bb0(" + signature(c) + "):\n" + c.body + "\nplan.yield " +
         yielded(c) + "\n}\n";
}
std::string functionText(const Case &c, unsigned i) {
  return "func.func @k" + std::to_string(i) + "(" + signature(c) + ") -> (" +
         join(c.results, [](unsigned, const Result &r) { return r.type; }) + ") {\n" + c.body + "\nreturn " + yielded(c) +
         "\n}\n";
}

Tensor draw(RankedTensorType type, const Argument &argument, int64_t n, std::mt19937_64 &engine) {
  std::vector<int64_t> shape = type.getShape().vec();
  for (int64_t &size : shape)
    size = ShapedType::isDynamic(size) ? n : size;
  Tensor tensor(shape);
  for (double &value : tensor.values) {
    if (argument.fill == Fill::Uniform)
      value = float(std::uniform_real_distribution<float>(argument.low, argument.high)(engine));
    else if (argument.fill == Fill::SomeNan && engine() % 8 == 0)
      value = NAN;
    else if (argument.fill == Fill::Integers || argument.fill == Fill::SomeNan)
      value = double(std::uniform_int_distribution<int64_t>(argument.low, argument.high)(engine));
    else
      value = double(engine() & 1);
  }
  return tensor;
}

void put(const Tensor &tensor, ArrayRef<int64_t> places, bool isInteger, Memory &memory) {
  std::fill_n(memory.data(), memory.size(), 0.0f);
  for (auto [value, place] : llvm::zip_equal(tensor.values, places)) {
    int32_t whole = int32_t(value);
    memory.data()[place] = isInteger ? llvm::bit_cast<float>(whole) : float(value);
  }
}

/// What the kernel stored is what the interpreter says, and zero elsewhere.
void compare(Memory &memory, ArrayRef<int64_t> places, const Tensor &wanted, bool isInteger, double tolerance) {
  EXPECT_TRUE(memory.isWhole()) << "wrote beside a result";
  double largest = 0;
  for (double value : wanted.values)
    largest = std::max(largest, std::abs(value));
  std::vector<bool> isPlace(memory.size());
  int64_t wrong = 0;
  for (auto [i, place] : llvm::enumerate(places)) {
    isPlace[place] = true;
    double got = isInteger ? llvm::bit_cast<int32_t>(memory.data()[place]) : memory.data()[place];
    bool agrees = std::isnan(wanted.values[i]) ? std::isnan(got) : std::abs(got - wanted.values[i]) <= tolerance * largest;
    if (!agrees && wrong++ == 0)
      ADD_FAILURE() << "element " << i << " is " << got << ", not " << wanted.values[i] << " (largest " << largest << ")";
  }
  EXPECT_EQ(wrong, 0) << "of " << places.size();
  int64_t dirty = 0;
  for (int64_t i = 0; i < memory.size(); ++i)
    dirty += !isPlace[i] && !(memory.data()[i] == 0);
  EXPECT_EQ(dirty, 0) << "elements of gaps or halos are not zero";
}

void runCase(const Case &c, plan::KernelOp untiled, const CompiledKernel &kernel, ArrayRef<Tensor> inputs,
             ArrayRef<Tensor> outputs, std::mt19937_64 &engine) {
  Block &body = untiled.getBody().front();
  std::vector<Memory> memories;
  for (MemRefType type : kernel.arguments)
    memories.emplace_back(type, c.n);
  for (auto [i, input] : llvm::enumerate(inputs)) {
    auto type = cast<RankedTensorType>(body.getArgument(i).getType());
    auto layout = cast<plan::LayoutAttr>(untiled.getOperandLayouts()[i]);
    put(input, places(type, layout, c.n), type.getElementType().isInteger(), memories[i]);
  }
  auto resultLayout = [&](unsigned i) { return cast<plan::LayoutAttr>(untiled.getResultLayouts()[i]); };
  auto resultType = [&](unsigned i) { return cast<RankedTensorType>(body.getTerminator()->getOperand(i).getType()); };
  std::vector<Tensor> wanted(outputs.begin(), outputs.end());
  for (unsigned i = 0; i < outputs.size(); ++i)
    if (resultLayout(i).getAccumulate()) {
      Argument start = c.tolerance == 0 ? Argument{"", "", 1, 4, Fill::Integers} : Argument{"", "", 0.25, 0.5};
      Tensor before = draw(resultType(i), start, c.n, engine);
      put(before, places(resultType(i), resultLayout(i), c.n), false, memories[inputs.size() + i]);
      for (auto [value, first] : llvm::zip(wanted[i].values, before.values))
        value += first;
    }

  for (const Stage &stage : kernel.stages) {
    std::vector<int64_t> order(stage.tasksPerExample * c.n + stage.tasksFixed);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), engine);
    for (int64_t task : order) {
      int64_t n = c.n, seed = c.seed, step = c.step;
      SmallVector<void *> descriptors, pointers;
      for (Memory &memory : memories)
        descriptors.push_back(memory.descriptor());
      for (void *&descriptor : descriptors)
        pointers.push_back(&descriptor);
      pointers.append({&task, &n, &seed, &step});
      stage.function(pointers.data());
    }
  }
  for (unsigned i = 0; i < outputs.size(); ++i) {
    SCOPED_TRACE("result " + std::to_string(i));
    bool isInteger = resultType(i).getElementType().isInteger();
    compare(memories[inputs.size() + i], places(resultType(i), resultLayout(i), c.n), wanted[i], isInteger,
            isInteger ? 0 : c.tolerance);
  }
  for (Memory &memory : memories)
    EXPECT_TRUE(memory.isWhole()) << "wrote beside an argument";
}

} // namespace

void expectAgree(const std::vector<Case> &cases, const Run &run) {
  DialectRegistry registry;
  registerDialects(registry);
  interpreter::registerEvaluators(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  static bool registered = (registerPasses(), true);
  ASSERT_TRUE(registered);
  std::string kernels, functions;
  for (auto [i, c] : llvm::enumerate(cases)) {
    kernels += kernelText(c, i);
    functions += functionText(c, i);
  }
  if (run.batch)
    for (std::string *text : {&kernels, &functions})
      *text = "module attributes {cnn.batch = " + std::to_string(run.batch) + "} {\n" + *text + "}\n";
  auto untiled = parseSourceString<ModuleOp>(kernels, &context);
  auto tiled = parseSourceString<ModuleOp>(kernels, &context);
  auto reference = parseSourceString<ModuleOp>(functions, &context);
  ASSERT_TRUE(untiled && tiled && reference) << kernels;
  PassManager passes(&context);
  ASSERT_TRUE(succeeded(parsePassPipeline("cnnc-tile{register-lanes=" + std::to_string(run.registerLanes) +
                                              " registers=" + std::to_string(run.registers) + "}",
                                          passes)));
  ASSERT_TRUE(succeeded(passes.run(*tiled))) << kernels;
  SmallVector<CompiledKernel> compiled;
  auto engine = compile(*tiled, compiled);
  ASSERT_TRUE(engine);

  std::mt19937_64 random(cases.size());
  interpreter::Interpreter interpreter(*reference);
  SmallVector<plan::KernelOp> descriptions(untiled->getOps<plan::KernelOp>());
  for (auto [i, c] : llvm::enumerate(cases)) {
    SCOPED_TRACE("n = " + std::to_string(c.n) + ", " + kernelText(c, i));
    std::vector<Tensor> inputs;
    for (auto [argument, value] : llvm::zip(c.arguments, descriptions[i].getBody().getArguments()))
      inputs.push_back(draw(cast<RankedTensorType>(value.getType()), argument, c.n, random));
    interpreter.state.seed = c.seed;
    interpreter.state.step = c.step;
    auto outputs = interpreter.run("k" + std::to_string(i), inputs);
    ASSERT_TRUE(succeeded(outputs));
    runCase(c, descriptions[i], compiled[i], inputs, *outputs, random);
    if (testing::Test::HasFailure())
      return;
  }
}

void expectAgree(const std::vector<Case> &cases, int64_t batch) {
  expectAgree(cases, {8, 16, batch});
  if (!testing::Test::HasFailure())
    expectAgree(cases, {16, 32, batch});
}

std::vector<Case> halfExact(std::vector<Case> cases) {
  for (size_t i = 0; i < cases.size(); i += 2) {
    cases[i].tolerance = 0;
    for (Argument &argument : cases[i].arguments)
      if (argument.fill == Fill::Uniform)
        argument = {argument.type, argument.layout, -3, 3, Fill::Integers};
  }
  return cases;
}

int64_t shapesToTry() {
  const char *all = getenv("CNNC_TEST_ALL");
  return all && StringRef(all) == "1" ? 100 : 20;
}

Random::Random() {
  uint64_t seed = 0;
  for (char letter : std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))
    seed = seed * 31 + uint8_t(letter);
  engine.seed(seed);
}

std::vector<Case> randomCases(int64_t count, const std::function<Case(Random &random, int64_t i)> &draw) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < count; ++i)
    cases.push_back(draw(random, i));
  return cases;
}

int64_t Random::channels() {
  static constexpr int64_t usual[] = {1, 3, 6, 10, 15, 16, 17, 24, 32, 40};
  return coin() ? usual[integer(0, 9)] : integer(1, 48);
}

std::string Random::haloLayout() {
  if (coin())
    return "batch";
  std::string sizes;
  for (int side = 0; side < 4; ++side)
    sizes += (side ? ", " : "") + std::to_string(integer(0, 2));
  return "batch halo = [" + sizes + "]";
}

std::string Random::batchLayout(int64_t channels, bool images) {
  int64_t kind = integer(0, 5);
  if (kind == 0)
    return "plain";
  if (kind == 1 && channels < 8 && images)
    return "batch block = " + std::to_string(channels) + " halo = [1, 2, 0, 1]";
  return images ? haloLayout() : "batch";
}

std::string batchType(int64_t channels, int64_t height, int64_t width, const char *element) {
  std::string sizes = "?x" + std::to_string(channels);
  if (height)
    sizes += "x" + std::to_string(height) + "x" + std::to_string(width);
  return "tensor<" + sizes + "x" + element + ">";
}

std::string tensorType(const std::vector<int64_t> &shape) {
  std::string sizes;
  for (int64_t size : shape)
    sizes += std::to_string(size) + "x";
  return "tensor<" + sizes + "f32>";
}

} // namespace cnnc::test
