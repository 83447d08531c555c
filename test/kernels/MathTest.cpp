//===- MathTest.cpp - the errors of the elementary functions --------------===//

#include "passes/tile/Math.h"
#include "compiler/Registration.h"
#include "mlir/Parser/Parser.h"
#include "test/kernels/Jit.h"
#include "test/kernels/Memory.h"
#include "llvm/ADT/bit.h"
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using cnnc::tile::KernelBuilder;
using cnnc::tile::StageBuilder;

namespace cnnc::test {
namespace {

using Function = Value (*)(StageBuilder &, Value);

/// f of every value, 16 at a time or one by one.
std::vector<float> evaluate(Function function, const std::vector<float> &values, bool scalar) {
  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  auto module = parseSourceString<ModuleOp>(R"(
    plan.kernel @k attributes {operand_layouts = [#plan.layout<batch>], result_layouts = [#plan.layout<batch>]} {
    ^bb0(%x: tensor<?x16xf32>):
      plan.yield %x : tensor<?x16xf32>
    })",
                                            &context);
  auto kernel = *module->getOps<plan::KernelOp>().begin();
  KernelBuilder builder(kernel, {});
  Value argument = kernel.getBody().getArgument(0);
  builder.stage(1, 0, [&](StageBuilder &s) {
    tile::Place place{s.task, s.index(0), s.index(0), s.index(0)};
    Value lanes = builder.load(s, place, argument), result = s.splat(0);
    if (!scalar)
      result = function(s, lanes);
    for (int64_t lane = 0; scalar && lane < 16; ++lane) {
      Value element = vector::ExtractOp::create(s.b, s.loc, lanes, lane);
      result = vector::InsertOp::create(s.b, s.loc, function(s, element), result, lane);
    }
    builder.result(0).storeLanes(s.b, s.loc, place, result);
  });
  builder.commit();
  SmallVector<CompiledKernel> kernels;
  auto engine = compile(*module, kernels);

  int64_t n = values.size() / 16, seed = 0, step = 0;
  Memory in(kernels[0].arguments[0], n), out(kernels[0].arguments[1], n);
  std::copy_n(values.begin(), n * 16, in.data());
  for (int64_t task = 0; task < n; ++task) {
    void *first = in.descriptor(), *second = out.descriptor();
    void *pointers[] = {&first, &second, &task, &n, &seed, &step};
    kernels[0].stages[0].function(pointers);
  }
  return std::vector<float>(out.data(), out.data() + n * 16);
}

/// The distance from `got` to the exact value, in units of the last place of that.
double ulps(float got, double exact) {
  float rounded = float(exact);
  if (std::isnan(exact) || std::isinf(rounded))
    return (std::isnan(exact) ? std::isnan(got) : got == rounded || std::abs(got) == std::numeric_limits<float>::max())
               ? 0
               : INFINITY;
  int exponent = std::max(exact == 0 ? -149 : std::ilogb(exact) - 23, -149);
  return std::abs(double(got) - exact) / std::ldexp(1.0, exponent);
}

/// Bit patterns of all kinds, values of everyday size, and the ends.
std::vector<float> samples(bool positive) {
  std::mt19937_64 random(1);
  std::vector<float> values = {0.0f,       -0.0f,  1,       -1,        INFINITY,    -INFINITY,  NAN,        1e-45f,       1e-38f,
                               -1e-45f,    1e-10f, -1e-10f, 88.72f,    88.73f,      -87.3f,     -103.9f,    -104.1f,      0.625f,
                               0.6249999f, 9.0f,   -9.1f,   0x1p-126f, 0.70710677f, 0.7071068f, 1.4142135f, 3.4028235e38f};
  while (values.size() < (1 << 18))
    switch (values.size() % 4) {
    case 0:
      values.push_back(llvm::bit_cast<float>(uint32_t(random())));
      break;
    case 1:
      values.push_back(std::uniform_real_distribution<float>(-20, 20)(random));
      break;
    case 2:
      values.push_back(std::uniform_real_distribution<float>(-1.5, 1.5)(random));
      break;
    default:
      values.push_back(std::uniform_real_distribution<float>(-110, 110)(random));
    }
  if (positive)
    for (float &value : values)
      value = std::abs(value);
  return values;
}

/// No error above `limit`; denormal results may have one unit more.
void expectWithin(double limit, Function function, double (*exact)(double), bool positive = false) {
  std::vector<float> values = samples(positive);
  for (bool scalar : {false, true}) {
    std::vector<float> results = evaluate(function, values, scalar);
    double worst = 0;
    float at = 0;
    for (size_t i = 0; i < results.size(); ++i) {
      double wanted = exact(values[i]), error = ulps(results[i], wanted);
      if (std::abs(wanted) < 0x1p-126)
        error -= 1;
      if (!(error <= worst))
        worst = error, at = values[i];
    }
    EXPECT_LE(worst, limit) << (scalar ? "scalar" : "vector") << " at " << at;
  }
}

TEST(Math, Exp) { expectWithin(2, tile::math::exp, std::exp); }
TEST(Math, Log) { expectWithin(2, tile::math::log, std::log); }
TEST(Math, Log1p) { expectWithin(4, tile::math::log1p, std::log1p, /*positive=*/true); }
TEST(Math, Tanh) { expectWithin(4, tile::math::tanh, std::tanh); }
TEST(Math, Sigmoid) {
  expectWithin(4, tile::math::sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); });
}
TEST(Math, HalfExp) {
  expectWithin(2, tile::math::halfExp, [](double x) { return std::exp(x) / 2; }, /*positive=*/true);
}
TEST(Math, Expm1) { expectWithin(4, tile::math::expm1, std::expm1); }
TEST(Math, Softplus) {
  expectWithin(4, tile::math::softplus, [](double x) { return (x < 0 ? 0 : x) + std::log1p(std::exp(-std::abs(x))); });
}
TEST(Math, Erf) { expectWithin(2, tile::math::erf, std::erf); }

