//===- ConvPlanes.h - the stage shared by conv and its input gradient -*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_CONVPLANES_H
#define CNNC_PASSES_TILE_CONVPLANES_H

#include "passes/tile/Contract.h"

namespace cnnc::tile {

/// A convolution-like op on planes of pixels. The outputs are the product of
/// one of `rows` with one of `columns`: a convolution has one of each; the
/// gradient of a strided one has one per residue of the coordinate.
struct ConvPlanes {
  llvm::SmallVector<Axis> rows, columns;
  int64_t outputChannels; ///< of all groups
  int64_t flopsPerExample;
  int64_t inputBytes, weightBytes; ///< per example; all weights
};

/// Emits the stage that computes and finishes every output of the leader.
void emitConvPlanes(KernelBuilder &kernel, const ConvPlanes &planes, const Source &source, const Bank &bank);

/// Fails with an error on `op` if `view` lacks the halo that `reach` needs.
llvm::LogicalResult requireHalo(mlir::Operation *op, const TensorView &view, std::array<int64_t, 4> reach);

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_CONVPLANES_H
