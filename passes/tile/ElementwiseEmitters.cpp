//===- ElementwiseEmitters.cpp - elementwise ops on 16 lanes --------------===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/KernelBuilder.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

/// An op whose result is a function of its operands' lanes alone.
template <typename OpTy, Value (*emit)(StageBuilder &, OpTy, ValueRange)>
struct Lanes : LaneEmitterInterface::ExternalModel<Lanes<OpTy, emit>, OpTy> {
  void emitLanes(Operation *op, StageBuilder &stage, const Place &, ValueRange operands, SmallVectorImpl<Value> &results) const {
    results.push_back(emit(stage, cast<OpTy>(op), operands));
  }
};

Value relu(StageBuilder &s, cnn::ReluOp, ValueRange in) { return s.maxf(in[0], s.splat(0)); }
Value add(StageBuilder &s, cnn::AddOp, ValueRange in) { return s.addf(in[0], in[1]); }
Value sub(StageBuilder &s, cnn::SubOp, ValueRange in) { return s.subf(in[0], in[1]); }
Value mul(StageBuilder &s, cnn::MulOp, ValueRange in) { return s.mulf(in[0], in[1]); }
Value bias(StageBuilder &s, cnn::BiasOp, ValueRange in) { return s.addf(in[0], in[1]); }

} // namespace

void registerElementwiseEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::ReluOp::attachInterface<Lanes<cnn::ReluOp, relu>>(*context);
    cnn::AddOp::attachInterface<Lanes<cnn::AddOp, add>>(*context);
    cnn::SubOp::attachInterface<Lanes<cnn::SubOp, sub>>(*context);
    cnn::MulOp::attachInterface<Lanes<cnn::MulOp, mul>>(*context);
    cnn::BiasOp::attachInterface<Lanes<cnn::BiasOp, bias>>(*context);
  });
}

} // namespace cnnc::tile
