//===- cnnc-kernel-bench.cpp - speed of emitted convolutions --------------===//
//
// Emits, compiles and times single convolutions and their gradients on one
// core, and says what share of the core's peak each reaches. The peak is a
// loop of independent multiply-adds, generated and timed in the same process.
//
//===----------------------------------------------------------------------===//

#include "compiler/Registration.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "test/kernels/Jit.h"
#include "test/kernels/Memory.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

#include <ctime>
#include <random>

using namespace mlir;
using namespace cnnc::test;
namespace cl = llvm::cl;

static cl::OptionCategory category("cnnc-kernel-bench");
static cl::list<std::string> shapes(cl::Positional, cl::desc("C,K,H,R,stride ..."), cl::cat(category));
static cl::list<std::string> ops("op", cl::desc("conv, conv_input_grad, conv_kernel_grad (default: all)"), cl::CommaSeparated,
                                 cl::cat(category));
static cl::opt<int64_t>
    lanes("lanes", cl::desc("f32 in a vector register: 8 compiles for AVX2, 16 for AVX-512 (default: what this machine has)"),
          cl::init(llvm::sys::getHostCPUFeatures().lookup("avx512f") ? 16 : 8), cl::cat(category));
static cl::opt<int64_t> batch("n", cl::desc("examples"), cl::init(1), cl::cat(category));
static cl::opt<double> seconds("seconds", cl::desc("time spent on each kernel"), cl::init(0.2), cl::cat(category));
static cl::opt<bool> json("json", cl::desc("print JSON lines"), cl::cat(category));
static cl::opt<std::string> object("object", cl::desc("keep the object of the last kernel"), cl::cat(category));

namespace {

struct Shape {
  int64_t channels, outputs, size, taps, stride;
  int64_t pad() const { return taps / 2; }
  int64_t places() const { return (size + 2 * pad() - taps) / stride + 1; }
  double flops() const { return 2.0 * batch * channels * outputs * taps * taps * places() * places(); }
};

std::string images(int64_t channels, int64_t size) { return llvm::formatv("tensor<?x{0}x{1}x{1}xf32>", channels, size); }

/// A kernel of one op, with the layouts that the compiler would choose.
std::string kernelText(StringRef op, const Shape &s) {
  int64_t reach = (s.taps - 1 - s.pad() + s.stride - 1) / s.stride, block = std::min<int64_t>(16, s.channels);
  struct Typed {
    std::string type, layout;
  };
  auto batchOf = [](std::string type, int64_t block, int64_t halo) {
    return Typed{type, llvm::formatv("batch block = {0} halo = [{1}, {1}, {1}, {1}]", block, halo)};
  };
  Typed x = batchOf(images(s.channels, s.size), block, s.pad()), y = batchOf(images(s.outputs, s.places()), 16, reach);
  Typed w{llvm::formatv("tensor<{0}x{1}x{2}x{2}xf32>", s.outputs, s.channels, s.taps),
          llvm::formatv("kernel block = {0}", block)};
  bool isInputGrad = op == "conv_input_grad", isKernelGrad = op == "conv_kernel_grad";
  Typed a = isInputGrad ? y : x, b = isKernelGrad ? y : w, result = isInputGrad ? x : isKernelGrad ? w : y;
  return llvm::formatv("plan.kernel @k attributes {{operand_layouts = [#plan.layout<{0}>, #plan.layout<{1}>], "
                       "result_layouts = [#plan.layout<{2}>]} {{\n^bb0(%a: {3}, %b: {4}):\n"
                       "%r = cnn.{6} %a, %b {{stride = array<i64: {7}, {7}>, pad = array<i64: {8}, {8}, {8}, {8}>, "
                       "dilation = array<i64: 1, 1>, groups = 1 : i64} : ({3}, {4}) -> {5}\n"
                       "plan.yield %r : {5}\n}\n",
                       a.layout, b.layout, result.layout, a.type, b.type, result.type, op, s.stride, s.pad());
}

/// A stage of `sums` independent chains of multiply-adds.
constexpr int64_t peakTrips = 100000;
std::string peakText(int64_t sums) {
  std::string initial, carried, types, body, yielded, total;
  for (int64_t i = 0; i < sums; ++i) {
    std::string comma = i ? ", " : "";
    carried += llvm::formatv("{0}%s{1} = %x", comma, i);
    types += comma + "vector<16xf32>";
    body += llvm::formatv("%t{0} = vector.fma %x, %s{0}, %x : vector<16xf32>\n", i);
    yielded += llvm::formatv("{0}%t{1}", comma, i);
    total += i == 0 ? std::string("%u0 = arith.addf %r#0, %x : vector<16xf32>\n")
                    : llvm::formatv("%u{0} = arith.addf %u{1}, %r#{0} : vector<16xf32>\n", i, i - 1).str();
  }
  return llvm::formatv(
      "plan.kernel @peak attributes {{operand_layouts = [], result_layouts = [#plan.layout<channels>]} {{\n"
      "^bb0(%m: memref<16xf32>):\nplan.stage 0 per_example + 1 {{\n^bb0(%task: index, %n: index, %seed: i64, %step: i64):\n"
      "%c0 = arith.constant 0 : index\n%c1 = arith.constant 1 : index\n%trips = arith.constant {0} : index\n"
      "%x = vector.load %m[%c0] : memref<16xf32>, vector<16xf32>\n"
      "%r:{1} = scf.for %i = %c0 to %trips step %c1 iter_args({2}) -> ({3}) {{\n{4}scf.yield {5} : {3}\n}\n{6}"
      "vector.store %u{7}, %m[%c0] : memref<16xf32>, vector<16xf32>\nplan.yield\n}\nplan.yield\n}\n",
      peakTrips, sums, carried, types, body, yielded, total, sums - 1);
}

/// The time that this thread has run: others on the machine do not count.
double threadSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

/// A compiled kernel with memory of its own.
class Runner {
public:
  Runner(std::unique_ptr<ExecutionEngine> engine, CompiledKernel kernel) : engine(std::move(engine)), kernel(std::move(kernel)) {
    std::mt19937 random(1);
    std::uniform_real_distribution<float> uniform(-1e-3f, 1e-3f);
    for (MemRefType type : this->kernel.arguments) {
      memories.emplace_back(type, batch);
      std::generate_n(memories.back().data(), memories.back().size(), [&] { return uniform(random); });
    }
  }
  /// Seconds of one launch.
  double run() {
    SmallVector<void *> descriptors, pointers;
    for (Memory &memory : memories)
      descriptors.push_back(memory.descriptor());
    for (void *&descriptor : descriptors)
      pointers.push_back(&descriptor);
    int64_t task, n = batch, seed = 0, step = 0;
    pointers.append({&task, &n, &seed, &step});
    double start = threadSeconds();
    for (const Stage &stage : kernel.stages)
      for (task = 0; task < stage.tasksPerExample * n + stage.tasksFixed; ++task)
        stage.function(pointers.data());
    return threadSeconds() - start;
  }
  void keepObject(StringRef path) { engine->dumpToObjectFile(path); }

private:
  std::unique_ptr<ExecutionEngine> engine;
  CompiledKernel kernel;
  std::vector<Memory> memories;
};

std::unique_ptr<Runner> prepare(MLIRContext &context, const std::string &text, bool isTiled) {
  auto module = parseSourceString<ModuleOp>(text, &context);
  PassManager passes(&context);
  std::string tile = llvm::formatv("cnnc-tile{{register-lanes={0} registers={1}}", lanes, lanes == 16 ? 32 : 16);
  if (!module || failed(parsePassPipeline(tile, passes)) || (!isTiled && failed(passes.run(*module))))
    return nullptr;
  SmallVector<CompiledKernel> kernels;
  auto engine = compile(*module, kernels, lanes == 16 ? llvm::sys::getHostCPUName() : "x86-64-v3");
  return engine ? std::make_unique<Runner>(std::move(engine), kernels.front()) : nullptr;
}

bool parse(StringRef text, Shape &shape) {
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  int64_t *fields[] = {&shape.channels, &shape.outputs, &shape.size, &shape.taps, &shape.stride};
  return parts.size() == 5 && llvm::all_of(llvm::zip_equal(parts, fields), [](auto pair) {
           auto [part, field] = pair;
           return !part.getAsInteger(10, *field) && *field > 0;
         });
}

} // namespace

