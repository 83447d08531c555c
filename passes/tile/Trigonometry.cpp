//===- Trigonometry.cpp - circular and hyperbolic functions ---------------===//

#include "passes/tile/MathBits.h"

using namespace mlir;

namespace cnnc::tile::math {
namespace {

constexpr double pi = 3.14159265358979323846;

/// x = quadrant · π/2 + rest, |rest| ≤ π/4; the rest in f64, the quadrant modulo 4 in the low bits of an i64.
struct Angle {
  Value quadrant, sine, cosine; ///< of the rest
};

Angle reduceAngle(StageBuilder &s, Value x) {
  // Beyond 2^40 the angle is 0; x - x keeps inf and NaN out of the numbers.
  Value bounded = select(s, less(s, absolute(s, x), constant(s, x, 0x1p40)), x, s.subf(x, x));
  Value wide = widen(s, bounded);
  constexpr double magic = 0x1.8p52; // adding it rounds to an integer, which stands in the low bits of the sum
  Value shifted = fused(s, wide, constant(s, wide, 2 / pi), constant(s, wide, magic));
  Value n = s.subf(shifted, constant(s, wide, magic));
  // π/2 in two parts of 53 bits.
  Value r = fused(s, n, constant(s, wide, -0x1.921fb54442d18p0), wide);
  r = fused(s, n, constant(s, wide, -0x1.1a62633145c07p-54), r);
  Value square = s.mulf(r, r);
  Value sine = polynomial(s, square, {-1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6, 1});
  Value cosine = polynomial(s, square, {1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24, -0.5, 1});
  return {toBits(s, shifted), s.mulf(sine, r), cosine};
}

Value hasBit(StageBuilder &s, Value bits, int64_t bit) {
  Value set = andBits(s, bits, integer(s, bits, bit));
  return arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::ne, set, integer(s, bits, 0));
}
Value negatedIf(StageBuilder &s, Value condition, Value x) { return select(s, condition, s.subf(constant(s, x, 0), x), x); }

/// asin x for 0 ≤ x ≤ 1/2.
Value smallAsin(StageBuilder &s, Value x) {
  Value square = s.mulf(x, x);
  Value p = polynomial(s, square, {4.2163199048e-2, 2.4181311049e-2, 4.5470025998e-2, 7.4953002686e-2, 1.6666752422e-1});
  return s.fma(s.mulf(p, square), x, x);
}
/// asin √((1 - |x|) / 2), half of acos |x|: for 1/2 ≤ |x| ≤ 1; NaN beyond.
Value halfAcos(StageBuilder &s, Value magnitude) {
  Value half = constant(s, magnitude, 0.5);
  return smallAsin(s, sqrt(s, s.mulf(half, s.subf(constant(s, magnitude, 1), magnitude))));
}

} // namespace

Value sin(StageBuilder &s, Value x) {
  Angle angle = reduceAngle(s, x);
  Value value = select(s, hasBit(s, angle.quadrant, 1), angle.cosine, angle.sine);
  return narrow(s, negatedIf(s, hasBit(s, angle.quadrant, 2), value));
}

Value cos(StageBuilder &s, Value x) {
  Angle angle = reduceAngle(s, x);
  Value value = select(s, hasBit(s, angle.quadrant, 1), angle.sine, angle.cosine);
  Value next = arith::AddIOp::create(s.b, s.loc, angle.quadrant, integer(s, angle.quadrant, 1));
  return narrow(s, negatedIf(s, hasBit(s, next, 2), value));
}

Value tan(StageBuilder &s, Value x) {
  Angle angle = reduceAngle(s, x);
  Value odd = hasBit(s, angle.quadrant, 1);
  Value over = select(s, odd, angle.cosine, angle.sine), under = select(s, odd, angle.sine, angle.cosine);
  return narrow(s, negatedIf(s, odd, s.divf(over, under)));
}

