//===- Groups.cpp - elementwise ops join the op before them ---------------===//

#include "passes/fuse/Groups.h"
#include "dialects/cnn/Cnn.h"
#include "dialects/plan/Plan.h"
#include "passes/fuse/Layouts.h"

using namespace mlir;

namespace cnnc::fuse {

using cnn::FusionInterface;

/// Ops of one kernel at the most: their values are computed one through the
/// other, and a kernel is compiled as a whole.
static constexpr size_t mostOps = 256;

namespace {

/// Grows one group at a time over a block; an op is in one group at the most.
class Grouper {
public:
  Grouper(Block &block, const Layouts &layouts) : block(block), layouts(layouts) {}
  SmallVector<Group> run();

private:
  void grow(Operation *first, Operation *leader);
  bool liesAlike(Operation *op, Operation *other) const;
  bool fits(Operation *op, const Group &group) const;
  void add(Operation *op, Group &group);

  Block &block;
  const Layouts &layouts;
  DenseSet<Operation *> taken;
  SmallVector<Group> groups;
};

} // namespace

static bool readsAny(Operation *op, const Group &group) {
  return llvm::any_of(op->getOperands(), [&](Value operand) { return group.ops.contains(operand.getDefiningOp()); });
}

/// True if every operand lies where the result does, is a scalar or is broadcast: what rows need.
static bool worksOnRows(Operation *op) {
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  return repeatsElements(op) || llvm::all_of(op->getOperandTypes(), [&](Type type) {
           auto operand = cast<RankedTensorType>(type);
           return operand.getShape() == result.getShape() || operand.getRank() == 0;
         });
}

/// True unless one result is packed as weights are and the other row-major: the loop over one says nothing of the other.
bool Grouper::liesAlike(Operation *op, Operation *other) const {
  auto isPacked = [&](Operation *one) { return layouts.at(one->getResult(0)).getKind() == plan::LayoutKind::Kernel; };
  return isPacked(op) == isPacked(other);
}

/// True if `op` may be computed in the same loop as the group: same shape, and
/// it reads the group, but nothing of the leader that is complete only when
/// the last stage is (all but the first result).
bool Grouper::fits(Operation *op, const Group &group) const {
  Operation *first = group.leader ? group.leader : group.ops.front();
  if (taken.contains(op) || isa<plan::CopyOp>(first) || !isElementwise(op) || !readsAny(op, group) ||
      op->getResult(0).getType() != first->getResult(0).getType())
    return false;
  if (group.leader && isGeneral(group.leader) && !worksOnRows(op))
    return false;
  if (!liesAlike(op, first))
    return false;
  return llvm::none_of(op->getOperands(), [&](Value operand) {
    return group.leader && operand.getDefiningOp() == group.leader && operand != group.leader->getResult(0);
  });
}

/// Adds `op`, and before it the elementwise ops that only it and the group read.
void Grouper::add(Operation *op, Group &group) {
  group.ops.insert(op);
  taken.insert(op);
  for (Value operand : op->getOperands()) {
    Operation *producer = operand.getDefiningOp();
    if (!producer || op == group.leader || taken.contains(producer) || group.ops.size() >= mostOps || !isElementwise(producer) ||
        !liesAlike(producer, op) || producer->getResult(0).getType() != op->getResult(0).getType())
      continue;
    bool isPrivate =
        llvm::all_of(producer->getUsers(), [&](Operation *user) { return group.ops.contains(user) && user != group.leader; });
    if (isPrivate)
      add(producer, group);
  }
}

/// Forms the group of `first` and of the elementwise ops after it. The kernel
/// runs where its last op stands; an op in between that reads a result, or a
/// phase, ends the growth. Writes to parameters wait until the kernel has run.
void Grouper::grow(Operation *first, Operation *leader) {
  Group group;
  group.leader = leader;
  group.ops.insert(first);
  taken.insert(first);
  SmallVector<Operation *> writes;
  for (Operation *next = first->getNextNode(); next; next = next->getNextNode()) {
    if (isa<cnn::PhaseOp>(next))
      break;
    if (isa<cnn::WriteOp, cnn::AddGradientOp>(next) && readsAny(next, group))
      writes.push_back(next);
    else if (group.ops.size() < mostOps && fits(next, group))
      add(next, group);
    else if (readsAny(next, group))
      break;
  }
  SmallVector<Operation *> ordered = group.ops.takeVector();
  llvm::sort(ordered, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  group.ops.insert(ordered.begin(), ordered.end());
  for (Operation *write : llvm::reverse(writes))
    if (write->isBeforeInBlock(group.last()))
      write->moveAfter(group.last());
  groups.push_back(std::move(group));
}

SmallVector<Group> Grouper::run() {
  for (Operation &op : block)
    if (isa<FusionInterface>(op) && !isElementwise(&op))
      grow(&op, &op);
  for (Operation &op : block)
    if (isa<FusionInterface, plan::CopyOp>(op) && !taken.contains(&op))
      grow(&op, nullptr);
  llvm::sort(groups, [](const Group &a, const Group &b) { return a.last()->isBeforeInBlock(b.last()); });
  return std::move(groups);
}

SmallVector<Group> formGroups(Block &block, const Layouts &layouts) { return Grouper(block, layouts).run(); }

} // namespace cnnc::fuse
