//===- KernelBuilder.cpp - operands, stages and epilogue of a kernel ------===//

#include "passes/tile/KernelBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

#include "passes/tile/EmitterInterfaces.cpp.inc"

namespace cnnc::tile {

Extents::Extents(Value batch) {
  auto type = cast<RankedTensorType>(batch.getType());
  auto size = [&](unsigned i) { return i < type.getRank() ? type.getDimSize(i) : 1; };
  channels = size(1), height = size(2), width = size(3);
}

KernelBuilder::KernelBuilder(plan::KernelOp kernel, const Target &target)
    : target(target), kernel(kernel), builder(kernel.getContext()) {
  Block &body = kernel.getBody().front();
  block = &tiled.emplaceBlock();
  auto layoutAt = [](ArrayAttr layouts, unsigned i) { return cast<plan::LayoutAttr>(layouts[i]); };
  for (BlockArgument argument : body.getArguments()) {
    plan::LayoutAttr layout = layoutAt(kernel.getOperandLayouts(), argument.getArgNumber());
    auto tensor = cast<RankedTensorType>(argument.getType());
    Value memref = block->addArgument(layout.getMemRefType(tensor), argument.getLoc());
    views[argument] = TensorView(memref, tensor, layout);
  }
  for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
    plan::LayoutAttr layout = layoutAt(kernel.getResultLayouts(), i);
    auto tensor = cast<RankedTensorType>(value.getType());
    Value memref = block->addArgument(layout.getMemRefType(tensor), value.getLoc());
    results.push_back(TensorView(memref, tensor, layout));
    yielded.push_back(value);
  }
  for (Operation &op : body.without_terminator())
    if (isa<KernelEmitterInterface>(op)) {
      leader = &op;
      break;
    }
  builder.setInsertionPointToEnd(block);
}

const TensorView *KernelBuilder::resultOf(Value value) const {
  for (auto [i, candidate] : llvm::enumerate(yielded))
    if (candidate == value)
      return &results[i];
  return nullptr;
}

Value KernelBuilder::scratch(int64_t perExample, int64_t fixed) {
  scratches.push_back(builder.getI64ArrayAttr({perExample, fixed}));
  SmallVector<int64_t, 2> shape;
  if (perExample)
    shape.push_back(ShapedType::kDynamic);
  shape.push_back(perExample ? perExample : fixed);
  return block->addArgument(MemRefType::get(shape, builder.getF32Type()), kernel.getLoc());
}

void KernelBuilder::stage(int64_t tasksPerExample, int64_t tasksFixed, llvm::function_ref<void(StageBuilder &)> body) {
  Location loc = leader ? leader->getLoc() : kernel.getLoc();
  auto stage = plan::StageOp::create(builder, loc, tasksPerExample, tasksFixed);
  Block &inner = stage.getBody().emplaceBlock();
  Type index = builder.getIndexType(), i64 = builder.getI64Type();
  inner.addArguments({index, index, i64, i64}, {loc, loc, loc, loc});
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&inner);
  StageBuilder stageBuilder(builder, loc, inner);
  body(stageBuilder);
  builder.setInsertionPointToEnd(&inner);
  plan::YieldOp::create(builder, loc, ValueRange{});
}

void KernelBuilder::stageOverBlocks(const Extents &extents, llvm::function_ref<void(StageBuilder &, Value, Value)> body) {
  constexpr int64_t enoughPlaces = 256;
  bool taskPerBlock = extents.places() >= enoughPlaces;
  int64_t blocks = extents.blocks(), tasks = taskPerBlock ? blocks : 1;
  stage(tasks, 0, [&](StageBuilder &s) {
    Value n = s.div(s.task, tasks), first = taskPerBlock ? s.rem(s.task, tasks) : s.index(0);
    Value last = s.add(first, taskPerBlock ? 1 : blocks);
    s.forEach(first, last, 1, [&](Value channelBlock) { body(s, n, channelBlock); });
  });
}

