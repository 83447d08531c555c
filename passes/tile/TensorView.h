//===- TensorView.h - a tensor in memory, seen by an emitter -----*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_TENSORVIEW_H
#define CNNC_PASSES_TILE_TENSORVIEW_H

#include "dialects/plan/Plan.h"
#include "mlir/IR/Builders.h"

namespace cnnc::tile {

/// 16 elements of a tensor, all coordinates index values.
///
/// Of a batch: the channels from `16 · block` on of one place; y and x are
/// logical (0 is the first place inside the halo) and may reach into the halo.
/// For tensors without places (channel vectors, kernels) only `block` counts:
/// vector number `block` in memory order.
///
/// Of a tensor of any rank: those from `at`, a logical index per dimension, on
/// along the last dimension. `count` of them exist; null: all 16.
struct Place {
  mlir::Value n, block, y, x;
  llvm::SmallVector<mlir::Value, 4> at = {};
  mlir::Value count = {};
  bool isGeneral() const { return !n; }
};

/// Access to a tensor in any layout, by logical coordinates.
class TensorView {
public:
  TensorView() = default;
  TensorView(mlir::Value memref, mlir::RankedTensorType tensor, plan::LayoutAttr layout)
      : memref(memref), tensor(tensor), layout(layout) {}

  mlir::Value getMemRef() const { return memref; }
  mlir::RankedTensorType getTensorType() const { return tensor; }
  plan::LayoutAttr getLayout() const { return layout; }
  bool isBatch() const { return layout.isPerExample(tensor); }
  bool isScalar() const { return tensor.getRank() == 0; }

  /// Logical sizes; images and vectors alike ([N, F] has height and width 1).
  int64_t channels() const { return dim(1); }
  int64_t height() const { return dim(2); }
  int64_t width() const { return dim(3); }
  /// Vectors of 16: channel blocks of a batch, else all of the memory.
  int64_t blocks() const;

  /// vector<16xf32> at a place. Lanes beyond the last channel are zero; all lanes hold a scalar.
  mlir::Value loadLanes(mlir::OpBuilder &b, mlir::Location loc, const Place &place) const;
  /// Stores, or adds where the layout says `accumulate`. Lanes beyond the
  /// last channel must be zero for the layouts that have them. A scalar takes
  /// the first lane.
  void storeLanes(mlir::OpBuilder &b, mlir::Location loc, const Place &place, mlir::Value lanes) const;
  /// One element of a batch, by channel; or of any other tensor's memory, with `channel` the flat index.
  mlir::Value loadScalar(mlir::OpBuilder &b, mlir::Location loc, mlir::Value n, mlir::Value channel, mlir::Value y,
                         mlir::Value x) const;
  /// Stores one element, or adds it where the layout says `accumulate`.
  void storeScalar(mlir::OpBuilder &b, mlir::Location loc, mlir::Value n, mlir::Value channel, mlir::Value y, mlir::Value x,
                   mlir::Value value) const;
  /// One element by its logical index, one value per dimension, in any layout.
  mlir::Value loadElement(mlir::OpBuilder &b, mlir::Location loc, mlir::ValueRange index) const;
  /// Stores one element, or adds it where the layout says `accumulate`.
  void storeElement(mlir::OpBuilder &b, mlir::Location loc, mlir::ValueRange index, mlir::Value value) const;
  /// Elements of memory between neighbours in a batch.
  struct Steps {
    int64_t example, block, row, column, lane;
  };
  Steps steps() const;
  /// A batch of `n` examples as one dimension, for loops that step through memory. Lane 0 of a place is element `element`.
  mlir::Value flatBatch(mlir::OpBuilder &b, mlir::Location loc, mlir::Value n) const;
  mlir::Value element(mlir::OpBuilder &b, mlir::Location loc, const Place &place) const;

  /// Zeroes the halo of one channel block of one example; nothing without a halo.
  void zeroHalo(mlir::OpBuilder &b, mlir::Location loc, mlir::Value n, mlir::Value block) const;

private:
  int64_t dim(unsigned i) const { return i < tensor.getRank() ? tensor.getDimSize(i) : 1; }
  /// The memory as one dimension.
  mlir::Value flat(mlir::OpBuilder &b, mlir::Location loc) const;
  llvm::SmallVector<mlir::Value, 5> indices(mlir::OpBuilder &b, mlir::Location loc, mlir::Value n, mlir::Value channel,
                                            mlir::Value y, mlir::Value x) const;

  mlir::SmallVector<mlir::Value> elementIndices(mlir::OpBuilder &b, mlir::Location loc, mlir::ValueRange index) const;
  mlir::Value loadGeneral(mlir::OpBuilder &b, mlir::Location loc, const Place &place) const;
  void storeGeneral(mlir::OpBuilder &b, mlir::Location loc, const Place &place, mlir::Value lanes) const;

  mlir::Value memref;
  mlir::RankedTensorType tensor;
  plan::LayoutAttr layout;
};

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_TENSORVIEW_H