Value asin(StageBuilder &s, Value x) {
  Value magnitude = absolute(s, x), half = halfAcos(s, magnitude);
  Value large = s.subf(constant(s, x, pi / 2), s.addf(half, half));
  return withSignOf(s, select(s, less(s, magnitude, constant(s, x, 0.5)), smallAsin(s, magnitude), large), x);
}

Value acos(StageBuilder &s, Value x) {
  Value magnitude = absolute(s, x), half = halfAcos(s, magnitude), large = s.addf(half, half);
  large = select(s, less(s, x, constant(s, x, 0)), s.subf(constant(s, x, pi), large), large);
  Value small = s.subf(constant(s, x, pi / 2), withSignOf(s, smallAsin(s, magnitude), x));
  return select(s, less(s, magnitude, constant(s, x, 0.5)), small, large);
}

Value atan(StageBuilder &s, Value x) {
  // From the tangents of π/8 and 3π/8 on, the angle minus π/4 or π/2.
  Value magnitude = absolute(s, x), one = constant(s, x, 1), zero = constant(s, x, 0);
  Value high = greater(s, magnitude, constant(s, x, 2.414213562373095)),
        middle = greater(s, magnitude, constant(s, x, 0.4142135623730950));
  Value over = select(s, high, constant(s, x, -1), select(s, middle, s.subf(magnitude, one), magnitude));
  Value under = select(s, high, magnitude, select(s, middle, s.addf(magnitude, one), one));
  Value start = select(s, high, constant(s, x, pi / 2), select(s, middle, constant(s, x, pi / 4), zero));
  Value t = s.divf(over, under), square = s.mulf(t, t);
  Value p = polynomial(s, square, {8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1});
  return withSignOf(s, s.addf(start, s.fma(s.mulf(p, square), t, t)), x);
}

Value sinh(StageBuilder &s, Value x) {
  Value magnitude = absolute(s, x), square = s.mulf(x, x);
  Value p = polynomial(s, square, {2.03721912945e-4, 8.33028376239e-3, 1.66667160211e-1});
  Value small = s.fma(s.mulf(p, square), magnitude, magnitude), half = halfExp(s, magnitude);
  Value large = s.subf(half, s.divf(constant(s, x, 0.25), half));
  return withSignOf(s, select(s, less(s, magnitude, constant(s, x, 1)), small, large), x);
}

Value cosh(StageBuilder &s, Value x) {
  Value half = halfExp(s, absolute(s, x));
  return s.addf(half, s.divf(constant(s, x, 0.25), half));
}

Value asinh(StageBuilder &s, Value x) {
  Value magnitude = absolute(s, x), wide = widen(s, magnitude), square = s.mulf(wide, wide), one = constant(s, wide, 1);
  Value root = sqrt(s, s.addf(square, one));
  Value small = s.mulf(wide, polynomial(s, square, {3.0 / 40, -1.0 / 6, 1}));
  Value large = log64(s, s.addf(wide, root));
  return withSignOf(s, narrow(s, select(s, less(s, wide, constant(s, wide, 0.01)), small, large)), x);
}

Value acosh(StageBuilder &s, Value x) {
  Value wide = widen(s, x), one = constant(s, wide, 1);
  // A product of roots: below -1 a root of the square would be a number.
  Value root = s.mulf(sqrt(s, s.subf(wide, one)), sqrt(s, s.addf(wide, one)));
  return narrow(s, log64(s, s.addf(wide, root)));
}

Value atanh(StageBuilder &s, Value x) {
  Value magnitude = absolute(s, x), wide = widen(s, magnitude), square = s.mulf(wide, wide), one = constant(s, wide, 1);
  Value small = s.mulf(wide, polynomial(s, square, {1.0 / 5, 1.0 / 3, 1}));
  Value large = s.mulf(constant(s, wide, 0.5), log64(s, s.divf(s.addf(one, wide), s.subf(one, wide))));
  return withSignOf(s, narrow(s, select(s, less(s, wide, constant(s, wide, 0.01)), small, large)), x);
}

} // namespace cnnc::tile::math
