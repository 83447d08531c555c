//===- Power.cpp - powers and remainders ----------------------------------===//

#include "passes/tile/MathBits.h"
#include <cmath>

using namespace mlir;

namespace cnnc::tile::math {

static Value andAlso(StageBuilder &s, Value a, Value b) { return arith::AndIOp::create(s.b, s.loc, a, b); }
static Value isWhole(StageBuilder &s, Value x) { return equal(s, ::mlir::math::FloorOp::create(s.b, s.loc, x), x); }
static Value isNan(StageBuilder &s, Value x) { return compare(s, arith::CmpFPredicate::UNO, x, x); }

Value pow(StageBuilder &s, Value x, Value y) {
  Value zero = constant(s, x, 0), one = constant(s, x, 1), magnitude = absolute(s, x);
  constexpr double inf = std::numeric_limits<double>::infinity();
  Value result = narrow(s, exp64(s, s.mulf(widen(s, y), log64(s, widen(s, magnitude)))));
  // 1 to the power of infinity, where 0 · inf is not a number.
  result = select(s, equal(s, magnitude, one), one, result);
  // A negative base: odd powers are negative, broken ones no numbers. Of infinite exponents all are even.
  Value whole = isWhole(s, y), even = isWhole(s, s.mulf(y, constant(s, y, 0.5)));
  result = select(s, even, result, select(s, whole, withSignOf(s, result, x), result));
  Value broken = andAlso(s, less(s, x, zero), greater(s, x, constant(s, x, -inf)));
  result = select(s, whole, result, select(s, broken, constant(s, x, std::numeric_limits<double>::quiet_NaN()), result));
  result = select(s, isNan(s, x), x, result);
  result = select(s, equal(s, x, one), one, result);
  return select(s, equal(s, y, zero), one, result);
}

Value power(StageBuilder &s, Value x, double exponent) {
  Value one = constant(s, x, 1);
  double magnitude = std::abs(exponent);
  constexpr double largest = 4;
  Value result;
  if (magnitude == 0.5) {
    result = sqrt(s, x);
  } else if (magnitude <= largest && magnitude == std::floor(magnitude)) {
    result = magnitude == 0 ? one : x;
    for (int factors = 1; factors < magnitude; ++factors)
      result = s.mulf(result, x);
  } else {
    return pow(s, x, constant(s, x, exponent));
  }
  return exponent < 0 ? s.divf(one, result) : result;
}

Value mod(StageBuilder &s, Value x, Value y) {
  Value numerator = widen(s, absolute(s, x)), divisor = widen(s, absolute(s, y)), zero = constant(s, numerator, 0);
  Value quotient = ::mlir::math::FloorOp::create(s.b, s.loc, s.divf(numerator, divisor));
  // The quotient may be one too large or too small; the rest is exact.
  Value rest = fused(s, s.subf(zero, quotient), divisor, numerator);
  rest = select(s, less(s, rest, zero), s.addf(rest, divisor), rest);
  rest = select(s, less(s, rest, divisor), rest, s.subf(rest, divisor));
  // Far beyond a quotient of 53 bits there is no knowing; of an infinite one the rest is no number.
  rest = select(s, less(s, quotient, constant(s, quotient, 0x1p52)), rest, s.subf(quotient, quotient));
  // A numerator below the divisor, which may be infinite, is the rest.
  rest = select(s, less(s, numerator, divisor), numerator, rest);
  return withSignOf(s, narrow(s, rest), x);
}

} // namespace cnnc::tile::math