/// An angle that is too large counts as 0.
template <double (*function)(double)> double ofAngle(double x) {
  return function(std::abs(x) < 0x1p40 || std::isinf(x) ? x : x - x);
}
TEST(Math, Sin) { expectWithin(1, tile::math::sin, ofAngle<std::sin>); }
TEST(Math, Cos) { expectWithin(1, tile::math::cos, ofAngle<std::cos>); }
TEST(Math, Tan) { expectWithin(1, tile::math::tan, ofAngle<std::tan>); }
TEST(Math, Asin) { expectWithin(4, tile::math::asin, std::asin); }
TEST(Math, Acos) { expectWithin(4, tile::math::acos, std::acos); }
TEST(Math, Atan) { expectWithin(4, tile::math::atan, std::atan); }
TEST(Math, Sinh) { expectWithin(4, tile::math::sinh, std::sinh); }
TEST(Math, Cosh) { expectWithin(4, tile::math::cosh, std::cosh); }
TEST(Math, Asinh) { expectWithin(1, tile::math::asinh, std::asinh); }
TEST(Math, Acosh) { expectWithin(1, tile::math::acosh, std::acosh); }
TEST(Math, Atanh) { expectWithin(1, tile::math::atanh, std::atanh); }

template <int exponentTimesTwo> void expectPower(double limit) {
  expectWithin(
      limit, [](StageBuilder &s, Value x) { return tile::math::power(s, x, exponentTimesTwo / 2.0); },
      [](double x) { return std::pow(x, exponentTimesTwo / 2.0); }, /*positive=*/true);
}
TEST(Math, Power) {
  expectPower<0>(0);
  expectPower<1>(0.5);
  expectPower<-1>(2);
  expectPower<4>(2);
  expectPower<8>(2);
  expectPower<3>(1);
  expectPower<-5>(1);
}

