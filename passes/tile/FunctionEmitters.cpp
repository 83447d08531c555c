//===- FunctionEmitters.cpp - mathematical functions of one operand -------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Lanes.h"
#include "passes/tile/Math.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

Value rsqrt(StageBuilder &s, Value x) { return s.divf(s.splat(1), math::sqrt(s, x)); }
Value reciprocal(StageBuilder &s, Value x) { return s.divf(s.splat(1), x); }
Value sign(StageBuilder &s, Value x) {
  // What is neither is 0 or NaN.
  Value zero = s.splat(0), low = math::select(s, math::less(s, x, zero), s.splat(-1), x);
  return math::select(s, math::greater(s, x, zero), s.splat(1), low);
}
Value floor(StageBuilder &s, Value x) { return ::mlir::math::FloorOp::create(s.b, s.loc, x); }
Value ceil(StageBuilder &s, Value x) { return ::mlir::math::CeilOp::create(s.b, s.loc, x); }
Value round(StageBuilder &s, Value x) { return ::mlir::math::RoundEvenOp::create(s.b, s.loc, x); }

template <typename OpTy, Value (*function)(StageBuilder &, Value)> Value lanes(StageBuilder &s, OpTy, ValueRange in) {
  return function(s, in[0]);
}
template <typename OpTy, Value (*function)(StageBuilder &, Value)>
Value lanesAt(StageBuilder &s, OpTy, const Place &, ValueRange in) {
  return function(s, in[0]);
}
/// A function that is 0 at 0.
template <typename OpTy, Value (*function)(StageBuilder &, Value)> void attachZero(MLIRContext *context) {
  OpTy::template attachInterface<Lanes<OpTy, lanes<OpTy, function>>>(*context);
}
/// A function that is not.
template <typename OpTy, Value (*function)(StageBuilder &, Value)> void attachMasked(MLIRContext *context) {
  OpTy::template attachInterface<MaskedLanes<OpTy, lanesAt<OpTy, function>>>(*context);
}

} // namespace

void registerFunctionEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachMasked<cnn::ExpOp, math::exp>(context);
    attachMasked<cnn::LogOp, math::log>(context);
    attachZero<cnn::SqrtOp, math::sqrt>(context);
    attachMasked<cnn::RsqrtOp, rsqrt>(context);
    attachMasked<cnn::ReciprocalOp, reciprocal>(context);
    attachZero<cnn::ErfOp, math::erf>(context);
    attachZero<cnn::AbsOp, math::absolute>(context);
    attachZero<cnn::SignOp, sign>(context);
    attachZero<cnn::FloorOp, floor>(context);
    attachZero<cnn::CeilOp, ceil>(context);
    attachZero<cnn::RoundOp, round>(context);
    attachZero<cnn::SinOp, math::sin>(context);
    attachMasked<cnn::CosOp, math::cos>(context);
    attachZero<cnn::TanOp, math::tan>(context);
    attachZero<cnn::AsinOp, math::asin>(context);
    attachMasked<cnn::AcosOp, math::acos>(context);
    attachZero<cnn::AtanOp, math::atan>(context);
    attachZero<cnn::SinhOp, math::sinh>(context);
    attachMasked<cnn::CoshOp, math::cosh>(context);
    attachZero<cnn::AsinhOp, math::asinh>(context);
    attachMasked<cnn::AcoshOp, math::acosh>(context);
    attachZero<cnn::AtanhOp, math::atanh>(context);
    attachMasked<cnn::SoftplusOp, math::softplus>(context);
  });
}

} // namespace cnnc::tile
