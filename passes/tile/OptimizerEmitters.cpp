//===- OptimizerEmitters.cpp - how a gradient changes 16 parameters -------===//
//
// Zero parameters with zero gradients and slots stay zero: what pads a packed
// parameter needs no mask.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/KernelBuilder.h"
#include "passes/tile/Math.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

/// An update: lanes of parameter, gradient, slots and hyper-parameters to
/// lanes of the new parameter and slots.
template <typename OpTy, void (*emit)(StageBuilder &, OpTy, ValueRange, SmallVectorImpl<Value> &)>
struct Update : LaneEmitterInterface::ExternalModel<Update<OpTy, emit>, OpTy> {
  void emitLanes(Operation *op, StageBuilder &stage, const Place &, ValueRange operands, SmallVectorImpl<Value> &results) const {
    emit(stage, cast<OpTy>(op), operands, results);
  }
};

void sgd(StageBuilder &s, cnn::SgdOp op, ValueRange in, SmallVectorImpl<Value> &out) {
  Value w = in[0], lr = in[3], momentum = in[4], decay = in[5];
  Value g = s.fma(decay, w, in[1]);
  Value v = s.fma(momentum, in[2], g);
  Value direction = op.getNesterov() ? s.fma(momentum, v, g) : v;
  out.append({s.subf(w, s.mulf(lr, direction)), v});
}

void adagrad(StageBuilder &s, cnn::AdagradOp, ValueRange in, SmallVectorImpl<Value> &out) {
  Value w = in[0], lr = in[3], epsilon = in[4], decay = in[5];
  Value g = s.fma(decay, w, in[1]);
  Value sum = s.fma(g, g, in[2]);
  out.append({s.subf(w, s.mulf(lr, s.divf(g, s.addf(math::sqrt(s, sum), epsilon)))), sum});
}

/// rate · average + (1 - rate) · value
Value average(StageBuilder &s, Value rate, Value average, Value value) {
  return s.fma(rate, average, s.mulf(s.subf(s.splat(1), rate), value));
}

void rmsprop(StageBuilder &s, cnn::RmspropOp, ValueRange in, SmallVectorImpl<Value> &out) {
  Value w = in[0], lr = in[4], alpha = in[5], epsilon = in[6], decay = in[7], momentum = in[8];
  Value g = s.fma(decay, w, in[1]);
  Value squares = average(s, alpha, in[2], s.mulf(g, g));
  Value v = s.fma(momentum, in[3], s.divf(g, s.addf(math::sqrt(s, squares), epsilon)));
  out.append({s.subf(w, s.mulf(lr, v)), squares, v});
}

/// Adam's step on the weight `w` with the gradient `g`. What depends on hyper-parameters alone is scalar, so
/// that it leaves the loop over the parameters.
void adamStep(StageBuilder &s, ValueRange in, Value w, Value g, SmallVectorImpl<Value> &out) {
  Value beta1 = in[5], beta2 = in[6], epsilon = in[7];
  auto scalar = [&](Value lanes) -> Value { return vector::ExtractOp::create(s.b, s.loc, lanes, 0); };
  auto narrow = [&](Value f64) { return s.broadcast(arith::TruncFOp::create(s.b, s.loc, s.b.getF32Type(), f64)); };
  Value step = scalar(in[9]);
  Value lr = arith::ExtFOp::create(s.b, s.loc, s.b.getF64Type(), scalar(in[4]));
  Value rate = narrow(s.divf(lr, math::oneMinusPower(s, scalar(beta1), step)));
  Value correction = narrow(math::sqrt(s, math::oneMinusPower(s, scalar(beta2), step)));
  Value m = average(s, beta1, in[2], g), v = average(s, beta2, in[3], s.mulf(g, g));
  Value denominator = s.addf(s.divf(math::sqrt(s, v), correction), epsilon);
  out.append({s.subf(w, s.mulf(rate, s.divf(m, denominator))), m, v});
}
void adam(StageBuilder &s, cnn::AdamOp, ValueRange in, SmallVectorImpl<Value> &out) {
  adamStep(s, in, in[0], s.fma(in[8], in[0], in[1]), out);
}
void adamw(StageBuilder &s, cnn::AdamwOp, ValueRange in, SmallVectorImpl<Value> &out) {
  adamStep(s, in, s.subf(in[0], s.mulf(s.mulf(in[4], in[8]), in[0])), in[1], out);
}

} // namespace

void registerOptimizerEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::SgdOp::attachInterface<Update<cnn::SgdOp, sgd>>(*context);
    cnn::AdagradOp::attachInterface<Update<cnn::AdagradOp, adagrad>>(*context);
    cnn::RmspropOp::attachInterface<Update<cnn::RmspropOp, rmsprop>>(*context);
    cnn::AdamOp::attachInterface<Update<cnn::AdamOp, adam>>(*context);
    cnn::AdamwOp::attachInterface<Update<cnn::AdamwOp, adamw>>(*context);
  });
}

} // namespace cnnc::tile
