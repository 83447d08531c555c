//===- cnnc-kernel-bench.cpp - speed of emitted convolutions --------------===//
//
// Emits, compiles and times convolution + bias + ReLU and the gradients of
// convolutions on one core, and says what share of the core's peak each
// reaches. The peak is a loop of independent multiply-adds, generated and timed
// in turn with the kernel, in the same process.
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
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

#include <ctime>
#include <random>

using namespace mlir;
using namespace cnnc::test;
namespace cl = llvm::cl;

static cl::OptionCategory category("cnnc-kernel-bench");
static cl::list<std::string> shapes(cl::Positional, cl::desc("[C,K,size,taps,stride ...]"), cl::cat(category));
static cl::list<std::string> ops("op",
                                 cl::desc("conv_bias_relu, conv, conv_input_grad, conv_kernel_grad (default: all but conv)"),
                                 cl::CommaSeparated, cl::cat(category));
static cl::opt<int64_t>
    lanes("lanes", cl::desc("f32 in a vector register: 8 compiles for AVX2, 16 for AVX-512 (default: what this machine has)"),
          cl::init(llvm::sys::getHostCPUFeatures().lookup("avx512f") ? 16 : 8), cl::cat(category));
static cl::list<int64_t> batches("n", cl::desc("examples at once (default: 1,8)"), cl::CommaSeparated, cl::cat(category));
static cl::opt<double> seconds("seconds", cl::desc("time spent on each kernel"), cl::init(0.2), cl::cat(category));
static cl::opt<bool> all("all",
                         cl::desc("forward only, over C, K in 48,64,96,128,256, sizes 7,14,28,56, 1x1 and 3x3, strides 1 and 2"),
                         cl::cat(category));
static cl::opt<bool> json("json", cl::desc("print JSON lines"), cl::cat(category));
static cl::opt<std::string> object("object", cl::desc("keep the object of the last kernel"), cl::cat(category));

