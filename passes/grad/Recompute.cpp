//===- Recompute.cpp - what is kept, what is computed again ---------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "passes/Passes.h"

using namespace mlir;

namespace cnnc {
#define GEN_PASS_DEF_RECOMPUTEPASS
#include "passes/Passes.h.inc"

namespace {

/// True if `op` is cheap, and gives the same when it runs later.
static bool canRunAgain(Operation *op) {
  auto fusible = dyn_cast<cnn::FusionInterface>(op);
  return fusible && fusible.getFusionKind() == cnn::FusionKind::Elementwise && op->getNumResults() == 1 && isMemoryEffectFree(op);
}

/// Every value of the phase "loss" that is used behind it is kept, except the
/// result of an elementwise op all of whose operands are at hand anyway.
/// Returns how many values are computed again.
unsigned recomputeCheapValues(func::FuncOp train) {
  Block &body = train.front();
  auto phases = body.getOps<cnn::PhaseOp>();
  if (phases.empty())
    return 0;
  Operation *backward = *phases.begin();
  llvm::DenseSet<StringRef> written;
  for (auto write : body.getOps<cnn::WriteOp>())
    written.insert(write.getParameter());

  // At hand behind the loss: inputs, parameters, and what is kept.
  llvm::DenseSet<Value> atHand;
  atHand.insert_range(train.getArguments());
  unsigned count = 0;
  for (Operation &op : llvm::make_range(body.begin(), backward->getIterator())) {
    if (auto read = dyn_cast<cnn::ReadOp>(op); read && !written.contains(read.getParameter()))
      atHand.insert(read.getResult());
    for (Value value : op.getResults()) {
      auto isLater = [&](Operation *user) { return backward->isBeforeInBlock(user); };
      SmallVector<Operation *> later(llvm::make_filter_range(value.getUsers(), isLater));
      if (later.empty())
        continue;
      if (!canRunAgain(&op) || !llvm::all_of(op.getOperands(), [&](Value operand) { return atHand.contains(operand); })) {
        atHand.insert(value);
        continue;
      }
      OpBuilder builder(*llvm::min_element(later, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); }));
      Operation *copy = builder.clone(op);
      value.replaceUsesWithIf(copy->getResult(0), [&](OpOperand &use) { return isLater(use.getOwner()); });
      ++count;
    }
  }
  return count;
}

struct RecomputePass : impl::RecomputePassBase<RecomputePass> {
  using RecomputePassBase::RecomputePassBase;

  void runOnOperation() override {
    if (auto train = SymbolTable(getOperation()).lookup<func::FuncOp>("train"))
      recomputed += recomputeCheapValues(train);
  }
};

} // namespace
} // namespace cnnc
