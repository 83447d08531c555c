//===- Emitters.h - attaches emitters to the ops of the cnn dialect -*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_EMITTERS_H
#define CNNC_PASSES_TILE_EMITTERS_H

#include "mlir/IR/DialectRegistry.h"

namespace cnnc::tile {

void registerContractionEmitters(mlir::DialectRegistry &registry);
void registerElementwiseEmitters(mlir::DialectRegistry &registry);
void registerActivationEmitters(mlir::DialectRegistry &registry);
void registerArithmeticEmitters(mlir::DialectRegistry &registry);
void registerFunctionEmitters(mlir::DialectRegistry &registry);
void registerDropoutEmitter(mlir::DialectRegistry &registry);
void registerOptimizerEmitters(mlir::DialectRegistry &registry);
void registerGroupnormEmitters(mlir::DialectRegistry &registry);
void registerLossEmitters(mlir::DialectRegistry &registry);
void registerLrnEmitters(mlir::DialectRegistry &registry);
void registerGeneralEmitters(mlir::DialectRegistry &registry);
void registerGridSampleEmitters(mlir::DialectRegistry &registry);
void registerIndexEmitters(mlir::DialectRegistry &registry);
void registerMatmulEmitter(mlir::DialectRegistry &registry);
void registerNormEmitters(mlir::DialectRegistry &registry);
void registerPoolEmitters(mlir::DialectRegistry &registry);
void registerUnpoolEmitters(mlir::DialectRegistry &registry);
void registerRearrangeEmitters(mlir::DialectRegistry &registry);
void registerResampleEmitter(mlir::DialectRegistry &registry);
void registerReshapeEmitter(mlir::DialectRegistry &registry);
void registerRowNormEmitters(mlir::DialectRegistry &registry);
void registerSelectionEmitters(mlir::DialectRegistry &registry);
void registerSoftmaxEmitters(mlir::DialectRegistry &registry);
void registerSumEmitters(mlir::DialectRegistry &registry);
void registerShapeEmitters(mlir::DialectRegistry &registry);

/// All of the above: what tools call.
inline void registerEmitters(mlir::DialectRegistry &registry) {
  registerContractionEmitters(registry);
  registerElementwiseEmitters(registry);
  registerActivationEmitters(registry);
  registerArithmeticEmitters(registry);
  registerFunctionEmitters(registry);
  registerDropoutEmitter(registry);
  registerOptimizerEmitters(registry);
  registerGroupnormEmitters(registry);
  registerLossEmitters(registry);
  registerLrnEmitters(registry);
  registerGeneralEmitters(registry);
  registerGridSampleEmitters(registry);
  registerIndexEmitters(registry);
  registerMatmulEmitter(registry);
  registerNormEmitters(registry);
  registerPoolEmitters(registry);
  registerUnpoolEmitters(registry);
  registerRearrangeEmitters(registry);
  registerResampleEmitter(registry);
  registerReshapeEmitter(registry);
  registerRowNormEmitters(registry);
  registerSelectionEmitters(registry);
  registerSoftmaxEmitters(registry);
  registerSumEmitters(registry);
  registerShapeEmitters(registry);
}

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_EMITTERS_H