namespace {

struct Shape {
  int64_t channels, outputs, size, taps, stride;
  int64_t pad() const { return taps / 2; }
  int64_t places() const { return (size + 2 * pad() - taps) / stride + 1; }
  /// Of the convolution for one example; bias and ReLU do not count.
  double flops() const { return 2.0 * channels * outputs * taps * taps * places() * places(); }
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
  bool isInputGrad = op == "conv_input_grad", isKernelGrad = op == "conv_kernel_grad", isFused = op == "conv_bias_relu";
  Typed a = isInputGrad ? y : x, b = isKernelGrad ? y : w, result = isInputGrad ? x : isKernelGrad ? w : y;
  std::string bias = llvm::formatv("tensor<{0}xf32>", s.outputs);
  std::string epilogue = llvm::formatv("%s = cnn.bias %r, %c : ({0}, {1}) -> {0}\n%t = cnn.relu %s : {0}\n", y.type, bias);
  return llvm::formatv("plan.kernel @k attributes {{operand_layouts = [#plan.layout<{0}>, #plan.layout<{1}>{9}], "
                       "result_layouts = [#plan.layout<{2}>]} {{\n^bb0(%a: {3}, %b: {4}{10}):\n"
                       "%r = cnn.{6} %a, %b {{stride = array<i64: {7}, {7}>, pad = array<i64: {8}, {8}, {8}, {8}>, "
                       "dilation = array<i64: 1, 1>, groups = 1 : i64} : ({3}, {4}) -> {5}\n"
                       "{11}plan.yield %{12} : {5}\n}\n",
                       a.layout, b.layout, result.layout, a.type, b.type, result.type, isFused ? "conv" : op, s.stride, s.pad(),
                       isFused ? ", #plan.layout<channels>" : "", isFused ? ", %c: " + bias : "", isFused ? epilogue : "",
                       isFused ? "t" : "r");
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
  Runner(std::unique_ptr<ExecutionEngine> engine, CompiledKernel kernel, int64_t batch)
      : engine(std::move(engine)), kernel(std::move(kernel)), batch(batch) {
    std::mt19937 random(1);
    std::uniform_real_distribution<float> uniform(-1e-3f, 1e-3f);
    for (MemRefType type : this->kernel.arguments) {
      memories.emplace_back(type, batch);
      std::generate_n(memories.back().data(), memories.back().size(), [&] { return uniform(random); });
    }
  }
  /// Seconds of one launch, the mean of `launches`.
  double run(int64_t launches = 1) {
    SmallVector<void *> descriptors, pointers;
    for (Memory &memory : memories)
      descriptors.push_back(memory.descriptor());
    for (void *&descriptor : descriptors)
      pointers.push_back(&descriptor);
    int64_t task, n = batch, seed = 0, step = 0;
    pointers.append({&task, &n, &seed, &step});
    double start = threadSeconds();
    for (int64_t i = 0; i < launches; ++i)
      for (const Stage &stage : kernel.stages)
        for (task = 0; task < stage.tasksPerExample * n + stage.tasksFixed; ++task)
          stage.function(pointers.data());
    return (threadSeconds() - start) / launches;
  }
  void keepObject(StringRef path) { engine->dumpToObjectFile(path); }

private:
  std::unique_ptr<ExecutionEngine> engine;
  CompiledKernel kernel;
  std::vector<Memory> memories;
  int64_t batch;
};

std::unique_ptr<Runner> prepare(MLIRContext &context, const std::string &text, int64_t batch, bool isTiled) {
  auto module = parseSourceString<ModuleOp>(text, &context);
  PassManager passes(&context);
  std::string tile = llvm::formatv("cnnc-tile{{register-lanes={0} registers={1}}", lanes, lanes == 16 ? 32 : 16);
  if (!module || failed(parsePassPipeline(tile, passes)) || (!isTiled && failed(passes.run(*module))))
    return nullptr;
  SmallVector<CompiledKernel> kernels;
  auto engine = compile(*module, kernels, lanes == 16 ? llvm::sys::getHostCPUName() : "x86-64-v3");
  return engine ? std::make_unique<Runner>(std::move(engine), kernels.front(), batch) : nullptr;
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

/// Of a kernel and of a loop of multiply-adds, in flops a second.
struct Speed {
  double kernel, peak;
  double share() const { return kernel / peak; }
};

/// Both minima come from the same stretch of time, and each measurement lasts about as long as one of the peak.
Speed measure(Runner &kernel, double flops, Runner &peak, double peakFlops) {
  double best = kernel.run(), bestPeak = peak.run();
  int64_t launches = std::max<int64_t>(1, bestPeak / best);
  double end = threadSeconds() + seconds;
  for (int64_t i = 0; threadSeconds() < end || i < 3; ++i) {
    best = std::min(best, kernel.run(launches));
    bestPeak = std::min(bestPeak, peak.run());
  }
  return {flops / best, peakFlops / bestPeak};
}

/// The shapes of the convolutions of common networks, or every combination.
std::vector<Shape> defaultShapes() {
  std::vector<Shape> shapes;
  if (!all) {
    for (int64_t size : {56, 28, 14})
      for (int64_t channels : {64, 128, 256})
        shapes.push_back({channels, channels, size, 3, 1});
    return shapes;
  }
  for (int64_t taps : {3, 1})
    for (int64_t stride : {1, 2})
      for (int64_t size : {56, 28, 14, 7})
        for (int64_t channels : {48, 64, 96, 128, 256})
          for (int64_t outputs : {48, 64, 96, 128, 256})
            shapes.push_back({channels, outputs, size, taps, stride});
  return shapes;
}

/// The name of the processor, as the system gives it.
std::string processor() {
  auto file = llvm::MemoryBuffer::getFileAsStream("/proc/cpuinfo");
  StringRef name = file ? (*file)->getBuffer().split("model name").second.split('\n').first.ltrim("\t :") : StringRef();
  return (name.empty() ? llvm::sys::getHostCPUName() : name).str();
}

void printRow(const Shape &s, int64_t n, ArrayRef<std::string> ops, ArrayRef<Speed> speeds) {
  if (json) {
    for (auto [op, speed] : llvm::zip_equal(ops, speeds))
      llvm::outs() << llvm::formatv("{{\"channels\": {0}, \"outputs\": {1}, \"size\": {2}, \"taps\": {3}, \"stride\": {4}, "
                                    "\"n\": {5}, \"op\": \"{6}\", \"lanes\": {7}, \"gflops\": {8:f1}, \"peak_gflops\": {9:f1}, "
                                    "\"share\": {10:f3}, \"processor\": \"{11}\"}\n",
                                    s.channels, s.outputs, s.size, s.taps, s.stride, n, op, lanes, 1e-9 * speed.kernel,
                                    1e-9 * speed.peak, speed.share(), processor());
  } else {
    llvm::outs() << llvm::formatv("{0,4} {1,4} {2,5} {3,5} {4,7} {5,6}", s.channels, s.outputs, s.size,
                                  llvm::formatv("{0}x{0}", s.taps).str(), s.stride, n);
    double peak = 0;
    for (const Speed &speed : speeds) {
      llvm::outs() << llvm::formatv("{0,11:f1} {1,5:f0}%", 1e-9 * speed.kernel, 100 * speed.share());
      peak = std::max(peak, speed.peak);
    }
    llvm::outs() << llvm::formatv("{0,9:f1}\n", 1e-9 * peak);
  }
  llvm::outs().flush();
}

} // namespace

int main(int argc, char **argv) {
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "speed of convolution + bias + ReLU and of the gradients of convolutions, on one core\n\n"
      "Without shapes: 3x3, stride 1, C = K of 64, 128, 256 at sizes 56, 28, 14. Times are the thread's.\n");
  DialectRegistry registry;
  cnnc::registerDialects(registry);
  cnnc::registerPasses();
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  SmallVector<std::string> wanted(ops.begin(), ops.end());
  if (wanted.empty())
    wanted = {"conv_bias_relu"};
  if (ops.empty() && !all)
    wanted.append({"conv_input_grad", "conv_kernel_grad"});
  SmallVector<int64_t> ns(batches.begin(), batches.end());
  if (ns.empty())
    ns = {1, 8};
  std::vector<Shape> chosen = shapes.empty() ? defaultShapes() : std::vector<Shape>(shapes.size());
  for (auto [text, shape] : llvm::zip(shapes, chosen))
    if (!parse(text, shape)) {
      llvm::errs() << "'" << text << "' is not C,K,size,taps,stride: give five numbers above 0\n";
      return 2;
    }

