//===- Harness.h - runs a tiled kernel against the interpreter ---*- C++ -*-===//
//
// A test describes a kernel: typed and laid out arguments with random values,
// the ops in between, the results. `expectAgree` tiles all of its cases, runs
// each through LLVM's JIT with the tasks of a stage in a random order, runs
// the same ops in the interpreter, and expects equal results:
//
//   Case c;
//   c.arguments = {{"tensor<?x6x9x7xf32>", "batch"}, {"tensor<6xf32>", "channels"}};
//   c.body = "%y = cnn.bias %a0, %a1 : (tensor<?x6x9x7xf32>, tensor<6xf32>) -> tensor<?x6x9x7xf32>";
//   c.results = {{"%y", "tensor<?x6x9x7xf32>", "batch halo = [1, 1, 1, 1]"}};
//   expectAgree({c});
//
// Memory that a kernel must write is full of NaN before, memory around its
// arguments is watched, and gaps and halos of the results must be zero.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_TEST_KERNELS_HARNESS_H
#define CNNC_TEST_KERNELS_HARNESS_H

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace cnnc::test {

/// How the values of an argument are drawn.
enum class Fill {
  Uniform,     ///< in [low, high)
  Integers,    ///< whole numbers from low to high, both included: many ties
  Probability, ///< one of 0 and 1
  SomeNan,     ///< as Integers, but one in eight NaN
};

/// An operand of the kernel: `%a0`, `%a1`, … in the body. `layout` is what
/// stands inside #plan.layout<…>.
struct Argument {
  std::string type, layout;
  double low = -1, high = 1;
  Fill fill = Fill::Uniform;
};

struct Result {
  std::string value, type, layout; ///< value: the name in the body, with its %
};

struct Case {
  std::vector<Argument> arguments; ///< the first with a `?` tells the batch
  std::string body;
  std::vector<Result> results;
  int64_t n = 2;               ///< the batch
  double tolerance = 1e-5;     ///< of the largest element of a result
  uint64_t seed = 7, step = 3; ///< dropout's
};

/// The vector unit that is compiled for.
struct Run {
  int64_t registerLanes = 8, registers = 16;
  int64_t batch = 0; ///< fixed by the module; 0: none
};

/// Compiles the cases together and runs them, for both kinds of vector unit. `batch`: the module fixes it, and all
/// cases have it; 0: it does not.
void expectAgree(const std::vector<Case> &cases, int64_t batch = 0);
/// The same for one kind.
void expectAgree(const std::vector<Case> &cases, const Run &run);

/// The same cases; every other one has whole numbers, of which linear ops make the interpreter's very bits.
std::vector<Case> halfExact(std::vector<Case> cases);

/// Shapes to draw: 20, or 100 where CNNC_TEST_ALL is 1.
int64_t shapesToTry();

/// Random shapes. Seeded by the name of the test.
class Random {
public:
  Random();
  /// From low to high, both included.
  int64_t integer(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(engine); }
  bool coin() { return integer(0, 1) == 1; }
  /// A channel count: small ones, multiples of 16 and what lies between.
  int64_t channels();
  /// "batch", mostly, with or without a halo, in blocks of 16 or of few channels; or "plain".
  std::string batchLayout(int64_t channels, bool images);
  std::string haloLayout();

private:
  std::mt19937_64 engine;
};

/// `count` cases, each drawn from the next random numbers of the test; `draw` is told which it is.
std::vector<Case> randomCases(int64_t count, const std::function<Case(Random &random, int64_t i)> &draw);

/// tensor<?x6x9x7xf32>; sizes of 0 are left out.
std::string batchType(int64_t channels, int64_t height = 0, int64_t width = 0, const char *element = "f32");
std::string tensorType(const std::vector<int64_t> &shape);

} // namespace cnnc::test

#endif // CNNC_TEST_KERNELS_HARNESS_H
