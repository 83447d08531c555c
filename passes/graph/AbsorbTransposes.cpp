//===- AbsorbTransposes.cpp - channel-last graphs become channel-first ----===//
//
// Exporters of channel-last frameworks put a transpose in front of each
// convolution and one behind it. What lies between two convolutions is a region
// of ops that any order of dimensions suits; in the order of the convolutions it
// needs none of them.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "passes/Passes.h"
#include "passes/graph/Permutable.h"

namespace cnnc {
#define GEN_PASS_DEF_ABSORBTRANSPOSESPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// What moving a tensor costs: its elements, per example where it is a batch. In any order it has as many.
int64_t cost(Value value, ArrayRef<int64_t> permutation) {
  int64_t elements = 1;
  for (int64_t size : typeOf(value).getShape())
    elements *= ShapedType::isDynamic(size) ? 1 : size;
  return movesNothing(typeOf(value).getShape(), permutation) ? 0 : elements;
}

/// Permutable ops that hand tensors of one rank to each other.
class Region {
public:
  /// All that is connected with `seed`; marks it as `seen`.
  Region(Operation *seed, DenseSet<Operation *> &seen);

  /// The order of dimensions that saves most, if any does.
  std::optional<Permutation> best() const;
  void permute(ArrayRef<int64_t> permutation);

private:
  bool isMember(Operation *op) const { return op && members.contains(op); }
  bool belongs(Operation *op) const { return op && isPermutable(op) && typeOf(op->getResult(0)).getRank() == rank; }
  /// What members read and none of them makes, with as many dimensions.
  SetVector<Value> inputs() const;
  int64_t saving(ArrayRef<int64_t> permutation) const;
  int64_t savingOfInput(Value input, ArrayRef<int64_t> permutation) const;
  int64_t savingOfResult(Value result, ArrayRef<int64_t> permutation) const;

  SetVector<Operation *> members;
  int64_t rank;
};

} // namespace

Region::Region(Operation *seed, DenseSet<Operation *> &seen) : rank(typeOf(seed->getResult(0)).getRank()) {
  SmallVector<Operation *> worklist{seed};
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    if (!belongs(op) || !seen.insert(op).second)
      continue;
    members.insert(op);
    llvm::append_range(worklist, op->getResult(0).getUsers());
    for (Value operand : op->getOperands())
      if (typeOf(operand).getRank() == rank)
        worklist.push_back(operand.getDefiningOp());
  }
}

SetVector<Value> Region::inputs() const {
  SetVector<Value> found;
  for (Operation *op : members)
    for (Value operand : op->getOperands())
      if (typeOf(operand).getRank() == rank && !isMember(operand.getDefiningOp()))
        found.insert(operand);
  return found;
}

/// A transpose that only members read goes, or moves something else; any other input needs one.
int64_t Region::savingOfInput(Value input, ArrayRef<int64_t> permutation) const {
  auto producer = input.getDefiningOp<cnn::TransposeOp>();
  if (!producer)
    return -cost(input, permutation);
  bool isPrivate = llvm::all_of(input.getUsers(), [&](Operation *user) { return isMember(user); });
  int64_t before = isPrivate ? cost(producer.getInput(), producer.getPermutation()) : 0;
  return before - cost(producer.getInput(), compose(producer.getPermutation(), permutation));
}

int64_t Region::savingOfResult(Value result, ArrayRef<int64_t> permutation) const {
  Permutation back = inverse(permutation);
  int64_t saved = 0;
  bool isReadAsItIs = false;
  for (Operation *user : result.getUsers()) {
    if (auto consumer = dyn_cast<cnn::TransposeOp>(user))
      saved += cost(result, consumer.getPermutation()) - cost(consumer.getResult(), compose(back, consumer.getPermutation()));
    else
      isReadAsItIs |= !isMember(user);
  }
  return saved - (isReadAsItIs ? cost(result, permutation) : 0);
}

int64_t Region::saving(ArrayRef<int64_t> permutation) const {
  int64_t saved = 0;
  for (Value input : inputs())
    saved += savingOfInput(input, permutation);
  for (Operation *op : members)
    saved += savingOfResult(op->getResult(0), permutation);
  return saved;
}