int main(int argc, char **argv) {
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "speed of emitted convolutions on one core\n");
  DialectRegistry registry;
  cnnc::registerDialects(registry);
  cnnc::registerPasses();
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  SmallVector<std::string> wanted(ops.begin(), ops.end());
  if (wanted.empty())
    wanted = {"conv", "conv_input_grad", "conv_kernel_grad"};

  int64_t sums = lanes == 16 ? 16 : 6;
  auto peak = prepare(context, peakText(sums), /*isTiled=*/true);
  if (!peak)
    return 1;
  double peakFlops = 2.0 * 16 * sums * peakTrips;
  if (!json)
    llvm::outs() << "C,K,H,R,stride        op                  GF/s    peak  share\n";
  for (const std::string &text : shapes) {
    Shape shape;
    if (!parse(text, shape)) {
      llvm::errs() << "'" << text << "' is not C,K,H,R,stride\n";
      return 1;
    }
    for (const std::string &op : wanted) {
      auto runner = prepare(context, kernelText(op, shape), /*isTiled=*/false);
      if (!runner)
        return 1;
      // Both minima come from the same stretch of time.
      double best = 1e30, bestPeak = 1e30, spent = 0;
      for (int64_t i = 0; spent < seconds || i < 3; ++i) {
        double time = runner->run();
        best = std::min(best, time);
        bestPeak = std::min(bestPeak, peak->run());
        spent += time;
      }
      double speed = shape.flops() / best * 1e-9, limit = peakFlops / bestPeak * 1e-9;
      if (json)
        llvm::outs() << llvm::formatv(
            "{{\"shape\": \"{0}\", \"op\": \"{1}\", \"n\": {2}, \"lanes\": {3}, \"gflops\": {4:f1}, \"peak\": {5:f1}}\n", text,
            op, batch, lanes, speed, limit);
      else
        llvm::outs() << llvm::formatv("{0,-20}  {1,-18} {2,6:f1}  {3,6:f1}  {4,4:f0} %\n", text, op, speed, limit,
                                      100 * speed / limit);
      llvm::outs().flush();
      if (!object.empty())
        runner->keepObject(object);
    }
  }
  return 0;
}
