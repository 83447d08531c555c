//===- KernelBuilder.h - the frame every emitter works in --------*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_KERNELBUILDER_H
#define CNNC_PASSES_TILE_KERNELBUILDER_H

#include "passes/tile/Target.h"
#include "passes/tile/TensorView.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

namespace cnnc::tile {

/// Emits the code of one task of a stage. Also the short names for the
/// arithmetic that emitters need most; floats carry fastmath<contract>.
class StageBuilder {
public:
  StageBuilder(mlir::OpBuilder &b, mlir::Location loc, mlir::Block &block)
      : b(b), loc(loc), task(block.getArgument(0)), n(block.getArgument(1)), seed(block.getArgument(2)),
        step(block.getArgument(3)) {}

  mlir::OpBuilder &b;
  mlir::Location loc;
  mlir::Value task; ///< index
  mlir::Value n;    ///< examples in this call, index
  mlir::Value seed; ///< i64, dropout's key
  mlir::Value step; ///< i64, dropout's counter

  mlir::VectorType lanesType() { return mlir::VectorType::get({plan::blockSize}, b.getF32Type()); }
  mlir::Value index(int64_t value);
  mlir::Value scalar(double value);
  mlir::Value splat(double value); ///< vector<16xf32>
  mlir::Value broadcast(mlir::Value scalar);

  // Index arithmetic; folds constants.
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, int64_t b) { return add(a, index(b)); }
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, int64_t b) { return mul(a, index(b)); }
  mlir::Value div(mlir::Value a, int64_t b); ///< rounded down, a ≥ 0
  mlir::Value rem(mlir::Value a, int64_t b); ///< a ≥ 0
  mlir::Value div(mlir::Value a, mlir::Value b);

  // Floats, scalars or vectors alike. Of two numbers of which one is NaN, maxf and minf give the second.
  mlir::Value addf(mlir::Value a, mlir::Value b);
  /// Several sums, one after another.
  llvm::SmallVector<mlir::Value> addEach(mlir::ValueRange a, mlir::ValueRange b);
  mlir::Value subf(mlir::Value a, mlir::Value b);
  mlir::Value mulf(mlir::Value a, mlir::Value b);
  mlir::Value divf(mlir::Value a, mlir::Value b);
  mlir::Value fma(mlir::Value a, mlir::Value b, mlir::Value c); ///< a · b + c
  mlir::Value maxf(mlir::Value a, mlir::Value b);
  mlir::Value minf(mlir::Value a, mlir::Value b);

  /// `lanes` of channel block `block`, with zeros beyond the last of `channels`.
  mlir::Value maskGap(mlir::Value block, int64_t channels, mlir::Value lanes);

  /// for (i = lower; i < upper; i += by) body(i). A single trip of constant
  /// bounds emits no loop.
  void forEach(mlir::Value lower, mlir::Value upper, int64_t by, llvm::function_ref<void(mlir::Value)> body);
  void forEach(int64_t lower, int64_t upper, int64_t by, llvm::function_ref<void(mlir::Value)> body) {
    forEach(index(lower), index(upper), by, body);
  }
  /// The same with values carried round the loop; returns the last ones.
  llvm::SmallVector<mlir::Value> forEach(mlir::Value lower, mlir::Value upper, int64_t by, mlir::ValueRange carried,
                                         llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)> body);
  void ifThen(mlir::Value condition, llvm::function_ref<void()> then);
  void ifThenElse(mlir::Value condition, llvm::function_ref<void()> then, llvm::function_ref<void()> otherwise);

  /// A memref of static shape as one dimension.
  mlir::Value flatten(mlir::Value memref);

private:
  llvm::DenseMap<int64_t, mlir::Value> indices; ///< the constants, which stand at the start of the stage
};

/// True if every operand has the shape of the result, or is a scalar.
bool isSameEverywhere(mlir::Operation *op);

/// The logical sizes of a batch; vectors [N, F] are images of height and width 1.
struct Extents {
  explicit Extents(mlir::Value batch);
  int64_t channels, height, width;
  int64_t blocks() const { return (channels + plan::blockSize - 1) / plan::blockSize; }
  int64_t places() const { return height * width; }
};

/// Turns one kernel from ops on tensors into stages on memrefs.
class KernelBuilder {
public:
  KernelBuilder(plan::KernelOp kernel, const Target &target);

