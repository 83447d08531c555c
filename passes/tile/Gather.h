//===- Gather.h - 16 channels that lie elsewhere -----------------*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_GATHER_H
#define CNNC_PASSES_TILE_GATHER_H

#include "passes/tile/KernelBuilder.h"

namespace cnnc::tile {

/// Lane l is channel `16 · block + l - shift` of `view` at (n, y, x), which
/// must exist; zero where there is no such channel. Two loads and a shuffle.
mlir::Value loadShifted(StageBuilder &s, const TensorView &view, const Place &place, int64_t shift);

/// One element of a view, as its channel and place.
struct Element {
  mlir::Value channel, y, x;
};
/// Lane l is the element that `map` gives for channel `16 · block + l`, of which there are `channels`; zero
/// beyond. `map` is never asked for a channel that does not exist.
mlir::Value gather(StageBuilder &s, const TensorView &view, mlir::Value n, mlir::Value block, int64_t channels,
                   llvm::function_ref<Element(mlir::Value channel)> map);

/// `lanes` where first ≤ channel < last, `otherwise` elsewhere.
mlir::Value selectChannels(StageBuilder &s, mlir::Value block, int64_t first, int64_t last, mlir::Value lanes,
                           mlir::Value otherwise);

/// 1 in the lane of channel `channel`, if block `block` holds it, else zeros.
mlir::Value oneHot(StageBuilder &s, mlir::Value block, mlir::Value channel);

/// a < b, index values.
mlir::Value isBelow(StageBuilder &s, mlir::Value a, mlir::Value b);
mlir::Value both(StageBuilder &s, mlir::Value a, mlir::Value b);

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_GATHER_H
