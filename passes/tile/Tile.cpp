//===- Tile.cpp - every kernel becomes stages -----------------------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/plan/Plan.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/Passes.h"
#include "passes/tile/KernelBuilder.h"
#include "passes/tile/Pack.h"

using namespace mlir;

namespace cnnc {
#define GEN_PASS_DEF_TILEPASS
#include "passes/Passes.h.inc"

namespace {

using tile::KernelBuilder;
using tile::StageBuilder;

/// Elementwise ops alone on parameters: a task is a run of memory.
void emitOverMemory(KernelBuilder &kernel, const tile::TensorView &shape) {
  constexpr int64_t vectorsPerTask = 1024;
  int64_t vectors = shape.blocks();
  kernel.stage(0, (vectors + vectorsPerTask - 1) / vectorsPerTask, [&](StageBuilder &s) {
    Value first = s.mul(s.task, vectorsPerTask);
    Value end = s.add(first, vectorsPerTask), all = s.index(vectors);
    Value last = vectors % vectorsPerTask == 0 ? end : arith::MinUIOp::create(s.b, s.loc, end, all).getResult();
    Value zero = s.index(0);
    s.forEach(first, last, 1, [&](Value vector) { kernel.finish(s, {zero, vector, zero, zero}); });
  });
}

struct TilePass : impl::TilePassBase<TilePass> {
  using TilePassBase::TilePassBase;

  void runOnOperation() override {
    tile::Target target{registerLanes, registers};
    for (plan::KernelOp kernel : getOperation().getOps<plan::KernelOp>())
      if (failed(tileKernel(kernel, target)))
        return signalPassFailure();
  }

  LogicalResult tileKernel(plan::KernelOp kernel, const tile::Target &target) {
    for (Operation &op : kernel.getBody().front().without_terminator())
      if (!isa<tile::KernelEmitterInterface, tile::LaneEmitterInterface>(op))
        return op.emitOpError("has no emitter: it cannot be compiled for this target");
    KernelBuilder builder(kernel, target);
    if (builder.leader) {
      if (failed(cast<tile::KernelEmitterInterface>(builder.leader).emitKernel(builder)))
        return failure();
    } else if (tile::isPacking(kernel)) {
      tile::packKernel(builder, kernel);
    } else if (builder.worksOnRows()) {
      builder.stageOverRows([&](StageBuilder &s, const tile::Place &place) { builder.finish(s, place); });
    } else if (builder.result(0).isBatch()) {
      Value batch = kernel.getBody().front().getTerminator()->getOperand(0);
      builder.stageOverPlaces(tile::Extents(batch), [&](StageBuilder &s, const tile::Place &place) { builder.finish(s, place); });
    } else {
      emitOverMemory(builder, builder.result(0));
    }
    builder.commit();
    return success();
  }
};

} // namespace
} // namespace cnnc