  const Target &target;
  mlir::Operation *leader = nullptr; ///< the op that leads the kernel; null if all are elementwise

  /// The view of an operand of the kernel, by its tensor inside the body.
  const TensorView &view(mlir::Value tensor) const { return views.find(tensor)->second; }
  /// The lanes of an operand of the leader at a place: loaded, or computed where elementwise ops stand before it.
  mlir::Value load(StageBuilder &stage, const Place &place, mlir::Value tensor);
  unsigned getNumResults() const { return results.size(); }
  const TensorView &result(unsigned i) const { return results[i]; }
  /// The result that yields `value`, or null if it stays inside the kernel.
  const TensorView *resultOf(mlir::Value value) const;

  /// Memory between the stages of one launch; [n, elements] or [elements], f32.
  mlir::Value perExampleScratch(int64_t elements) { return scratch(elements, 0); }
  mlir::Value fixedScratch(int64_t elements) { return scratch(0, elements); }

  /// Appends a stage of `tasksPerExample · n + tasksFixed` tasks.
  void stage(int64_t tasksPerExample, int64_t tasksFixed, llvm::function_ref<void(StageBuilder &)> body);

  /// Appends a stage that calls `body` for every channel block of every
  /// example of a batch of this size. A task is an example, or one block of
  /// it where that is enough work.
  void stageOverBlocks(const Extents &extents, llvm::function_ref<void(StageBuilder &, mlir::Value n, mlir::Value block)> body);
  /// Calls `body` for every place of a channel block; zeroes the halos of the results before. Vectors of channels are
  /// loaded once, ahead of the loops.
  void forEachPlace(StageBuilder &stage, const Extents &extents, mlir::Value n, mlir::Value block,
                    llvm::function_ref<void(const Place &)> body);
  /// Both: a stage that calls `body` for every place of a batch.
  void stageOverPlaces(const Extents &extents, llvm::function_ref<void(StageBuilder &, const Place &)> body);

  /// Appends a stage that calls `body` for all elements of the kernel's first result, 16 of a row at a time. A task is
  /// one or several rows.
  void stageOverRows(llvm::function_ref<void(StageBuilder &, const Place &)> body);
  /// The same over a tensor of another type.
  void stageOverRows(mlir::RankedTensorType type, llvm::function_ref<void(StageBuilder &, const Place &)> body);
  /// True if the kernel's first result is row-major and its elementwise ops work on rows.
  bool worksOnRows();

  /// Given the lanes of the leader's first result at a place: applies the
  /// fused elementwise ops and stores every result that depends on it.
  void finish(StageBuilder &stage, const Place &place, mlir::Value leaderLanes);
  /// The same for a kernel without leader: loads what the ops read.
  void finish(StageBuilder &stage, const Place &place);
  /// Zeroes the halo of all results in one channel block of one example.
  void zeroHalos(StageBuilder &stage, mlir::Value n, mlir::Value block);

  /// Replaces the body by the stages; called by the pass, once.
  void commit();

private:
  mlir::Value scratch(int64_t perExample, int64_t fixed);
  /// True if all memory is row-major of one shape: a single row will do.
  bool isOneRow();
  void stageOverMemory(int64_t elements, bool isBatch, llvm::function_ref<void(StageBuilder &, const Place &)> body);
  mlir::Value lanesOf(StageBuilder &stage, const Place &place, mlir::Value tensor,
                      llvm::DenseMap<mlir::Value, mlir::Value> &known);

  plan::KernelOp kernel;
  mlir::Region tiled;
  mlir::Block *block;
  mlir::OpBuilder builder;
  llvm::MapVector<mlir::Value, TensorView> views;
  llvm::SmallVector<TensorView> results;
  llvm::SmallVector<mlir::Value> yielded;
  llvm::SmallVector<mlir::Attribute> scratches;
  /// Vectors of channels that are loaded already, of the block `loadedBlock`.
  llvm::DenseMap<mlir::Value, mlir::Value> loadedChannels;
  mlir::Value loadedBlock;
};

} // namespace cnnc::tile

#include "passes/tile/EmitterInterfaces.h.inc"

#endif // CNNC_PASSES_TILE_KERNELBUILDER_H
