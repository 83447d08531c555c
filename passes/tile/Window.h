//===- Window.h - which places a pooling window covers -----------*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_WINDOW_H
#define CNNC_PASSES_TILE_WINDOW_H

#include "passes/tile/KernelBuilder.h"

namespace cnnc::tile {

/// The geometry of a pooling op. `input` and `output` are batches of images.
class Window {
public:
  template <typename OpTy>
  Window(OpTy op, mlir::Value input, mlir::Value output)
      : input(input), output(output), kernel(op.getKernel()), stride(op.getStride()), pad(op.getPad()),
        dilation(op.getDilation()) {}

  /// Values carried through a walk, and the function that takes them a step on.
  using Values = llvm::SmallVector<mlir::Value>;
  using Step = llvm::function_ref<Values(mlir::Value y, mlir::Value x, mlir::ValueRange carried)>;

  /// Walks the places of the input inside window (p, q), row by row.
  Values forEachCovered(StageBuilder &s, mlir::Value p, mlir::Value q, mlir::ValueRange carried, Step step) const;
  /// Walks the windows that cover place (y, x) of the input.
  Values forEachCovering(StageBuilder &s, mlir::Value y, mlir::Value x, mlir::ValueRange carried, Step step) const;
  /// The first place of window (p, q), row by row: y · width + x.
  mlir::Value firstCovered(StageBuilder &s, mlir::Value p, mlir::Value q) const;
  /// 1 / places inside window (p, q), an f32; inside the padded input with `countPad`.
  mlir::Value inverseCount(StageBuilder &s, mlir::Value p, mlir::Value q, bool countPad) const;

  /// True if the windows lie side by side inside the input, and few places are in each: then a gradient is written
  /// window by window.
  bool isTiling() const;
  /// Of a tiling: calls `body` for each window with the places it covers, row by row, then `outside` for each place
  /// of the input that no window covers.
  using Covered = llvm::SmallVector<std::pair<mlir::Value, mlir::Value>>;
  void forEachTile(StageBuilder &s, llvm::function_ref<void(mlir::Value p, mlir::Value q, const Covered &)> body,
                   llvm::function_ref<void(mlir::Value y, mlir::Value x)> outside) const;

  Extents input, output;

private:
  struct Range {
    mlir::Value first, last;
  };
  /// Of dimension 0 (rows) or 1 (columns): what window number `p` covers, the
  /// dilation apart.
  Range covered(StageBuilder &s, unsigned dimension, mlir::Value p) const;
  Range covering(StageBuilder &s, unsigned dimension, mlir::Value y) const;
  /// Calls `step` for the windows along one dimension that cover `y`; of dilated windows tap by tap.
  Values forEachCoveringAlong(StageBuilder &s, unsigned dimension, mlir::Value y, mlir::ValueRange carried,
                              llvm::function_ref<Values(mlir::Value p, mlir::ValueRange carried)> step) const;
  /// The places of a window along one dimension, an index value; with those of the padding where `countPad` is set.
  mlir::Value count(StageBuilder &s, unsigned dimension, mlir::Value p, bool countPad) const;

  int64_t inputSize(unsigned dimension) const { return dimension ? input.width : input.height; }
  int64_t windows(unsigned dimension) const { return dimension ? output.width : output.height; }
  /// True if every window lies inside the first `size` places, or those of the padding before them.
  bool endsWithin(unsigned dimension, int64_t size) const {
    return (windows(dimension) - 1) * stride[dimension] - pad[dimension] + dilation[dimension] * (kernel[dimension] - 1) < size;
  }

  llvm::ArrayRef<int64_t> kernel, stride, pad, dilation;
};

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_WINDOW_H
