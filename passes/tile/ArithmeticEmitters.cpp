//===- ArithmeticEmitters.cpp - quotients, powers, extremes, choices ------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Lanes.h"
#include "passes/tile/Math.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

// Between 0 and 0 in a gap quotients are no numbers, and 0 equals 0: these are masked.
Value div(StageBuilder &s, cnn::DivOp, const Place &, ValueRange in) { return s.divf(in[0], in[1]); }
Value mod(StageBuilder &s, cnn::ModOp, const Place &, ValueRange in) { return math::mod(s, in[0], in[1]); }
Value pow(StageBuilder &s, cnn::PowOp, const Place &, ValueRange in) { return math::pow(s, in[0], in[1]); }
Value power(StageBuilder &s, cnn::PowerOp op, const Place &, ValueRange in) {
  return math::power(s, in[0], op.getExponent().convertToDouble());
}

Value compare(StageBuilder &s, arith::CmpFPredicate predicate, Value a, Value b) {
  return arith::CmpFOp::create(s.b, s.loc, predicate, a, b);
}
Value truth(StageBuilder &s, Value condition) { return math::select(s, condition, s.splat(1), s.splat(0)); }
Value equal(StageBuilder &s, cnn::EqualOp, const Place &, ValueRange in) {
  return truth(s, compare(s, arith::CmpFPredicate::OEQ, in[0], in[1]));
}
Value logicalNot(StageBuilder &s, cnn::LogicalNotOp, const Place &, ValueRange in) {
  return truth(s, compare(s, arith::CmpFPredicate::OEQ, in[0], s.splat(0)));
}

Value min(StageBuilder &s, cnn::MinOp, ValueRange in) { return arith::MinimumFOp::create(s.b, s.loc, in[0], in[1]); }
Value max(StageBuilder &s, cnn::MaxOp, ValueRange in) { return arith::MaximumFOp::create(s.b, s.loc, in[0], in[1]); }
Value less(StageBuilder &s, cnn::LessOp, ValueRange in) { return truth(s, math::less(s, in[0], in[1])); }
Value where(StageBuilder &s, cnn::WhereOp, ValueRange in) {
  return math::select(s, compare(s, arith::CmpFPredicate::UNE, in[0], s.splat(0)), in[1], in[2]);
}

} // namespace

void registerArithmeticEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::DivOp::attachInterface<MaskedLanes<cnn::DivOp, div>>(*context);
    cnn::ModOp::attachInterface<MaskedLanes<cnn::ModOp, mod>>(*context);
    cnn::PowOp::attachInterface<MaskedLanes<cnn::PowOp, pow>>(*context);
    cnn::PowerOp::attachInterface<MaskedLanes<cnn::PowerOp, power>>(*context);
    cnn::EqualOp::attachInterface<MaskedLanes<cnn::EqualOp, equal>>(*context);
    cnn::LogicalNotOp::attachInterface<MaskedLanes<cnn::LogicalNotOp, logicalNot>>(*context);
    cnn::MinOp::attachInterface<Lanes<cnn::MinOp, min>>(*context);
    cnn::MaxOp::attachInterface<Lanes<cnn::MaxOp, max>>(*context);
    cnn::LessOp::attachInterface<Lanes<cnn::LessOp, less>>(*context);
    cnn::WhereOp::attachInterface<Lanes<cnn::WhereOp, where>>(*context);
  });
}

} // namespace cnnc::tile
