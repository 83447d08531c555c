//===- Math.cpp - elementary functions as straight-line code --------------===//

#include "passes/tile/Math.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace cnnc::tile::math {
namespace {

Type typeLike(Value like, Type element) {
  if (auto vector = dyn_cast<VectorType>(like.getType()))
    return VectorType::get(vector.getShape(), element);
  return element;
}
Value integer(StageBuilder &s, Value like, int32_t value) {
  Type i32 = s.b.getI32Type(), type = typeLike(like, i32);
  TypedAttr attribute = s.b.getI32IntegerAttr(value);
  if (auto vector = dyn_cast<VectorType>(type))
    attribute = DenseElementsAttr::get(vector, Attribute(attribute));
  return arith::ConstantOp::create(s.b, s.loc, attribute);
}
Value toBits(StageBuilder &s, Value x) { return arith::BitcastOp::create(s.b, s.loc, typeLike(x, s.b.getI32Type()), x); }
Value fromBits(StageBuilder &s, Value bits) {
  return arith::BitcastOp::create(s.b, s.loc, typeLike(bits, s.b.getF32Type()), bits);
}
Value andBits(StageBuilder &s, Value a, Value b) { return arith::AndIOp::create(s.b, s.loc, a, b); }
Value compare(StageBuilder &s, arith::CmpFPredicate predicate, Value a, Value b) {
  return arith::CmpFOp::create(s.b, s.loc, predicate, a, b);
}

/// Horner's scheme, highest coefficient first.
Value polynomial(StageBuilder &s, Value x, ArrayRef<double> coefficients) {
  Value sum = constant(s, x, coefficients.front());
  for (double coefficient : coefficients.drop_front())
    sum = s.fma(sum, x, constant(s, x, coefficient));
  return sum;
}

/// 2^n for an integer vector, -126 ≤ n ≤ 127.
Value powerOfTwo(StageBuilder &s, Value n) {
  Value biased = arith::AddIOp::create(s.b, s.loc, n, integer(s, n, 127));
  return fromBits(s, arith::ShLIOp::create(s.b, s.loc, biased, integer(s, n, 23)));
}

// ln 2 in two parts, the first with 9 bits: its product with any exponent is exact.
constexpr double ln2High = 0.693359375, ln2Low = -2.12194440e-4;

} // namespace

Value constant(StageBuilder &s, Value like, double value) {
  return isa<VectorType>(like.getType()) ? s.splat(value) : s.scalar(value);
}
Value select(StageBuilder &s, Value condition, Value value, Value otherwise) {
  return arith::SelectOp::create(s.b, s.loc, condition, value, otherwise);
}
Value greater(StageBuilder &s, Value a, Value b) { return compare(s, arith::CmpFPredicate::OGT, a, b); }
Value less(StageBuilder &s, Value a, Value b) { return compare(s, arith::CmpFPredicate::OLT, a, b); }

Value absolute(StageBuilder &s, Value x) { return fromBits(s, andBits(s, toBits(s, x), integer(s, x, 0x7fffffff))); }
Value sqrt(StageBuilder &s, Value x) { return ::mlir::math::SqrtOp::create(s.b, s.loc, x); }

Value exp(StageBuilder &s, Value x) {
  // Constant first: minf and maxf hand on a NaN that is their second operand.
  Value bounded = s.minf(constant(s, x, 89), s.maxf(constant(s, x, -105), x));
  // Adding 1.5 · 2^23 rounds to an integer, which stands in the low bits of the sum.
  constexpr double magic = 12582912;
  Value shifted = s.fma(bounded, constant(s, x, 1.44269504088896341), constant(s, x, magic));
  Value n = s.subf(shifted, constant(s, x, magic));
  Value exponent = arith::SubIOp::create(s.b, s.loc, toBits(s, shifted), integer(s, x, 0x4b400000));
  Value r = s.fma(n, constant(s, x, -ln2High), bounded);
  r = s.fma(n, constant(s, x, -ln2Low), r);
  Value p =
      polynomial(s, r, {1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1});
  p = s.addf(s.fma(p, s.mulf(r, r), r), constant(s, x, 1));
  // Two factors, since 2^exponent alone leaves the normal numbers at both ends.
  Value half = arith::ShRSIOp::create(s.b, s.loc, exponent, integer(s, x, 1));
  Value rest = arith::SubIOp::create(s.b, s.loc, exponent, half);
  return s.mulf(s.mulf(p, powerOfTwo(s, half)), powerOfTwo(s, rest));
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
  y = select(s, compare(s, arith::CmpFPredicate::OEQ, x, constant(s, x, 0)), constant(s, x, -inf), y);
  return select(s, less(s, x, constant(s, x, 0)), constant(s, x, std::numeric_limits<double>::quiet_NaN()), y);
}

Value log1p(StageBuilder &s, Value x) {
  Value one = constant(s, x, 1), u = s.addf(one, x), difference = s.subf(u, one);
  auto equal = [&](Value a, Value b) { return compare(s, arith::CmpFPredicate::OEQ, a, b); };
  // Where u has lost all of x, the result is x; where it has lost nothing, and at infinity, log u.
  Value lost = equal(difference, constant(s, x, 0)), exact = equal(difference, x);
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
  Value sign = andBits(s, toBits(s, x), integer(s, x, int32_t(0x80000000)));
  return fromBits(s, arith::OrIOp::create(s.b, s.loc, toBits(s, result), sign));
}

Value sigmoid(StageBuilder &s, Value x) {
  Value zero = constant(s, x, 0), one = constant(s, x, 1);
  Value e = exp(s, s.subf(zero, absolute(s, x)));
  return s.divf(select(s, less(s, x, zero), e, one), s.addf(one, e));
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