std::optional<Permutation> Region::best() const {
  SmallVector<Permutation> candidates;
  for (Value input : inputs())
    if (auto producer = input.getDefiningOp<cnn::TransposeOp>())
      candidates.push_back(inverse(producer.getPermutation()));
  for (Operation *op : members)
    for (Operation *user : op->getUsers())
      if (auto consumer = dyn_cast<cnn::TransposeOp>(user))
        candidates.push_back(Permutation(consumer.getPermutation()));
  // The first dimension is the batch, which pads and slices leave alone.
  llvm::erase_if(candidates, [](const Permutation &candidate) { return candidate.front() != 0; });
  llvm::sort(candidates);
  candidates.erase(llvm::unique(candidates), candidates.end());
  std::optional<Permutation> best;
  int64_t most = 0;
  for (const Permutation &candidate : candidates)
    if (int64_t saved = saving(candidate); saved > most) {
      best = candidate;
      most = saved;
    }
  return best;
}

/// Operand of a member in the new order. One of fewer dimensions, which is broadcast, gets those it lacks in front.
static Value operandFor(Value operand, ArrayRef<int64_t> permutation, OpBuilder &builder) {
  RankedTensorType type = typeOf(operand);
  int64_t missing = static_cast<int64_t>(permutation.size()) - type.getRank();
  if (type.getRank() == 0)
    return operand;
  if (missing > 0) {
    SmallVector<int64_t> shape(missing, 1);
    llvm::append_range(shape, type.getShape());
    operand = cnn::ReshapeOp::create(builder, operand.getLoc(), type.clone(shape), operand);
  }
  if (auto producer = operand.getDefiningOp<cnn::TransposeOp>())
    return transpose(builder, operand.getLoc(), producer.getInput(), compose(producer.getPermutation(), permutation));
  return transpose(builder, operand.getLoc(), operand, permutation);
}

void Region::permute(ArrayRef<int64_t> permutation) {
  SmallVector<Operation *> ordered(members.begin(), members.end());
  llvm::sort(ordered, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  DenseMap<Value, Value> moved;
  Permutation back = inverse(permutation);
  for (Operation *op : ordered) {
    OpBuilder builder(op);
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      Value &known = moved[operand];
      if (!known)
        known = operandFor(operand, permutation, builder);
      operands.push_back(known);
    }
    Value result = op->getResult(0), replacement = buildPermuted(op, builder, permutation, operands);
    moved[result] = replacement;
    Value original; // the result in its own order, for whoever else reads it
    for (OpOperand &use : llvm::make_early_inc_range(result.getUses())) {
      if (isMember(use.getOwner()))
        continue;
      if (auto consumer = dyn_cast<cnn::TransposeOp>(use.getOwner())) {
        OpBuilder at(consumer);
        consumer.replaceAllUsesWith(transpose(at, consumer.getLoc(), replacement, compose(back, consumer.getPermutation())));
        consumer.erase();
        continue;
      }
      if (!original)
        original = transpose(builder, op->getLoc(), replacement, back);
      use.set(original);
    }
  }
  for (Operation *op : llvm::reverse(ordered))
    op->erase();
}

namespace {

struct AbsorbTransposesPass : impl::AbsorbTransposesPassBase<AbsorbTransposesPass> {
  void runOnOperation() override {
    // Each change leaves fewer elements to move, so it ends.
    for (auto function : getOperation().getOps<func::FuncOp>())
      while (permuteOne(function.front()))
        ++permuted;
  }

private:
  bool permuteOne(Block &block) {
    DenseSet<Operation *> seen;
    for (Operation &op : block) {
      if (!isPermutable(&op) || seen.contains(&op))
        continue;
      Region region(&op, seen);
      if (std::optional<Permutation> permutation = region.best()) {
        region.permute(*permutation);
        eraseDead(block);
        return true;
      }
    }
    return false;
  }

  void eraseDead(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op)) {
        absorbed += isa<cnn::TransposeOp>(op);
        op.erase();
      }
  }
};

} // namespace
} // namespace cnnc
