//===- Rows.cpp - stages over row-major tensors of any rank ---------------===//

#include "passes/tile/Rows.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Tiling.h"

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;
using plan::LayoutKind;

bool isSameEverywhere(Operation *op) {
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  return llvm::all_of(op->getOperandTypes(), [&](Type type) {
    auto operand = cast<RankedTensorType>(type);
    return operand.getShape() == result.getShape() || operand.getRank() == 0;
  });
}

bool KernelBuilder::worksOnRows() {
  if (results[0].getLayout().getKind() != LayoutKind::Plain)
    return false;
  return llvm::all_of(kernel.getBody().front().without_terminator(), [&](Operation &op) {
    auto lanes = dyn_cast<LaneEmitterInterface>(op);
    return &op == leader || (lanes && lanes.worksOnRows());
  });
}

/// Elements of a task: enough to be worth handing to a thread.
static constexpr int64_t taskElements = 4096;

void forEachVector(StageBuilder &s, Value first, Value last, llvm::function_ref<void(Value, Value)> body) {
  Value whole = s.mul(s.div(s.sub(last, first), blockSize), blockSize), end = s.add(first, whole);
  s.forEach(first, end, blockSize, [&](Value i) { body(i, {}); });
  Value count = s.sub(last, end);
  std::optional<int64_t> known = getConstantIntValue(count);
  if (known && *known > 0)
    body(end, count);
  else if (!known)
    s.ifThen(arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::ult, end, last), [&] { body(end, count); });
}

Value loadMapped(StageBuilder &s, const TensorView &view, const Place &place, bool isContiguous,
                 llvm::function_ref<Index(const Index &)> map) {
  if (isContiguous)
    return view.loadLanes(s.b, s.loc, rowPlace(map(place.at), place.count));
  return loadLanes(s, place, [&](const Index &index) { return view.loadElement(s.b, s.loc, map(index)); });
}

Value loadLanes(StageBuilder &s, const Place &place, llvm::function_ref<Value(const Index &)> load) {
  std::optional<int64_t> known = place.count ? getConstantIntValue(place.count) : blockSize;
  Value lanes = s.splat(0);
  Index index(place.at);
  for (int64_t lane = 0; lane < known.value_or(blockSize); ++lane) {
    Value step = s.index(lane);
    if (!known) // lanes that do not exist read the first
      step = arith::SelectOp::create(s.b, s.loc, arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::ult, step, place.count),
                                     step, s.index(0));
    if (!index.empty())
      index.back() = s.add(place.at.back(), step);
    lanes = vector::InsertOp::create(s.b, s.loc, load(index), lanes, lane);
  }
  return lanes;
}

TensorView flattened(StageBuilder &s, const TensorView &view) {
  if (view.getLayout().getKind() == LayoutKind::Scalar)
    return view;
  RankedTensorType tensor = view.getTensorType();
  int64_t elements = view.getLayout().getElements(tensor), size = view.isBatch() ? ShapedType::kDynamic : elements;
  auto type = MemRefType::get({size}, tensor.getElementType());
  OpFoldResult length = view.isBatch() ? OpFoldResult(s.mul(s.n, elements)) : s.b.getIndexAttr(elements);
  Value memref = memref::ReinterpretCastOp::create(s.b, s.loc, type, view.getMemRef(), s.b.getIndexAttr(0),
                                                   ArrayRef<OpFoldResult>{length}, ArrayRef<OpFoldResult>{s.b.getIndexAttr(1)});
  return TensorView(memref, RankedTensorType::get({size}, tensor.getElementType()), view.getLayout());
}

bool KernelBuilder::isOneRow() {
  auto isRow = [](const TensorView &view) {
    return view.getLayout().getKind() == LayoutKind::Plain || view.getLayout().getKind() == LayoutKind::Scalar;
  };
  return !leader && llvm::all_of(views, [&](const auto &entry) { return isRow(entry.second); }) && llvm::all_of(results, isRow) &&
         llvm::all_of(kernel.getBody().front().without_terminator(), [](Operation &op) { return isSameEverywhere(&op); });
}

void KernelBuilder::stageOverRows(llvm::function_ref<void(StageBuilder &, const Place &)> body) {
  RankedTensorType type = results[0].getTensorType();
  if (isOneRow())
    return stageOverMemory(results[0].getLayout().getElements(type), results[0].isBatch(), body);
  stageOverRows(type, body);
}

void KernelBuilder::stageOverRows(RankedTensorType type, llvm::function_ref<void(StageBuilder &, const Place &)> body) {
  bool isBatch = type.getRank() && type.isDynamicDim(0);
  SmallVector<int64_t> sizes(type.getShape().drop_front(isBatch));
  if (sizes.empty()) { // a number per example, or a single one
    stage(0, 1, [&](StageBuilder &s) {
      if (type.getRank() == 0)
        return body(s, rowPlace({}, s.index(1)));
      forEachVector(s, s.index(0), s.n, [&](Value i, Value count) { body(s, rowPlace({i}, count)); });
    });
    return;
  }
  int64_t length = sizes.pop_back_val(), rows = 1;
  for (int64_t size : sizes)
    rows *= size;
  int64_t rowsPerTask = std::max<int64_t>(1, taskElements / length), tasks = ceilDiv(rows, rowsPerTask);
  stage(isBatch ? tasks : 0, isBatch ? 0 : tasks, [&](StageBuilder &s) {
    Value part = tasks == 1 ? s.index(0) : isBatch ? s.rem(s.task, tasks) : s.task;
    Value first = s.mul(part, rowsPerTask), last = s.add(first, rowsPerTask);
    if (rows % rowsPerTask != 0)
      last = s.b.createOrFold<arith::MinUIOp>(s.loc, last, s.index(rows));
    s.forEach(first, last, 1, [&](Value row) {
      SmallVector<Value, 4> at;
      for (int64_t size : llvm::reverse(sizes)) {
        at.push_back(s.rem(row, size));
        row = s.div(row, size);
      }
      if (isBatch)
        at.push_back(s.div(s.task, tasks));
      std::reverse(at.begin(), at.end());
      at.push_back({});
      forEachVector(s, s.index(0), s.index(length), [&](Value i, Value count) {
        at.back() = i;
        body(s, rowPlace(at, count));
      });
    });
  });
}

void KernelBuilder::stageOverMemory(int64_t elements, bool isBatch,
                                    llvm::function_ref<void(StageBuilder &, const Place &)> body) {
  int64_t tasks = ceilDiv(elements, taskElements);
  stage(isBatch ? tasks : 0, isBatch ? 0 : tasks, [&](StageBuilder &s) {
    auto shaped = views;
    auto shapedResults = results;
    for (auto &entry : views)
      entry.second = flattened(s, entry.second);
    for (TensorView &result : results)
      result = flattened(s, result);
    Value part = isBatch ? s.rem(s.task, tasks) : s.task, start = isBatch ? s.mul(s.div(s.task, tasks), elements) : s.index(0);
    Value first = s.mul(part, taskElements), last = s.add(first, taskElements);
    if (elements % taskElements != 0)
      last = s.b.createOrFold<arith::MinUIOp>(s.loc, last, s.index(elements));
    forEachVector(s, s.add(start, first), s.add(start, last), [&](Value i, Value count) { body(s, rowPlace({i}, count)); });
    views = shaped;
    results = shapedResults;
  });
}

} // namespace cnnc::tile