/// function(x, y) of values side by side: the second half of 16 lanes is y.
void expectPairsWithin(double limit, Value (*function)(StageBuilder &, Value, Value), double (*exact)(double, double)) {
  static constexpr float special[] = {0.0f, -0.0f,  1,      -1,       2,     -2,       0.5f,      -0.5f, 3,
                                      -3,   1e-30f, -1e30f, 16777215, 1e10f, INFINITY, -INFINITY, NAN};
  std::vector<std::pair<float, float>> pairs;
  for (float x : special)
    for (float y : special)
      pairs.push_back({x, y});
  std::mt19937_64 random(1);
  while (pairs.size() < (1 << 16))
    pairs.push_back(
        {std::uniform_real_distribution<float>(0, 10)(random), std::uniform_real_distribution<float>(-20, 20)(random)});
  std::vector<float> values(pairs.size() * 2);
  for (size_t i = 0; i < pairs.size(); ++i)
    std::tie(values[i / 8 * 16 + i % 8], values[i / 8 * 16 + 8 + i % 8]) = pairs[i];
  static Value (*current)(StageBuilder &, Value, Value);
  current = function;
  auto ofHalves = [](StageBuilder &s, Value lanes) -> Value {
    auto half = [&](int64_t first) -> Value {
      SmallVector<int64_t> order(16);
      for (int64_t lane = 0; lane < 16; ++lane)
        order[lane] = first + lane % 8;
      return vector::ShuffleOp::create(s.b, s.loc, lanes, lanes, order);
    };
    return current(s, half(0), half(8));
  };
  std::vector<float> results = evaluate(ofHalves, values, false);
  for (size_t i = 0; i < pairs.size(); ++i) {
    auto [x, y] = pairs[i];
    double wanted = exact(x, y), slack = std::abs(wanted) < 0x1p-126 ? 1 : 0;
    ASSERT_LE(ulps(results[i / 8 * 16 + i % 8], wanted), limit + slack) << x << ", " << y << ": not " << wanted;
  }
}
TEST(Math, Pow) { expectPairsWithin(1, tile::math::pow, std::pow); }
TEST(Math, Mod) {
  expectPairsWithin(
      0, [](StageBuilder &s, Value x, Value y) { return tile::math::mod(s, x, y); },
      [](double x, double y) { return std::abs(x / y) < 0x1p52 || !std::isfinite(x / y) ? std::fmod(x, y) : 0; });
}

TEST(Math, Sqrt) { expectWithin(0.5, tile::math::sqrt, std::sqrt); }

// exp(-0.0) is 1, and what is odd stays odd at zero.
TEST(Math, SignsOfZero) {
  std::vector<float> zeros(16, -0.0f);
  EXPECT_EQ(evaluate(tile::math::exp, zeros, false)[0], 1.0f);
  EXPECT_TRUE(std::signbit(evaluate(tile::math::tanh, zeros, false)[0]));
  EXPECT_EQ(evaluate(tile::math::sigmoid, zeros, false)[0], 0.5f);
  for (Function function : {tile::math::erf, tile::math::sin, tile::math::tan, tile::math::asin, tile::math::atan,
                            tile::math::sinh, tile::math::asinh, tile::math::atanh})
    EXPECT_TRUE(std::signbit(evaluate(function, zeros, false)[0]));
}

TEST(Math, OneMinusPower) {
  static constexpr float bases[] = {0.9f, 0.999f, 0.0f, 0.5f}, exponents[] = {1, 2, 10, 1000, 70000};
  for (float base : bases)
    for (float exponent : exponents) {
      std::vector<float> values(16, exponent);
      values[0] = base;
      auto function = [](StageBuilder &s, Value lanes) -> Value {
        auto at = [&](int64_t lane) -> Value { return vector::ExtractOp::create(s.b, s.loc, lanes, lane); };
        Value power = tile::math::oneMinusPower(s, at(0), at(1));
        return s.broadcast(arith::TruncFOp::create(s.b, s.loc, s.b.getF32Type(), power));
      };
      double exact = 1 - std::pow(double(base), double(exponent));
      EXPECT_LE(ulps(evaluate(function, values, false)[0], exact), 0.6) << base << " to the power of " << exponent;
    }
}

} // namespace
} // namespace cnnc::test
