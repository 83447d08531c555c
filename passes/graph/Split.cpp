//===- Split.cpp - @forward and @loss become @infer and @train ------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "passes/Passes.h"

namespace cnnc {
#define GEN_PASS_DEF_SPLITPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

enum class Mode { Inference, Training };

/// Replaces every mode-neutral op of `function` by what it is in `mode`.
LogicalResult lowerModalOps(func::FuncOp function, Mode mode) {
  SmallVector<cnn::ModalInterface> ops;
  function.walk([&](cnn::ModalInterface op) { ops.push_back(op); });
  IRRewriter rewriter(function.getContext());
  for (cnn::ModalInterface op : ops) {
    rewriter.setInsertionPoint(op);
    if (failed(mode == Mode::Inference ? op.lowerToInference(rewriter) : op.lowerToTraining(rewriter)))
      return op.emitOpError("has no form for this mode");
  }
  return success();
}

/// Clones `forward` followed by `loss` into a function that takes the inputs
/// and the targets and returns the loss.
func::FuncOp joinForwardAndLoss(func::FuncOp forward, func::FuncOp loss) {
  unsigned predictions = forward.getNumResults();
  SmallVector<Type> argumentTypes(forward.getArgumentTypes());
  llvm::append_range(argumentTypes, loss.getArgumentTypes().drop_front(predictions));
  OpBuilder builder(forward->getContext());
  builder.setInsertionPointAfter(forward);
  auto train =
      func::FuncOp::create(builder, loss.getLoc(), "train", builder.getFunctionType(argumentTypes, loss.getResultTypes()));
  for (unsigned i = 0; i < forward.getNumArguments(); ++i)
    train.setArgAttrs(i, forward.getArgAttrDict(i));
  for (unsigned i = predictions; i < loss.getNumArguments(); ++i) {
    unsigned target = forward.getNumArguments() + i - predictions;
    train.setArgAttrs(target, loss.getArgAttrDict(i));
    train.setArgAttr(target, "cnn.target", builder.getUnitAttr());
  }
  for (unsigned i = 0; i < loss.getNumResults(); ++i)
    train.setResultAttrs(i, loss.getResultAttrDict(i));

  Block *entry = train.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  IRMapping mapping;
  mapping.map(forward.getArguments(), entry->getArguments().take_front(forward.getNumArguments()));
  for (Operation &op : forward.front().without_terminator())
    builder.clone(op, mapping);
  for (auto [argument, value] : llvm::zip(loss.getArguments(), forward.front().getTerminator()->getOperands()))
    mapping.map(argument, mapping.lookup(value));
  mapping.map(loss.getArguments().drop_front(predictions), entry->getArguments().drop_front(forward.getNumArguments()));
  for (Operation &op : loss.front())
    builder.clone(op, mapping);
  return train;
}

ArrayRef<int64_t> classesOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape().take_front(2); }

/// Cross entropy does not see what is added to all logits of an example: the
/// logarithm of a softmax is the softmax's input to it.
void takeLogits(func::FuncOp train) {
  for (cnn::SoftmaxCrossEntropyOp loss : train.getOps<cnn::SoftmaxCrossEntropyOp>()) {
    auto logarithm = loss.getPrediction().getDefiningOp<cnn::LogOp>();
    Value input = logarithm ? logarithm.getInput() : Value();
    SmallVector<cnn::ReshapeOp> reshapes;
    for (auto reshape = input ? input.getDefiningOp<cnn::ReshapeOp>() : cnn::ReshapeOp(); reshape;
         reshape = input.getDefiningOp<cnn::ReshapeOp>()) {
      reshapes.push_back(reshape);
      input = reshape.getInput();
    }
    auto softmax = input ? input.getDefiningOp<cnn::SoftmaxOp>() : cnn::SoftmaxOp();
    // A reshape between them leaves the classes where they are.
    if (!softmax || classesOf(softmax.getResult()) != classesOf(loss.getPrediction()))
      continue;
    OpBuilder builder(loss);
    Value logits = softmax.getInput();
    for (cnn::ReshapeOp reshape : llvm::reverse(reshapes))
      logits = cnn::ReshapeOp::create(builder, reshape.getLoc(), reshape.getType(), logits);
    loss.getPredictionMutable().assign(logits);
    SmallVector<Operation *> unused{logarithm};
    llvm::append_range(unused, reshapes);
    unused.push_back(softmax);
    for (Operation *op : unused)
      if (op->use_empty())
        op->erase();
  }
}

/// `loss` takes the results of `forward`, then the targets, and returns a scalar.
LogicalResult checkLoss(func::FuncOp forward, func::FuncOp loss) {
  ArrayRef<Type> wanted = forward.getResultTypes(), arguments = loss.getArgumentTypes();
  if (arguments.take_front(wanted.size()) != wanted)
    return loss.emitOpError("takes ") << arguments.take_front(wanted.size()) << " first, but @forward returns " << wanted;
  if (loss.getNumResults() != 1 || cast<RankedTensorType>(loss.getResultTypes()[0]).getRank() != 0)
    return loss.emitOpError("needs one scalar result, got ") << loss.getResultTypes();
  return success();
}

struct SplitPass : impl::SplitPassBase<SplitPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto forward = module.lookupSymbol<func::FuncOp>("forward");
    auto loss = module.lookupSymbol<func::FuncOp>("loss");
    if (!forward || !forward.getBody().hasOneBlock()) {
      module.emitError("needs a function @forward of one block to split");
      return signalPassFailure();
    }
    if (loss) {
      if (failed(checkLoss(forward, loss)))
        return signalPassFailure();
      func::FuncOp train = joinForwardAndLoss(forward, loss);
      takeLogits(train);
      if (failed(lowerModalOps(train, Mode::Training)))
        return signalPassFailure();
      loss.erase();
    }
    forward.setName("infer");
    if (failed(lowerModalOps(forward, Mode::Inference)))
      signalPassFailure();
  }
};

} // namespace
} // namespace cnnc
