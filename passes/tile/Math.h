//===- Math.h - elementary functions as straight-line code -------*- C++ -*-===//
//
// Our own expansions, on f32 scalars and vectors alike, so that every target
// computes the same. The errors hold for results that are not denormal, which
// may lose one more unit; test/kernels/MathTest.cpp measures them.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_PASSES_TILE_MATH_H
#define CNNC_PASSES_TILE_MATH_H

#include "passes/tile/KernelBuilder.h"

namespace cnnc::tile::math {

/// A constant of the type of `like`.
mlir::Value constant(StageBuilder &s, mlir::Value like, double value);
/// `value` where `condition`, else `otherwise`.
mlir::Value select(StageBuilder &s, mlir::Value condition, mlir::Value value, mlir::Value otherwise);
/// Ordered comparisons: false where an operand is NaN.
mlir::Value greater(StageBuilder &s, mlir::Value a, mlir::Value b);
mlir::Value less(StageBuilder &s, mlir::Value a, mlir::Value b);

mlir::Value absolute(StageBuilder &s, mlir::Value x);
/// Correctly rounded.
mlir::Value sqrt(StageBuilder &s, mlir::Value x);
/// e^x within 2 ulp; +inf above 88.73, 0 below -104. Cody and Waite's reduction by ln 2, a polynomial of
/// degree 6 (Moshier, Cephes: expf).
mlir::Value exp(StageBuilder &s, mlir::Value x);
/// e^x / 2 within 2 ulp: finite up to 89.4.
mlir::Value halfExp(StageBuilder &s, mlir::Value x);
/// e^x - 1 within 4 ulp, also near 0.
mlir::Value expm1(StageBuilder &s, mlir::Value x);
/// ln x within 2 ulp; -inf at 0, NaN below (Moshier, Cephes: logf).
mlir::Value log(StageBuilder &s, mlir::Value x);
/// ln(1 + x) for x ≥ 0 within 4 ulp (Kahan: log(u) · x / (u - 1) with u = 1 + x).
mlir::Value log1p(StageBuilder &s, mlir::Value x);
/// Within 4 ulp: an odd polynomial below 0.625 (Moshier, Cephes: tanhf), 1 - 2 / (e^2x + 1) above.
mlir::Value tanh(StageBuilder &s, mlir::Value x);
/// 1 / (1 + e^-x) within 4 ulp, written so that neither end overflows.
mlir::Value sigmoid(StageBuilder &s, mlir::Value x);
/// ln(1 + e^x) within 4 ulp: max(x, 0) + log1p(e^-|x|).
mlir::Value softplus(StageBuilder &s, mlir::Value x);
/// Within 2 ulp: x · P(x²) below 0.9277, 1 - e^(x · Q(x)) above; both polynomials fitted for the least largest relative error.
mlir::Value erf(StageBuilder &s, mlir::Value x);

// Trigonometry.cpp. The first three reduce their argument in f64: within 1 ulp up to 2^40, where neighbours lie 65536
// apart; beyond, they take the argument for 0.
mlir::Value sin(StageBuilder &s, mlir::Value x);
mlir::Value cos(StageBuilder &s, mlir::Value x);
mlir::Value tan(StageBuilder &s, mlir::Value x);
/// Within 4 ulp (Moshier, Cephes: asinf, atanf).
mlir::Value asin(StageBuilder &s, mlir::Value x);
mlir::Value acos(StageBuilder &s, mlir::Value x);
mlir::Value atan(StageBuilder &s, mlir::Value x);
/// Within 4 ulp: from e^|x| / 2; a polynomial for sinh below 1 (Moshier, Cephes: sinhf).
mlir::Value sinh(StageBuilder &s, mlir::Value x);
mlir::Value cosh(StageBuilder &s, mlir::Value x);
/// Within 1 ulp: logarithms in f64, a series near 0.
mlir::Value asinh(StageBuilder &s, mlir::Value x);
mlir::Value acosh(StageBuilder &s, mlir::Value x);
mlir::Value atanh(StageBuilder &s, mlir::Value x);

// Power.cpp
/// x^y as C's pow, within 1 ulp: e^(y ln |x|) in f64.
mlir::Value pow(StageBuilder &s, mlir::Value x, mlir::Value y);
/// x^exponent within 2 ulp: products for small whole exponents, roots for ±1/2, else pow.
mlir::Value power(StageBuilder &s, mlir::Value x, double exponent);
/// x - y · trunc(x / y) as C's fmod: exact where |x / y| is below 2^52, beyond 0.
mlir::Value mod(StageBuilder &s, mlir::Value x, mlir::Value y);

/// 1 - base^exponent in f64, of f32 scalars: what Adam divides its averages by. `exponent` is an
/// integer from 0 to 2^24.
mlir::Value oneMinusPower(StageBuilder &s, mlir::Value base, mlir::Value exponent);

} // namespace cnnc::tile::math

#endif // CNNC_PASSES_TILE_MATH_H
