//===- MathBits.cpp - what the elementary functions are made of -----------===//

#include "passes/tile/MathBits.h"

using namespace mlir;

namespace cnnc::tile::math {

static Value constantOf(StageBuilder &s, Type type, Attribute element) {
  TypedAttr value = cast<TypedAttr>(element);
  if (auto vector = dyn_cast<VectorType>(type))
    value = DenseElementsAttr::get(vector, element);
  return arith::ConstantOp::create(s.b, s.loc, value);
}

Value constant(StageBuilder &s, Value like, double value) {
  return constantOf(s, like.getType(), s.b.getFloatAttr(getElementTypeOrSelf(like.getType()), value));
}
Value integer(StageBuilder &s, Value like, int64_t value) {
  Type element = bitsType(s, like);
  llvm::APInt bits(element.getIntOrFloatBitWidth(), value, /*isSigned=*/true);
  return constantOf(s, typeLike(like, element), s.b.getIntegerAttr(element, bits));
}

Value fromBits(StageBuilder &s, Value bits) {
  Type element = getElementTypeOrSelf(bits.getType()).isInteger(64) ? s.b.getF64Type() : s.b.getF32Type();
  return arith::BitcastOp::create(s.b, s.loc, typeLike(bits, element), bits);
}

Value withSignOf(StageBuilder &s, Value magnitude, Value x) {
  Value sign = andBits(s, toBits(s, x), integer(s, x, int32_t(0x80000000)));
  return fromBits(s, orBits(s, toBits(s, magnitude), sign));
}

Value polynomial(StageBuilder &s, Value x, ArrayRef<double> coefficients) {
  Value sum = constant(s, x, coefficients.front());
  for (double coefficient : coefficients.drop_front())
    sum = s.fma(sum, x, constant(s, x, coefficient));
  return sum;
}

Value widen(StageBuilder &s, Value x) { return arith::ExtFOp::create(s.b, s.loc, typeLike(x, s.b.getF64Type()), x); }
Value narrow(StageBuilder &s, Value x) { return arith::TruncFOp::create(s.b, s.loc, typeLike(x, s.b.getF32Type()), x); }

Value log64(StageBuilder &s, Value x) {
  // x = m · 2^e with m in [1, 2). Or-ed into the low bits of 2^52 the biased exponent becomes a float.
  Value bits = toBits(s, x), one = constant(s, x, 1), two = constant(s, x, 2);
  Value biased = arith::ShRUIOp::create(s.b, s.loc, bits, integer(s, x, 52));
  Value e = s.subf(fromBits(s, orBits(s, biased, toBits(s, constant(s, x, 0x1p52)))), constant(s, x, 0x1p52 + 1023));
  Value m = fromBits(s, orBits(s, andBits(s, bits, integer(s, x, 0x000fffffffffffff)), toBits(s, one)));
  Value high = greater(s, m, constant(s, x, 1.4142135623730951));
  e = s.addf(e, select(s, high, one, constant(s, x, 0)));
  m = select(s, high, s.mulf(m, constant(s, x, 0.5)), m);
  // ln m = 2 artanh z, |z| < 0.172.
  Value z = s.divf(s.subf(m, one), s.addf(m, one)), square = s.mulf(z, z);
  Value series = polynomial(s, square, {1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1});
  Value y = s.fma(e, constant(s, x, 0.6931471805599453), s.mulf(s.mulf(two, z), series));
  constexpr double inf = std::numeric_limits<double>::infinity();
  y = select(s, less(s, x, constant(s, x, inf)), y, x);
  y = select(s, equal(s, x, constant(s, x, 0)), constant(s, x, -inf), y);
  return select(s, less(s, x, constant(s, x, 0)), constant(s, x, std::numeric_limits<double>::quiet_NaN()), y);
}

Value exp64(StageBuilder &s, Value x) {
  // Constant first: minf and maxf hand on a NaN that is their second operand.
  Value bounded = s.minf(constant(s, x, 200), s.maxf(constant(s, x, -200), x));
  constexpr double magic = 0x1.8p52; // adding it rounds to an integer, which stands in the low bits of the sum
  Value shifted = fused(s, bounded, constant(s, x, 1.4426950408889634), constant(s, x, magic));
  Value n = s.subf(shifted, constant(s, x, magic));
  Value r = fused(s, n, constant(s, x, -0.6931471805599453), bounded);
  Value p = polynomial(s, r, {1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1});
  Value exponent = arith::AddIOp::create(s.b, s.loc, toBits(s, shifted), integer(s, x, 1023));
  return s.mulf(p, fromBits(s, arith::ShLIOp::create(s.b, s.loc, exponent, integer(s, x, 52))));
}

} // namespace cnnc::tile::math
