//===- Fuse.cpp - functions become kernels and programs -------------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/Images.h"
#include "dialects/plan/Plan.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include "passes/Passes.h"
#include "passes/fuse/Groups.h"
#include "passes/fuse/Layouts.h"
#include "passes/fuse/Outline.h"

using namespace mlir;

namespace cnnc {
#define GEN_PASS_DEF_FUSEPASS
#include "passes/Passes.h.inc"

namespace {

bool isKernelOp(Operation *op) { return isa_and_nonnull<cnn::FusionInterface, plan::CopyOp>(op); }

/// The caller's tensors are plain. Elementwise kernels read them as they are;
/// all others get a copy in blocks.
void copyInputs(Block &block) {
  for (BlockArgument argument : block.getArguments()) {
    auto type = cast<RankedTensorType>(argument.getType());
    auto wantsBlocks = [](OpOperand &use) {
      Operation *op = use.getOwner();
      return isa<cnn::FusionInterface>(op) && !fuse::isElementwise(op) && !fuse::isGeneral(op);
    };
    if (!type.getElementType().isF32() || !cnn::isImages(type) || llvm::none_of(argument.getUses(), wantsBlocks))
      continue;
    OpBuilder builder = OpBuilder::atBlockBegin(&block);
    Value copy = plan::CopyOp::create(builder, argument.getLoc(), argument);
    argument.replaceUsesWithIf(copy, wantsBlocks);
  }
}

/// General ops read rows; all that lead a kernel of images read blocks, and packed kernels. Reshapes read both.
void copyBetweenLayouts(Block &block) {
  fuse::Layouts layouts = fuse::assignLayouts(block);
  DenseMap<Value, Value> copies[2]; // in blocks, in rows
  for (Operation &op : llvm::make_early_inc_range(block)) {
    auto fusible = dyn_cast<cnn::FusionInterface>(op);
    if (!fusible || fuse::isElementwise(&op) || fuse::isReshape(&op))
      continue;
    for (OpOperand &operand : op.getOpOperands()) {
      Value value = operand.get();
      auto type = cast<RankedTensorType>(value.getType());
      plan::LayoutKind kind = layouts.at(value).getKind();
      bool wantsRows = fuse::isGeneral(&op) && (kind == plan::LayoutKind::Batch || kind == plan::LayoutKind::Kernel);
      bool wantsBlocks = !fuse::isGeneral(&op) && kind == plan::LayoutKind::Plain && cnn::isImages(type) &&
                         type.getElementType().isF32() && !isa<BlockArgument>(value);
      bool wantsPacked = fusible.readsKernels() && kind == plan::LayoutKind::Plain && type.hasStaticShape() &&
                         plan::parameterLayout(type).getKind() == plan::LayoutKind::Kernel && !isa<BlockArgument>(value);
      if (!wantsRows && !wantsBlocks && !wantsPacked)
        continue;
      Value &copy = copies[wantsRows][value];
      if (!copy) {
        OpBuilder builder(&op);
        copy = plan::CopyOp::create(builder, op.getLoc(), value, wantsRows);
        layouts[copy] = {};
      }
      operand.set(copy);
    }
  }
}

/// What leaves the function (returned, written to a parameter, added to a
/// gradient) is computed in the place it goes to, by a kernel of its own if
/// something else reads it too, or if it is packed there and elementwise ops
/// make it row by row. Of a tensor without elements nothing does.
void copyOutputs(Block &block) {
  fuse::Layouts layouts = fuse::assignLayouts(block);
  for (Operation &op : block) {
    if (!isa<cnn::WriteOp, cnn::AddGradientOp>(op) && !op.hasTrait<OpTrait::IsTerminator>())
      continue;
    for (OpOperand &operand : op.getOpOperands()) {
      auto type = cast<RankedTensorType>(operand.get().getType());
      bool isEmpty = type.hasStaticShape() && type.getNumElements() == 0;
      Operation *producer = operand.get().getDefiningOp();
      bool isRepacked = producer && fuse::isElementwise(producer) &&
                        layouts.lookup(operand.get()).getKind() == plan::LayoutKind::Kernel &&
                        fuse::isRowMajor(operand.get(), layouts);
      if (isEmpty || (isKernelOp(producer) && operand.get().hasOneUse() && !isRepacked))
        continue;
      OpBuilder builder(&op);
      operand.set(plan::CopyOp::create(builder, op.getLoc(), operand.get()));
    }
  }
}

/// Moves the body of a function into a program of the same name.
void makeProgram(func::FuncOp function) {
  OpBuilder builder(function);
  auto program = plan::ProgramOp::create(builder, function.getLoc(), function.getSymName());
  program.getBody().takeBody(function.getBody());
  Operation *terminator = program.getBody().front().getTerminator();
  builder.setInsertionPoint(terminator);
  plan::YieldOp::create(builder, terminator->getLoc(), terminator->getOperands());
  terminator->erase();
  for (NamedAttribute attribute : function->getDiscardableAttrs())
    program->setAttr(attribute.getName(), attribute.getValue());
  for (StringRef name : {function.getArgAttrsAttrName(), function.getResAttrsAttrName()})
    if (Attribute attributes = function->getAttr(name))
      program->setAttr(name, attributes);
  function.erase();
}

struct FusePass : impl::FusePassBase<FusePass> {
  using FusePassBase::FusePassBase;

  void runOnOperation() override {
    fuse::Outliner outliner(getOperation());
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      Block &block = function.getBody().front();
      copyInputs(block);
      copyBetweenLayouts(block);
      copyOutputs(block);
      fuse::Layouts layouts = fuse::assignLayouts(block);
      SmallVector<fuse::Group> groups = fuse::formGroups(block, layouts);
      for (const fuse::Group &group : groups) {
        fused += group.leader ? group.ops.size() - 1 : 0;
        outliner.outline(group, layouts);
      }
      makeProgram(function);
    }
    kernels = outliner.getNumKernels();
    launches = outliner.getNumLaunches();
  }
};

} // namespace
} // namespace cnnc
