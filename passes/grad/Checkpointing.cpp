//===- Checkpointing.cpp - what is saved, what is computed again ----------===//

#include "passes/grad/Checkpointing.h"
#include "dialects/cnn/Cnn.h"

using namespace mlir;

/// True if `op` is cheap, and gives the same when it runs later.
static bool canRunAgain(Operation *op) {
  auto fusible = dyn_cast<cnnc::cnn::FusionInterface>(op);
  return fusible && fusible.getFusionKind() == cnnc::cnn::FusionKind::Elementwise && op->getNumResults() == 1 &&
         isMemoryEffectFree(op);
}

unsigned cnnc::recomputeCheapValues(func::FuncOp train) {
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
