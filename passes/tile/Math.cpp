//===- Math.cpp - elementary functions as straight-line code --------------===//

#include "passes/tile/MathBits.h"

using namespace mlir;

namespace cnnc::tile::math {
namespace {

/// 2^n for an integer vector, -126 ≤ n ≤ 127.
Value powerOfTwo(StageBuilder &s, Value n) {
  Value biased = arith::AddIOp::create(s.b, s.loc, n, integer(s, n, 127));
  return fromBits(s, arith::ShLIOp::create(s.b, s.loc, biased, integer(s, n, 23)));
}

// ln 2 in two parts, the first with 9 bits: its product with any exponent is exact.
constexpr double ln2High = 0.693359375, ln2Low = -2.12194440e-4;

/// e^x = 2^exponent · (1 + rest), with the rest in [√½ - 1, √2 - 1].
struct Powers {
  Value exponent, rest;
};
/// For low ≤ x ≤ high; beyond, of these.
Powers reduceExp(StageBuilder &s, Value x, double low, double high) {
  // Constant first: minf and maxf hand on a NaN that is their second operand.
  Value bounded = s.minf(constant(s, x, high), s.maxf(constant(s, x, low), x));
  // Adding 1.5 · 2^23 rounds to an integer, which stands in the low bits of the sum.
  constexpr double magic = 12582912;
  Value shifted = s.fma(bounded, constant(s, x, 1.44269504088896341), constant(s, x, magic));
  Value n = s.subf(shifted, constant(s, x, magic));
  Value exponent = arith::SubIOp::create(s.b, s.loc, toBits(s, shifted), integer(s, x, 0x4b400000));
  Value r = s.fma(n, constant(s, x, -ln2High), bounded);
  r = s.fma(n, constant(s, x, -ln2Low), r);
  Value p =
      polynomial(s, r, {1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1});
  return {exponent, s.fma(p, s.mulf(r, r), r)};
}
Value plus(StageBuilder &s, Value exponent, int32_t value) {
  return arith::AddIOp::create(s.b, s.loc, exponent, integer(s, exponent, value));
}

} // namespace

Value select(StageBuilder &s, Value condition, Value value, Value otherwise) {
  return arith::SelectOp::create(s.b, s.loc, condition, value, otherwise);
}
Value greater(StageBuilder &s, Value a, Value b) { return compare(s, arith::CmpFPredicate::OGT, a, b); }
Value less(StageBuilder &s, Value a, Value b) { return compare(s, arith::CmpFPredicate::OLT, a, b); }

Value absolute(StageBuilder &s, Value x) { return fromBits(s, andBits(s, toBits(s, x), integer(s, x, 0x7fffffff))); }
Value sqrt(StageBuilder &s, Value x) { return ::mlir::math::SqrtOp::create(s.b, s.loc, x); }

/// e^x · 2^shift
static Value shiftedExp(StageBuilder &s, Value x, int32_t shift) {
  Powers powers = reduceExp(s, x, -105, 90);
  Value exponent = shift ? plus(s, powers.exponent, shift) : powers.exponent;
  // Two factors, since 2^exponent alone leaves the normal numbers at both ends.
  Value half = arith::ShRSIOp::create(s.b, s.loc, exponent, integer(s, x, 1));
  Value rest = arith::SubIOp::create(s.b, s.loc, exponent, half);
  return s.mulf(s.mulf(s.addf(powers.rest, constant(s, x, 1)), powerOfTwo(s, half)), powerOfTwo(s, rest));
}

Value exp(StageBuilder &s, Value x) { return shiftedExp(s, x, 0); }
Value halfExp(StageBuilder &s, Value x) { return shiftedExp(s, x, -1); }

Value expm1(StageBuilder &s, Value x) {
  // Half of it, doubled at the end, since 2^128 is no number.
  Powers powers = reduceExp(s, x, -30, 89);
  Value half = powerOfTwo(s, plus(s, powers.exponent, -1));
  Value sum = s.fma(half, powers.rest, s.subf(half, constant(s, x, 0.5)));
  return s.addf(sum, sum);
}

Value log(StageBuilder &s, Value x) {
  // Denormals are scaled by 2^25 first.
  Value tiny = less(s, x, constant(s, x, 0x1p-126));
  Value bits = toBits(s, select(s, tiny, s.mulf(x, constant(s, x, 0x1p25)), x));
  Value exponent =
      arith::SubIOp::create(s.b, s.loc, arith::ShRUIOp::create(s.b, s.loc, bits, integer(s, x, 23)), integer(s, x, 126));
  Value e = arith::SIToFPOp::create(s.b, s.loc, x.getType(), exponent);
  e = s.subf(e, select(s, tiny, constant(s, x, 25), constant(s, x, 0)));
  // x = m · 2^e with m in [sqrt(1/2), sqrt(2)); z = m - 1.
  Value m = fromBits(s, arith::OrIOp::create(s.b, s.loc, andBits(s, bits, integer(s, x, 0x007fffff)), integer(s, x, 0x3f000000)));
  Value low = less(s, m, constant(s, x, 0.707106781186547524));
  e = s.subf(e, select(s, low, constant(s, x, 1), constant(s, x, 0)));
  Value z = s.subf(s.addf(m, select(s, low, m, constant(s, x, 0))), constant(s, x, 1));
  Value square = s.mulf(z, z);
  Value p = polynomial(s, z,
                       {7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
                        2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1});
  Value y = s.mulf(s.mulf(p, z), square);
  y = s.fma(e, constant(s, x, ln2Low), y);
  y = s.fma(square, constant(s, x, -0.5), y);
  y = s.fma(e, constant(s, x, ln2High), s.addf(z, y));
  // x - x + x keeps inf and NaN; the logarithm of 0 is -inf, of less NaN.
  constexpr double inf = std::numeric_limits<double>::infinity();
  Value ordinary = less(s, x, constant(s, x, inf));
  y = select(s, ordinary, y, x);
  y = select(s, equal(s, x, constant(s, x, 0)), constant(s, x, -inf), y);
  return select(s, less(s, x, constant(s, x, 0)), constant(s, x, std::numeric_limits<double>::quiet_NaN()), y);
}

Value log1p(StageBuilder &s, Value x) {
  Value one = constant(s, x, 1), u = s.addf(one, x), difference = s.subf(u, one);
  // Where u has lost all of x, the result is x; where it has lost nothing, and at infinity, log u.
  Value lost = equal(s, difference, constant(s, x, 0)), exact = equal(s, difference, x);
  Value correction = select(s, exact, one, s.divf(x, select(s, lost, one, difference)));
  return select(s, lost, x, s.mulf(log(s, u), correction));
}

Value tanh(StageBuilder &s, Value x) {
  Value magnitude = absolute(s, x), square = s.mulf(x, x);
  Value p = polynomial(s, square, {-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1});
  Value small = s.fma(s.mulf(p, square), magnitude, magnitude);
  Value one = constant(s, x, 1), two = constant(s, x, 2);
  Value large = s.subf(one, s.divf(two, s.addf(exp(s, s.addf(magnitude, magnitude)), one)));
  Value result = select(s, less(s, magnitude, constant(s, x, 0.625)), small, large);
  return withSignOf(s, result, x);
}

Value sigmoid(StageBuilder &s, Value x) {
  Value zero = constant(s, x, 0), one = constant(s, x, 1);
  Value e = exp(s, s.subf(zero, absolute(s, x)));
  return s.divf(select(s, less(s, x, zero), e, one), s.addf(one, e));
}

Value softplus(StageBuilder &s, Value x) {
  Value zero = constant(s, x, 0);
  return s.addf(s.maxf(zero, x), log1p(s, exp(s, s.subf(zero, absolute(s, x)))));
}

Value erf(StageBuilder &s, Value x) {
  // Constant first: a NaN goes on. From 4 on the function is 1.
  Value magnitude = s.minf(constant(s, x, 4), absolute(s, x)), square = s.mulf(x, x);
  Value p = polynomial(s, square,
                       {-5.9642893438e-4, 4.9880129149e-3, -2.6763132088e-2, 1.1281721413e-1, -3.7612484804e-1, 1.2837914826e-1});
  Value small = s.fma(p, magnitude, magnitude);
  Value q = polynomial(
      s, magnitude,
      {-1.1525681426e-5, 3.2575291622e-4, -3.6544613534e-3, 2.3787474146e-2, -1.062664119e-1, -6.3513343722e-1, -1.1286528983});
  Value large = s.subf(constant(s, x, 1), exp(s, s.mulf(q, magnitude)));
  return withSignOf(s, select(s, less(s, magnitude, constant(s, x, 0.9277)), small, large), x);
}

Value oneMinusPower(StageBuilder &s, Value base, Value exponent) {
  Type f64 = s.b.getF64Type(), i32 = s.b.getI32Type();
  auto f64Constant = [&](double value) -> Value { return arith::ConstantOp::create(s.b, s.loc, s.b.getF64FloatAttr(value)); };
  Value one = f64Constant(1), power = one;
  Value square = arith::ExtFOp::create(s.b, s.loc, f64, base), bits = arith::FPToSIOp::create(s.b, s.loc, i32, exponent);
  for (int bit = 0; bit <= 24; ++bit) {
    Value set = andBits(s, bits, integer(s, base, 1 << bit));
    set = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::ne, set, integer(s, base, 0));
    power = s.mulf(power, select(s, set, square, one));
    square = s.mulf(square, square);
  }
  return s.subf(one, power);
}

} // namespace cnnc::tile::math
