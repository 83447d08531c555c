//===- Layouts.cpp - blocks, halos, parameters ----------------------------===//

#include "passes/fuse/Layouts.h"
#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/Images.h"

using namespace mlir;

namespace cnnc::fuse {

using plan::LayoutAttr;
using plan::LayoutKind;

static std::array<int64_t, 4> haloFor(Value value) {
  std::array<int64_t, 4> halo{};
  for (OpOperand &use : value.getUses())
    if (auto reader = dyn_cast<cnn::ReachInterface>(use.getOwner())) {
      std::array<int64_t, 4> reach = reader.getReach(use.getOperandNumber());
      for (int side : {0, 1, 2, 3})
        halo[side] = std::max(halo[side], reach[side]);
    }
  return halo;
}

/// True for images that come straight from the caller and that only
/// convolutions read, element by element.
static bool isConvolutionInput(Value value) {
  Operation *producer = value.getDefiningOp();
  if (cast<RankedTensorType>(value.getType()).getRank() != 4 || !producer ||
      llvm::none_of(producer->getOperands(), [](Value operand) { return isa<BlockArgument>(operand); }))
    return false;
  return llvm::all_of(value.getUses(),
                      [](OpOperand &use) { return isa<cnn::ReachInterface>(use.getOwner()) && use.getOperandNumber() == 0; });
}

static LayoutAttr batchLayout(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  int64_t channels = type.getDimSize(1);
  int64_t block = channels < plan::blockSize && isConvolutionInput(value) ? channels : plan::blockSize;
  std::array<int64_t, 4> halo = haloFor(value);
  bool hasHalo = llvm::any_of(halo, [](int64_t size) { return size != 0; });
  return LayoutAttr::get(value.getContext(), LayoutKind::Batch, block, hasHalo ? ArrayRef<int64_t>(halo) : ArrayRef<int64_t>(),
                         false);
}

bool isOfKind(Operation *op, cnn::FusionKind kind) {
  auto fusible = dyn_cast<cnn::FusionInterface>(op);
  return fusible && fusible.getFusionKind() == kind;
}

bool repeatsElements(Operation *op) {
  auto fusible = dyn_cast<cnn::FusionInterface>(op);
  return fusible && fusible.repeatsElements();
}

static bool hasBatch(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.getRank() > 0 && type.isDynamicDim(0);
}

/// True for images that some op reads in blocks, by itself or behind elementwise ops: a reshape puts them there.
static bool areReadInBlocks(Value images) {
  SmallVector<Value> values{images};
  SmallPtrSet<Operation *, 8> seen;
  while (!values.empty())
    for (Operation *user : values.pop_back_val().getUsers()) {
      if (!isa<cnn::FusionInterface>(user) || isGeneral(user) || isReshape(user) || !seen.insert(user).second)
        continue;
      bool isPerChannel =
          llvm::any_of(user->getOperandTypes(), [](Type type) { return cast<RankedTensorType>(type).getRank() == 1; });
      if (!isElementwise(user) || isPerChannel)
        return true;
      llvm::append_range(values, user->getResults());
    }
  return false;
}

bool isRowMajor(Value value, const Layouts &layouts) {
  Operation *producer = value.getDefiningOp();
  if (!producer || isGeneral(producer))
    return true;
  if (auto copy = dyn_cast<plan::CopyOp>(producer))
    return copy.getRowMajor();
  if (repeatsElements(producer) && !hasBatch(value))
    return true; // what is repeated has no place in the order of a parameter
  if (isReshape(producer) && cnn::isImages(cast<RankedTensorType>(value.getType())) && areReadInBlocks(value))
    return false;
  bool reshapes = isReshape(producer), follows = reshapes || isElementwise(producer);
  bool leavesBatch = reshapes && hasBatch(producer->getOperand(0)) && !hasBatch(value);
  return leavesBatch || (follows && llvm::any_of(producer->getOperands(), [&](Value operand) {
                           bool isInput = isa<BlockArgument>(operand) && hasBatch(operand);
                           return !isInput && layouts.lookup(operand).getKind() == LayoutKind::Plain;
                         }));
}

static LayoutAttr layoutOf(Value value, Operation *terminator, const Layouts &layouts) {
  auto type = cast<RankedTensorType>(value.getType());
  LayoutAttr plain = LayoutAttr::get(value.getContext(), LayoutKind::Plain, plan::blockSize, {}, false);
  Operation *producer = value.getDefiningOp();
  bool isParameter = (producer && isa<cnn::ReadOp, cnn::ReadGradientOp, cnn::ConstantOp>(producer)) ||
                     llvm::any_of(value.getUsers(), [](Operation *user) { return isa<cnn::WriteOp, cnn::AddGradientOp>(user); });
  bool isReturned = llvm::is_contained(value.getUsers(), terminator);
  if (type.getRank() == 0 || isParameter || (!hasBatch(value) && !isReturned && !isRowMajor(value, layouts)))
    return plan::parameterLayout(type);
  bool onlyReturned = isReturned && value.hasOneUse();
  if (isa<BlockArgument>(value) || !type.getElementType().isF32() || onlyReturned || !cnn::isImages(type) ||
      isRowMajor(value, layouts))
    return plain;
  return batchLayout(value);
}

Layouts assignLayouts(Block &block) {
  Layouts layouts;
  Operation *terminator = block.getTerminator();
  for (Value argument : block.getArguments())
    layouts[argument] = layoutOf(argument, terminator, layouts);
  for (Operation &op : block)
    for (Value result : op.getResults())
      layouts[result] = layoutOf(result, terminator, layouts);
  return layouts;
}

} // namespace cnnc::fuse
