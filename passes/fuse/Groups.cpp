//===- Groups.cpp - elementwise ops join the op before them ---------------===//

#include "passes/fuse/Groups.h"
#include "dialects/cnn/Cnn.h"
#include "dialects/plan/Plan.h"

using namespace mlir;

namespace cnnc::fuse {

using cnn::FusionInterface;
using cnn::FusionKind;

static bool isElementwise(Operation *op) {
  auto fusible = dyn_cast<FusionInterface>(op);
  return fusible && fusible.getFusionKind() == FusionKind::Elementwise;
}

/// True if `op` reads what `group` passes on: the first result of its first
/// op, or any result of the elementwise ones. A reduction's further results
/// are complete only after its last stage.
static bool readsChain(Operation *op, const Group &group) {
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    Operation *producer = operand.getDefiningOp();
    return producer && group.ops.contains(producer) &&
           (!group.hasLeader || producer != group.ops.front() || operand == producer->getResult(0));
  });
}

static bool readsAny(Operation *op, const Group &group) {
  return llvm::any_of(op->getOperands(), [&](Value operand) { return group.ops.contains(operand.getDefiningOp()); });
}

/// True if `op` may be computed in the same loop as the group: same shape,
/// and nothing of the leader that is ready only when the kernel is done.
static bool fits(Operation *op, const Group &group) {
  Operation *first = group.ops.front();
  if (isa<plan::CopyOp>(first) || !isElementwise(op) || op->getResult(0).getType() != first->getResult(0).getType() || !readsChain(op, group))
    return false;
  if (!group.hasLeader)
    return true;
  return llvm::none_of(op->getOperands(),
                       [&](Value operand) { return operand.getDefiningOp() == first && operand != first->getResult(0); });
}

SmallVector<Group> formGroups(Block &block) {
  DenseMap<Operation *, unsigned> groupOf;
  SmallVector<Group> groups;
  for (Operation &op : block) {
    if (!isa<FusionInterface, plan::CopyOp>(op) || groupOf.count(&op))
      continue;
    Group group;
    group.ops.insert(&op);
    group.hasLeader = !isElementwise(&op);
    // The kernel runs where its last op stands; an op in between that reads a
    // result, or a phase that must have seen it, ends the growth.
    for (Operation *next = op.getNextNode(); next; next = next->getNextNode()) {
      if (isa<cnn::PhaseOp>(next))
        break;
      if (!groupOf.count(next) && fits(next, group)) {
        group.ops.insert(next);
        continue;
      }
      if (readsAny(next, group))
        break;
    }
    for (Operation *member : group.ops)
      groupOf[member] = groups.size();
    groups.push_back(std::move(group));
  }
  llvm::sort(groups, [](const Group &a, const Group &b) { return a.last()->isBeforeInBlock(b.last()); });
  return groups;
}

} // namespace cnnc::fuse
