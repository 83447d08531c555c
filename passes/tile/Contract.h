//===- Contract.h - the sum at the heart of every contraction ----*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_CONTRACT_H
#define CNNC_PASSES_TILE_CONTRACT_H

#include "passes/tile/KernelBuilder.h"
#include "passes/tile/Tiling.h"

namespace cnnc::tile {

/// One dimension of a convolution-like sum. Output coordinate number m <
/// `outputs` is `outFirst + outStep · m`. It reads, for each tap t < `taps`,
/// source coordinate `sourceFirst + sourceStride · m + sourceStep · t` times
/// weight `weightFirst + weightStep · t`.
struct Axis {
  int64_t outputs = 1, outFirst = 0, outStep = 1;
  int64_t taps = 1, weightFirst = 0, weightStep = 1;
  int64_t sourceFirst = 0, sourceStride = 1, sourceStep = 0;
};

/// How the outputs of a grouped contraction map to its inputs.
struct Grouping {
  int64_t groups = 1, inputs = 1, outputs = 1; ///< channels of one group
};

/// The inputs that meet 16 output channels in a multiply-add.
class Source {
public:
  Source(const TensorView &view, Grouping grouping);

  /// Input channels that each output sums over.
  int64_t channels() const { return grouping.inputs; }
  /// Output blocks that read the same inputs, so that one load serves them
  /// all; 1 if each block has its own.
  int64_t sharingBlocks() const { return sharing; }
  /// The sixteen inputs, as a vector, at a place of the input (its block is
  /// ignored): channel `16 · block + lane` of the group of each output of
  /// `outputBlock`.
  mlir::Value load(StageBuilder &s, const Place &place, mlir::Value outputBlock, mlir::Value block, mlir::Value lane) const;
  /// Asks for the input's line at a place; one that does not exist does no harm.
  void prefetch(StageBuilder &s, const Place &place, mlir::Value block) const;

  /// True if all sixteen are one input: then `element` says which of the flat
  /// batch it is for lane 0, and the view's steps lead to its neighbours.
  bool isBroadcast() const { return mode == Mode::Broadcast && view.isBatch(); }
  const TensorView &getView() const { return view; }
  mlir::Value element(StageBuilder &s, const Place &place, mlir::Value outputBlock, mlir::Value block) const;

private:
  mlir::Value blockOfGroup(StageBuilder &s, mlir::Value outputBlock, mlir::Value block) const;
  enum class Mode {
    Broadcast, ///< all sixteen outputs are in one group
    Lanes,     ///< depthwise: sixteen outputs read sixteen inputs
    Gather     ///< anything else, lane by lane
  };
  const TensorView &view;
  Grouping grouping;
  Mode mode;
  int64_t sharing = 1;
};

/// Weights in memory, `[K/16][C/block][R][S][block][16]`, C the channels of
/// one group; a memref of that shape, or of one dimension.
struct Bank {
  mlir::Value memref;
  int64_t inputBlocks, rows, columns, block; ///< C / block rounded up, R, S

  /// Vector [outputBlock, block, r, t, lane] of 16 outputs, or `count` of them from `first` on.
  mlir::Value load(StageBuilder &s, mlir::Value outputBlock, mlir::Value inputBlock, mlir::Value r, mlir::Value t,
                   mlir::Value lane, int64_t first = 0, int64_t count = plan::blockSize) const;
  void store(StageBuilder &s, mlir::Value outputBlock, mlir::Value inputBlock, mlir::Value r, mlir::Value t, mlir::Value lane,
             mlir::Value lanes, int64_t first = 0) const;
  /// The number of that vector in memory order.
  mlir::Value number(StageBuilder &s, mlir::Value outputBlock, mlir::Value inputBlock, mlir::Value r, mlir::Value t,
                     mlir::Value lane) const;
  /// Vectors from one output block to the next.
  int64_t vectorsPerOutputBlock() const { return inputBlocks * rows * columns * block; }

private:
  llvm::SmallVector<mlir::Value, 6> indices(StageBuilder &s, mlir::Value outputBlock, mlir::Value inputBlock, mlir::Value r,
                                            mlir::Value t, mlir::Value lane, int64_t first) const;
};

/// What a bank holds of 16 outputs and a block of inputs, under one tap.
struct BankBlock {
  mlir::Value outputs, inputs, r, t;
};

/// Writes a block with its sides exchanged: input i of output k becomes input
/// k of output i, for the inputs that a block of `to` has; zero where `from`
/// has no input i. In squares that fit in the registers.
void transposeBlock(StageBuilder &s, const Target &target, const Bank &from, const BankBlock &source, const Bank &to,
                    const BankBlock &result);

/// A pixel of a register tile: where its first tap reads, and what is added to that.
struct Pixel {
  mlir::Value n, y, x;
  int64_t shiftN = 0, shiftY = 0, shiftX = 0;
  /// True if only the shifts differ.
  bool isBeside(const Pixel &other) const { return n == other.n && y == other.y && x == other.x; }
};

/// The sums of `blocks` output blocks from `outputBlock` on, for each pixel,
/// over all taps and channels, in an order that does not depend on the tile:
/// result number `q · blocks + b` belongs to pixel q and block b.
llvm::SmallVector<mlir::Value> contract(StageBuilder &s, const Source &source, const Bank &bank, const Axis &rows,
                                        const Axis &columns, llvm::ArrayRef<Pixel> pixels, mlir::Value outputBlock,
                                        int64_t blocks);

/// The blocks [first, last) of input channels of a sum, `lanes` channels of
/// each. The bank's first block is the source's block `bankFirst`. Of the taps of
/// the columns those of [firstColumn, lastColumn).
struct ChannelRange {
  mlir::Value first, last;
  int64_t lanes;
  mlir::Value bankFirst = {};                    ///< null for 0
  mlir::Value firstColumn = {}, lastColumn = {}; ///< null for all
};

/// `sums` plus the products of those channels; what `contract` is made of.
llvm::SmallVector<mlir::Value> contractBlocks(StageBuilder &s, const Source &source, const Bank &bank, const Axis &rows,
                                              const Axis &columns, llvm::ArrayRef<Pixel> pixels, mlir::Value outputBlock,
                                              int64_t blocks, const ChannelRange &range, mlir::ValueRange sums);

/// Calls `body(blocks in the tile, first block)` for tiles [first, last) of the cut `runs`.
void forEachTile(StageBuilder &s, llvm::ArrayRef<Run> runs, mlir::Value first, mlir::Value last,
                 llvm::function_ref<void(int64_t, mlir::Value)> body);

/// Share number `part` (an index value) of `parts` of [0, total).
std::pair<mlir::Value, mlir::Value> share(StageBuilder &s, mlir::Value total, mlir::Value part, int64_t parts);

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_CONTRACT_H
