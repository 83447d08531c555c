//===- Simplify.cpp - ops that do nothing, ops that are one ---------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/Images.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/Passes.h"
#include "passes/graph/Permutable.h"
#include "passes/graph/SimplifyImages.h"

namespace cnnc {
#define GEN_PASS_DEF_SIMPLIFYPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

LogicalResult dropNeutralDropout(cnn::DropoutOp op, PatternRewriter &rewriter) {
  if (!op.getRatio().isZero())
    return rewriter.notifyMatchFailure(op, "drops something");
  rewriter.replaceOp(op, op.getInput());
  return success();
}

LogicalResult dropNeutralPad(cnn::PadOp op, PatternRewriter &rewriter) {
  if (op.getType() != op.getInput().getType())
    return rewriter.notifyMatchFailure(op, "pads something");
  rewriter.replaceOp(op, op.getInput());
  return success();
}

LogicalResult dropNeutralSlice(cnn::SliceOp op, PatternRewriter &rewriter) {
  if (op.getType() != op.getInput().getType())
    return rewriter.notifyMatchFailure(op, "cuts something off");
  rewriter.replaceOp(op, op.getInput());
  return success();
}

LogicalResult dropConcatOfOne(cnn::ConcatOp op, PatternRewriter &rewriter) {
  if (op.getInputs().size() != 1)
    return rewriter.notifyMatchFailure(op, "joins several operands");
  rewriter.replaceOp(op, op.getInputs());
  return success();
}

LogicalResult mergeReshapes(cnn::ReshapeOp op, PatternRewriter &rewriter) {
  Value source = op.getInput();
  if (auto producer = source.getDefiningOp<cnn::ReshapeOp>())
    source = producer.getInput();
  if (source.getType() == op.getType())
    rewriter.replaceOp(op, source);
  else if (source != op.getInput())
    rewriter.replaceOpWithNewOp<cnn::ReshapeOp>(op, op.getType(), source);
  else
    return rewriter.notifyMatchFailure(op, "reshapes something that is no reshape");
  return success();
}

LogicalResult mergeTransposes(cnn::TransposeOp op, PatternRewriter &rewriter) {
  auto producer = op.getInput().getDefiningOp<cnn::TransposeOp>();
  Value source = producer ? producer.getInput() : op.getInput();
  Permutation permutation = producer ? compose(producer.getPermutation(), op.getPermutation()) : Permutation(op.getPermutation());
  if (!producer && !movesNothing(op.getInput().getType().getShape(), permutation))
    return rewriter.notifyMatchFailure(op, "moves elements, and its input is no transpose");
  rewriter.replaceOp(op, transpose(rewriter, op.getLoc(), source, permutation));
  return success();
}

/// Elementwise ops on what was images go before the reshape, so that reshapes there and back meet.
struct SinkReshape : OpInterfaceRewritePattern<cnn::FusionInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(cnn::FusionInterface fusible, PatternRewriter &rewriter) const override {
    Operation *op = fusible;
    bool isSame = fusible.getFusionKind() == cnn::FusionKind::Elementwise && !isa<cnn::ModalInterface>(op) &&
                  op->getNumResults() == 1 && op->getNumOperands() > 0 &&
                  llvm::all_of(op->getOperandTypes(), [&](Type type) { return type == op->getResult(0).getType(); });
    if (!isSame)
      return rewriter.notifyMatchFailure(op, "is not the same for every element");
    SmallVector<Value> images;
    for (Value operand : op->getOperands()) {
      auto reshape = operand.getDefiningOp<cnn::ReshapeOp>();
      bool leaves =
          reshape && reshape->hasOneUse() && cnn::isImages(reshape.getInput().getType()) && !cnn::isImages(reshape.getType());
      if (!leaves || (!images.empty() && images[0].getType() != reshape.getInput().getType()))
        return rewriter.notifyMatchFailure(op, "works on something that is no reshape of images");
      images.push_back(reshape.getInput());
    }
    Operation *before = rewriter.clone(*op);
    rewriter.modifyOpInPlace(before, [&] {
      before->setOperands(images);
      before->getResult(0).setType(images[0].getType());
    });
    rewriter.replaceOpWithNewOp<cnn::ReshapeOp>(op, op->getResult(0).getType(), before->getResult(0));
    return success();
  }
};

LogicalResult mergeAffines(cnn::AffineOp op, PatternRewriter &rewriter) {
  double scale = op.getScale().convertToDouble(), offset = op.getOffset().convertToDouble();
  if (scale == 1 && offset == 0) {
    rewriter.replaceOp(op, op.getInput());
    return success();
  }
  auto producer = op.getInput().getDefiningOp<cnn::AffineOp>();
  if (!producer)
    return rewriter.notifyMatchFailure(op, "is not the identity, and its input is no affine map");
  double innerScale = producer.getScale().convertToDouble(), innerOffset = producer.getOffset().convertToDouble();
  rewriter.replaceOpWithNewOp<cnn::AffineOp>(op, op.getType(), producer.getInput(), rewriter.getF64FloatAttr(scale * innerScale),
                                             rewriter.getF64FloatAttr(scale * innerOffset + offset));
  return success();
}

struct SimplifyPass : impl::SimplifyPassBase<SimplifyPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add(dropNeutralDropout);
    patterns.add(dropNeutralPad);
    patterns.add(dropNeutralSlice);
    patterns.add(dropConcatOfOne);
    patterns.add(mergeReshapes);
    patterns.add(mergeTransposes);
    patterns.add(mergeAffines);
    patterns.add<SinkReshape>(&getContext());
    populateSimplifyImagesPatterns(patterns);
    bool changed = false;
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns), GreedyRewriteConfig(), &changed)))
      return signalPassFailure();
    rewrites += changed;
  }
};

} // namespace
} // namespace cnnc
