//===- ContractionEmitters.cpp - registration -----------------------------===//

#include "passes/tile/ContractionEmitters.h"
#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/KernelBuilder.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

template <typename OpTy, LogicalResult (*emit)(Operation *, KernelBuilder &)>
struct Emitter : KernelEmitterInterface::ExternalModel<Emitter<OpTy, emit>, OpTy> {
  LogicalResult emitKernel(Operation *op, KernelBuilder &kernel) const { return emit(op, kernel); }
};

template <typename OpTy, LogicalResult (*emit)(Operation *, KernelBuilder &)> void attach(MLIRContext &context) {
  OpTy::template attachInterface<Emitter<OpTy, emit>>(context);
}

} // namespace

void registerContractionEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attach<cnn::ConvOp, emitConv>(*context);
    attach<cnn::ConvInputGradOp, emitConvInputGrad>(*context);
    attach<cnn::ConvKernelGradOp, emitConvKernelGrad>(*context);
    attach<cnn::ConvTransposeOp, emitConvTranspose>(*context);
    attach<cnn::DenseOp, emitDense>(*context);
    attach<cnn::DenseInputGradOp, emitDenseInputGrad>(*context);
    attach<cnn::DenseKernelGradOp, emitDenseKernelGrad>(*context);
  });
}

} // namespace cnnc::tile