void KernelBuilder::forEachPlace(StageBuilder &s, const Extents &extents, Value n, Value channelBlock,
                                 llvm::function_ref<void(const Place &)> body) {
  zeroHalos(s, n, channelBlock);
  Value zero = s.index(0);
  for (auto &[tensor, view] : views)
    if (view.getLayout().getKind() == plan::LayoutKind::Channels && view.blocks() == extents.blocks())
      loadedChannels[tensor] = view.loadLanes(s.b, s.loc, {n, channelBlock, zero, zero});
  loadedBlock = channelBlock;
  s.forEach(0, extents.height, 1,
            [&](Value y) { s.forEach(0, extents.width, 1, [&](Value x) { body({n, channelBlock, y, x}); }); });
  loadedChannels.clear();
  loadedBlock = {};
}

void KernelBuilder::stageOverPlaces(const Extents &extents, llvm::function_ref<void(StageBuilder &, const Place &)> body) {
  stageOverBlocks(extents, [&](StageBuilder &s, Value n, Value channelBlock) {
    forEachPlace(s, extents, n, channelBlock, [&](const Place &place) { body(s, place); });
  });
}

Value KernelBuilder::lanesOf(StageBuilder &stage, const Place &place, Value tensor, DenseMap<Value, Value> &known) {
  if (Value lanes = known.lookup(tensor))
    return lanes;
  if (loadedBlock && place.block == loadedBlock)
    if (Value lanes = loadedChannels.lookup(tensor))
      return known[tensor] = lanes;
  if (auto found = views.find(tensor); found != views.end()) {
    const TensorView &view = found->second;
    // What does not change is read before the loops.
    OpBuilder::InsertionGuard guard(stage.b);
    if (view.getLayout().getKind() == plan::LayoutKind::Scalar)
      stage.b.setInsertionPointToStart(stage.task.getParentBlock());
    return known[tensor] = view.loadLanes(stage.b, stage.loc, place);
  }
  auto op = cast<LaneEmitterInterface>(tensor.getDefiningOp());
  if (Value lanes = op.loadElsewhere(*this, stage, place))
    return known[tensor] = lanes;
  SmallVector<Value> operands, opResults;
  for (Value operand : op->getOperands())
    operands.push_back(lanesOf(stage, place, operand, known));
  op.emitLanes(stage, place, operands, opResults);
  for (auto [result, lanes] : llvm::zip_equal(op->getResults(), opResults))
    known[result] = lanes;
  return known[tensor];
}

Value KernelBuilder::load(StageBuilder &stage, const Place &place, Value tensor) {
  DenseMap<Value, Value> known;
  return lanesOf(stage, place, tensor, known);
}

void KernelBuilder::finish(StageBuilder &stage, const Place &place, Value leaderLanes) {
  DenseMap<Value, Value> known;
  if (leader)
    known[leader->getResult(0)] = leaderLanes;
  for (auto [value, view] : llvm::zip_equal(yielded, results)) {
    // Further results of the leader are its own business.
    if (leader && value.getDefiningOp() == leader && value != leader->getResult(0))
      continue;
    view.storeLanes(stage.b, stage.loc, place, lanesOf(stage, place, value, known));
  }
}

void KernelBuilder::finish(StageBuilder &stage, const Place &place) { finish(stage, place, {}); }

void KernelBuilder::zeroHalos(StageBuilder &stage, Value n, Value channelBlock) {
  for (const TensorView &view : results)
    view.zeroHalo(stage.b, stage.loc, n, channelBlock);
}

void KernelBuilder::commit() {
  if (!scratches.empty())
    kernel.setScratchAttr(builder.getArrayAttr(scratches));
  builder.setInsertionPointToEnd(block);
  plan::YieldOp::create(builder, kernel.getLoc(), ValueRange{});
  kernel.getBody().takeBody(tiled);
}

} // namespace cnnc::tile
