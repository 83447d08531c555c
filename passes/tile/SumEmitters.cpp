//===- SumEmitters.cpp - channel sums, sums of squares, clipping, folding -===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Reduction.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

void channelSum(KernelBuilder &kernel, cnn::ChannelSumOp op) {
  Extents extents(op.getInput());
  ChunkSums sums(kernel, extents, 1);
  auto compute = [&](StageBuilder &s, const Chunk &chunk, Value block) {
    return sumOverChunk(s, chunk, block, extents, 1,
                        [&](const Place &place) -> Values { return {kernel.load(s, place, op.getInput())}; });
  };
  sums.emit(kernel, compute, [&](StageBuilder &s, Value block) { kernel.finish(s, blockOnly(s, block), sums.sum(s, block, 0)); });
}

//===----------------------------------------------------------------------===//
// Sum of squares
//===----------------------------------------------------------------------===//

/// The tasks of one operand: chunks of a batch, or runs of a parameter's memory.
int64_t tasksOf(const TensorView &view) {
  constexpr int64_t vectorsPerTask = 1024;
  return view.isBatch() ? chunkCount : (view.blocks() + vectorsPerTask - 1) / vectorsPerTask;
}

/// The sum of squares that task number `task` of an operand adds, an f32.
Value squaresOf(StageBuilder &s, const TensorView &view, Value tensor, Value task) {
  auto add = [&](const Place &place, Value sum) {
    Value lanes = view.loadLanes(s.b, s.loc, place);
    Value wide = arith::ExtFOp::create(s.b, s.loc, wideZero(s).getType(), lanes);
    return s.fma(wide, wide, sum);
  };
  if (view.getLayout().getKind() == plan::LayoutKind::Scalar) {
    Value x = view.loadScalar(s.b, s.loc, {}, s.index(0), {}, {});
    return s.mulf(x, x);
  }
  if (!view.isBatch()) {
    // Runs of equal length, the last shorter.
    int64_t tasks = tasksOf(view), run = (view.blocks() + tasks - 1) / tasks;
    Value first = s.mul(task, run), last = arith::MinUIOp::create(s.b, s.loc, s.add(first, run), s.index(view.blocks()));
    Values sum = s.forEach(first, last, 1, wideZero(s),
                           [&](Value vector, ValueRange soFar) -> Values { return {add(blockOnly(s, vector), soFar[0])}; });
    return narrow(s, sum[0]);
  }
  Extents extents(tensor);
  Chunk chunk(s, task);
  Values sum = s.forEach(chunk.first, chunk.last, 1, wideZero(s), [&](Value n, ValueRange examples) {
    return s.forEach(s.index(0), s.index(extents.blocks()), 1, examples, [&](Value block, ValueRange blocks) {
      return s.forEach(s.index(0), s.index(extents.height), 1, blocks, [&](Value y, ValueRange rows) {
        return s.forEach(s.index(0), s.index(extents.width), 1, rows,
                         [&](Value x, ValueRange soFar) -> Values { return {add({n, block, y, x}, soFar[0])}; });
      });
    });
  });
  return narrow(s, sum[0]);
}

void sumOfSquares(KernelBuilder &kernel, cnn::SumOfSquaresOp op) {
  SmallVector<int64_t> starts{0};
  for (Value input : op.getInputs())
    starts.push_back(starts.back() + tasksOf(kernel.view(input)));
  int64_t tasks = starts.back();
  Value scratch = kernel.fixedScratch(tasks);
  kernel.stage(0, tasks, [&](StageBuilder &s) {
    for (auto [i, input] : llvm::enumerate(op.getInputs())) {
      Value task = s.sub(s.task, s.index(starts[i]));
      Value isHere = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::ult, task, s.index(starts[i + 1] - starts[i]));
      s.ifThen(isHere,
               [&] { memref::StoreOp::create(s.b, s.loc, squaresOf(s, kernel.view(input), input, task), scratch, s.task); });
    }
  });
  kernel.stage(0, 1, [&](StageBuilder &s) { kernel.finish(s, nowhere(s), s.broadcast(sumOfScratch(s, scratch, 0, tasks, 1))); });
}

void clipFactor(KernelBuilder &kernel, cnn::ClipFactorOp op) {
  kernel.stage(0, 1, [&](StageBuilder &s) {
    Value norm = math::sqrt(s, kernel.load(s, nowhere(s), op.getSumOfSquares())),
          bound = kernel.load(s, nowhere(s), op.getBound());
    Value factor = s.divf(bound, s.addf(norm, s.splat(1e-6)));
    // A NaN must not become 1.
    kernel.finish(s, nowhere(s), s.minf(s.splat(1), factor));
  });
}

//===----------------------------------------------------------------------===//
// Folding
//===----------------------------------------------------------------------===//

void foldBatchnorm(KernelBuilder &kernel, cnn::FoldBatchnormOp op) {
  int64_t channels = cast<RankedTensorType>(op.getScale().getType()).getDimSize(0);
  kernel.stage(0, (channels + plan::blockSize - 1) / plan::blockSize, [&](StageBuilder &s) {
    Place place = blockOnly(s, s.task);
    Value variance = kernel.load(s, place, op.getVariance());
    Value std = math::sqrt(s, s.addf(variance, s.splat(op.getEpsilon().convertToDouble())));
    Value scale = s.divf(kernel.load(s, place, op.getScale()), std);
    Value shift = s.subf(kernel.load(s, place, op.getShift()), s.mulf(kernel.load(s, place, op.getMean()), scale));
    kernel.finish(s, place, scale);
    if (const TensorView *result = kernel.resultOf(op.getFoldedShift()))
      result->storeLanes(s.b, s.loc, place, shift);
  });
}

void foldKernel(KernelBuilder &kernel, cnn::FoldKernelOp op) {
  const TensorView &view = kernel.view(op.getKernel());
  int64_t blocks = (cast<RankedTensorType>(op.getKernel().getType()).getDimSize(0) + plan::blockSize - 1) / plan::blockSize;
  int64_t vectors = view.blocks() / blocks;
  kernel.stage(0, blocks, [&](StageBuilder &s) {
    Value scale = kernel.load(s, blockOnly(s, s.task), op.getScale()), first = s.mul(s.task, vectors);
    s.forEach(first, s.add(first, vectors), 1, [&](Value vector) {
      Place place = blockOnly(s, vector);
      kernel.finish(s, place, s.mulf(view.loadLanes(s.b, s.loc, place), scale));
    });
  });
}

} // namespace

void registerSumEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::ChannelSumOp, channelSum>(context);
    attachLeader<cnn::SumOfSquaresOp, sumOfSquares>(context);
    attachLeader<cnn::ClipFactorOp, clipFactor>(context);
    attachLeader<cnn::FoldBatchnormOp, foldBatchnorm>(context);
    attachLeader<cnn::FoldKernelOp, foldKernel>(context);
  });
}

} // namespace cnnc::tile
