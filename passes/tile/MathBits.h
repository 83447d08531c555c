//===- MathBits.h - what the elementary functions are made of ----*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_MATHBITS_H
#define CNNC_PASSES_TILE_MATHBITS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "passes/tile/Math.h"

namespace cnnc::tile::math {

/// `element`, or a vector of as many as `like` has.
inline mlir::Type typeLike(mlir::Value like, mlir::Type element) {
  if (auto vector = llvm::dyn_cast<mlir::VectorType>(like.getType()))
    return mlir::VectorType::get(vector.getShape(), element);
  return element;
}
/// The integer type as wide as a float type.
inline mlir::Type bitsType(StageBuilder &s, mlir::Value x) {
  return s.b.getIntegerType(mlir::getElementTypeOrSelf(x.getType()).getIntOrFloatBitWidth());
}
/// An integer constant as wide as the elements of `like`.
mlir::Value integer(StageBuilder &s, mlir::Value like, int64_t value);

inline mlir::Value toBits(StageBuilder &s, mlir::Value x) {
  return mlir::arith::BitcastOp::create(s.b, s.loc, typeLike(x, bitsType(s, x)), x);
}
/// The float whose bits are `bits`.
mlir::Value fromBits(StageBuilder &s, mlir::Value bits);
inline mlir::Value andBits(StageBuilder &s, mlir::Value a, mlir::Value b) {
  return mlir::arith::AndIOp::create(s.b, s.loc, a, b);
}
inline mlir::Value orBits(StageBuilder &s, mlir::Value a, mlir::Value b) { return mlir::arith::OrIOp::create(s.b, s.loc, a, b); }
inline mlir::Value compare(StageBuilder &s, mlir::arith::CmpFPredicate predicate, mlir::Value a, mlir::Value b) {
  return mlir::arith::CmpFOp::create(s.b, s.loc, predicate, a, b);
}
inline mlir::Value equal(StageBuilder &s, mlir::Value a, mlir::Value b) {
  return compare(s, mlir::arith::CmpFPredicate::OEQ, a, b);
}

/// `magnitude`, which is not negative, with the sign of `x`.
mlir::Value withSignOf(StageBuilder &s, mlir::Value magnitude, mlir::Value x);
/// Horner's scheme, highest coefficient first.
mlir::Value polynomial(StageBuilder &s, mlir::Value x, llvm::ArrayRef<double> coefficients);

// In f64, where a few ulp of f32 leave room: a plain series will do.
mlir::Value widen(StageBuilder &s, mlir::Value x);
/// Rounds to f32: beyond its range ±inf.
mlir::Value narrow(StageBuilder &s, mlir::Value x);
/// a · b + c with one rounding.
inline mlir::Value fused(StageBuilder &s, mlir::Value a, mlir::Value b, mlir::Value c) {
  return mlir::math::FmaOp::create(s.b, s.loc, a, b, c);
}
/// ln x of an f64 that is not denormal, with a relative error below 1e-12; -inf at 0, NaN below.
mlir::Value log64(StageBuilder &s, mlir::Value x);
/// e^x of an f64, with a relative error below 1e-11, as far as f32 reaches: beyond, what narrows to inf or 0.
mlir::Value exp64(StageBuilder &s, mlir::Value x);

} // namespace cnnc::tile::math

#endif // CNNC_PASSES_TILE_MATHBITS_H