  int64_t sums = lanes == 16 ? 16 : 6;
  auto peak = prepare(context, peakText(sums), /*batch=*/1, /*isTiled=*/true);
  if (!peak)
    return 1;
  double peakFlops = 2.0 * 16 * sums * peakTrips;
  if (!json) {
    llvm::outs() << processor() << ", one core, " << lanes
                 << " lanes; GF/s, and the share of the peak measured in turn with it (last: the row's largest)\n"
                 << "   C    K  size  taps  stride  batch";
    for (const std::string &op : wanted)
      llvm::outs() << llvm::formatv(" {0,17}", op);
    llvm::outs() << "     peak\n";
  }
  std::vector<std::vector<double>> shares(wanted.size());
  for (int64_t n : ns)
    for (const Shape &shape : chosen) {
      SmallVector<Speed> speeds;
      for (auto [op, opShares] : llvm::zip_equal(wanted, shares)) {
        auto runner = prepare(context, kernelText(op, shape), n, /*isTiled=*/false);
        if (!runner)
          return 1;
        speeds.push_back(measure(*runner, n * shape.flops(), *peak, peakFlops));
        opShares.push_back(speeds.back().share());
        if (!object.empty())
          runner->keepObject(object);
      }
      printRow(shape, n, wanted, speeds);
    }
  if (json)
    return 0;
  for (auto [op, opShares] : llvm::zip_equal(wanted, shares)) {
    llvm::sort(opShares);
    llvm::outs() << llvm::formatv("{0}: {1} kernels, smallest share {2:f0}%, median {3:f0}%\n", op, opShares.size(),
                                  100 * opShares.front(), 100 * opShares[opShares.size() / 2]);
  }
  return 0;
}
