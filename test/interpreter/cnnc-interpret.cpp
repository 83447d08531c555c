//===- cnnc-interpret.cpp - runs a module in double precision -------------===//
//
// cnnc-interpret m.mlir --function=infer --in image=x.npy --weights=w.safetensors --out logits=y.npy
// cnnc-interpret m.mlir --train-steps=50 --data=x.npy,y.npy --batch=32 --weights=w.safetensors
//                --set=lr=0.01 --log=loss.jsonl
//
// Inputs that no --in gives are random: SplitMix64 of --seed, uniform in
// [-1, 1), or labels below --classes, --batch examples. The same generator
// draws parameters that no file gives, by their `init`.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "test/interpreter/Files.h"
#include "test/interpreter/Interpreter.h"
#include "test/interpreter/Random.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/WithColor.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;
namespace cl = llvm::cl;

static cl::OptionCategory category("options of cnnc-interpret");
static cl::opt<std::string> moduleFile(cl::Positional, cl::Required, cl::desc("<module>"), cl::cat(category));
static cl::opt<std::string> functionName("function", cl::init("infer"), cl::desc("the function to run"), cl::cat(category));
static cl::list<std::string> inputFiles("in", cl::desc("an input: [name=]file.npy"), cl::cat(category));
static cl::list<std::string> outputFiles("out", cl::desc("where a result goes: [name=]file.npy"), cl::cat(category));
static cl::opt<std::string> weightFile("weights", cl::desc("parameters: file.safetensors"), cl::cat(category));
static cl::list<std::string> settings("set", cl::desc("a hyper-parameter: lr=0.01"), cl::cat(category));
static cl::opt<uint64_t> seed("seed", cl::init(1), cl::desc("of random inputs, parameters and dropout"), cl::cat(category));
static cl::opt<unsigned> batch("batch", cl::init(1), cl::desc("examples a run"), cl::cat(category));
static cl::opt<unsigned> classes("classes", cl::init(2), cl::desc("random labels are below"), cl::cat(category));
static cl::opt<unsigned> trainSteps("train-steps", cl::desc("runs train and update so many times"), cl::cat(category));
static cl::list<std::string> dataFiles("data", cl::CommaSeparated, cl::desc("inputs and targets to train on"), cl::cat(category));
static cl::opt<std::string> logFile("log", cl::init("-"), cl::desc("one JSON object a step: step, loss"), cl::cat(category));

static llvm::ExitOnError exitOnError("cnnc-interpret: ");

[[noreturn]] static void fail(const Twine &message) {
  llvm::WithColor::error(llvm::errs(), "cnnc-interpret") << message << "\n";
  exit(1);
}

/// Draws the parameters as their `init` says; without one they stay zero.
static void initialize(ModuleOp module, Interpreter &interpreter, Random &random) {
  for (auto parameter : module.getOps<cnn::ParameterOp>()) {
    auto init = parameter.getInit();
    if (!init || parameter.getValue())
      continue;
    double a = init->getA().getValueAsDouble(), b = init->getB().getValueAsDouble();
    for (double &value : interpreter.parameter(parameter.getSymName()).values)
      switch (init->getDistribution()) {
      case cnn::Distribution::Constant:
        value = a;
        break;
      case cnn::Distribution::Uniform:
        value = random.uniform(a, b);
        break;
      case cnn::Distribution::Normal: // Box and Muller
        value = a + b * std::sqrt(-2 * std::log(1 - random.uniform(0, 1))) * std::cos(2 * M_PI * random.uniform(0, 1));
        break;
      }
  }
}

/// The file of `name`, or of place `i`, among arguments "[name=]file".
static std::string fileOf(const cl::list<std::string> &arguments, StringRef name, size_t i) {
  for (StringRef argument : arguments)
    if (argument.contains('=') && argument.split('=').first == name)
      return argument.split('=').second.str();
  return i < arguments.size() && !StringRef(arguments[i]).contains('=') ? arguments[i] : "";
}

static Tensor randomInput(RankedTensorType type, Random &random) {
  std::vector<int64_t> shape = type.getShape().vec();
  for (int64_t &size : shape)
    size = ShapedType::isDynamic(size) ? batch : size;
  Tensor tensor = random.tensor(shape);
  if (type.getElementType().isInteger())
    for (double &value : tensor.values)
      value = random.integer(0, classes - 1);
  return tensor;
}

static void runOnce(ModuleOp module, Interpreter &interpreter, Random &random) {
  auto function = module.lookupSymbol<func::FuncOp>(functionName);
  if (!function)
    fail("'" + moduleFile + "' has no function @" + functionName);
  auto nameOf = [](StringAttr name) { return name ? name.getValue() : StringRef(); };
  std::vector<Tensor> inputs;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    std::string file = fileOf(inputFiles, nameOf(function.getArgAttrOfType<StringAttr>(i, "cnn.name")), i);
    inputs.push_back(file.empty() ? randomInput(cast<RankedTensorType>(function.getArgumentTypes()[i]), random)
                                  : exitOnError(readNpy(file)));
  }
  // Derived parameters come from the others.
  if (module.lookupSymbol<func::FuncOp>("prepare") && failed(interpreter.run("prepare", {})))
    exit(1);
  auto outputs = interpreter.run(functionName, inputs);
  if (failed(outputs))
    exit(1);
  for (auto [i, output] : llvm::enumerate(*outputs)) {
    std::string file = fileOf(outputFiles, nameOf(function.getResultAttrOfType<StringAttr>(i, "cnn.name")), i);
    if (!file.empty())
      exitOnError(writeNpy(file, output));
  }
}

/// Examples [first, first + count) of `data`.
static Tensor examples(const Tensor &data, int64_t first, int64_t count) {
  Tensor part;
  part.shape = data.shape;
  part.shape[0] = count;
  auto begin = data.values.begin() + first * data.elementsFrom(1);
  part.values.assign(begin, begin + count * data.elementsFrom(1));
  return part;
}

/// Batches come in the order of the data; the last of an epoch may be smaller.
static void train(Interpreter &interpreter) {
  std::vector<Tensor> data;
  for (const std::string &file : dataFiles)
    data.push_back(exitOnError(readNpy(file)));
  if (data.empty() || !data[0].rank() ||
      llvm::any_of(data, [&](const Tensor &t) { return !t.rank() || t.batch() != data[0].batch(); }))
    fail("--train-steps needs --data: files of equally many examples");
  std::error_code code;
  llvm::ToolOutputFile log(logFile, code, llvm::sys::fs::OF_None);
  if (code)
    fail("'" + logFile + "' cannot be written: " + code.message());

  int64_t next = 0;
  for (unsigned step = 1; step <= trainSteps; ++step) {
    int64_t count = std::min<int64_t>(batch, data[0].batch() - next);
    std::vector<Tensor> inputs;
    for (const Tensor &tensor : data)
      inputs.push_back(examples(tensor, next, count));
    next = next + count == data[0].batch() ? 0 : next + count;
    interpreter.state.step = step;
    interpreter.clearGradients();
    auto outputs = interpreter.run("train", inputs);
    if (failed(outputs) || failed(interpreter.run("update", {})))
      exit(1);
    log.os() << "{\"step\": " << step << ", \"loss\": " << llvm::format("%.17g", outputs->front()[0]) << "}\n";
  }
  log.keep();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "runs a module of cnn ops in double precision\n");

  DialectRegistry registry;
  registry.insert<cnn::CnnDialect, func::FuncDialect>();
  registerEvaluators(registry);
  MLIRContext context(registry);
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler diagnostics(sources, &context);
  auto module = parseSourceFile<ModuleOp>(moduleFile, sources, &context);
  if (!module)
    return 1;

  Interpreter interpreter(*module);
  Random random(seed);
  interpreter.state.seed = seed;
  initialize(*module, interpreter, random);
  if (!weightFile.empty())
    exitOnError(readWeights(weightFile, interpreter.state.parameters));
  for (StringRef setting : settings) {
    auto [name, text] = setting.split('=');
    double value;
    if (text.getAsDouble(value))
      fail("--set=" + setting + " has no number; write --set=lr=0.01");
    interpreter.state.hypers[name] = value;
  }
  if (trainSteps)
    train(interpreter);
  else
    runOnce(*module, interpreter, random);
  return 0;
}
