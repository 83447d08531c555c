//===- IndexGradients.cpp - elements by their numbers ---------------------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

// What numbers elements is the same everywhere near.
static void differentiateArgMax(cnn::ArgMaxOp, Vjp &) {}
static void differentiateTopK(cnn::TopKOp, Vjp &) {}
static void differentiateOneHot(cnn::OneHotOp, Vjp &) {}

/// Zeros in the place of `x`, whatever it is.
static Value zerosLike(Vjp &vjp, Value x) {
  FloatAttr zero = vjp.getBuilder().getF64FloatAttr(0);
  return vjp.create<cnn::ClipOp>(x.getType(), x, zero, zero);
}

static void differentiateGatherElements(cnn::GatherElementsOp op, Vjp &vjp) {
  if (vjp.needs(0))
    vjp.set(0, vjp.create<cnn::ScatterElementsOp>(op.getInput().getType(), zerosLike(vjp, op.getInput()), op.getIndices(),
                                                  vjp.resultGradient(), op.getAxis(), "add"));
}
static void differentiateGatherNd(cnn::GatherNdOp op, Vjp &vjp) {
  if (vjp.needs(0))
    vjp.set(0, vjp.create<cnn::ScatterNdOp>(op.getInput().getType(), zerosLike(vjp, op.getInput()), op.getIndices(),
                                            vjp.resultGradient(), op.getBatchDims(), "add"));
}

/// `gather(x)` gives what lies where the updates went, `scatter(x, updates, reduction)` is the op on other operands.
/// Updates of one place by "none" all take the gradient there: which of them stayed is not asked.
static LogicalResult differentiateScatter(Operation *op, StringRef reduction, Vjp &vjp, llvm::function_ref<Value(Value)> gather,
                                          llvm::function_ref<Value(Value, Value, StringRef)> scatter) {
  Value dy = vjp.resultGradient(), y = op->getResult(0), input = op->getOperand(0), updates = op->getOperand(2);
  if (reduction == "add" || reduction == "none") {
    if (vjp.needs(0))
      vjp.set(0, reduction == "add" ? dy : scatter(dy, zerosLike(vjp, updates), "none"));
    if (vjp.needs(2))
      vjp.set(2, gather(dy));
    return success();
  }
  if (reduction == "mul") { // the product without the factor itself, which is not zero where this is asked
    Value product = vjp.mul(dy, y);
    if (vjp.needs(0))
      vjp.set(0, vjp.create<cnn::DivOp>(y.getType(), product, input));
    if (vjp.needs(2))
      vjp.set(2, vjp.create<cnn::DivOp>(updates.getType(), gather(product), updates));
    return success();
  }
  // Who is the extreme takes the gradient.
  if (vjp.needs(0))
    vjp.set(0, vjp.mul(dy, vjp.apply<cnn::EqualOp>(input, y)));
  if (vjp.needs(2))
    vjp.set(2, vjp.mul(gather(dy), vjp.apply<cnn::EqualOp>(updates, gather(y))));
  return success();
}

static LogicalResult differentiateScatterElements(cnn::ScatterElementsOp op, Vjp &vjp) {
  return differentiateScatter(
      op, op.getReduction(), vjp,
      [&](Value x) { return vjp.create<cnn::GatherElementsOp>(op.getUpdates().getType(), x, op.getIndices(), op.getAxis()); },
      [&](Value x, Value updates, StringRef reduction) {
        return vjp.create<cnn::ScatterElementsOp>(op.getType(), x, op.getIndices(), updates, op.getAxis(), reduction);
      });
}
static LogicalResult differentiateScatterNd(cnn::ScatterNdOp op, Vjp &vjp) {
  return differentiateScatter(
      op, op.getReduction(), vjp,
      [&](Value x) { return vjp.create<cnn::GatherNdOp>(op.getUpdates().getType(), x, op.getIndices(), op.getBatchDims()); },
      [&](Value x, Value updates, StringRef reduction) {
        return vjp.create<cnn::ScatterNdOp>(op.getType(), x, op.getIndices(), updates, op.getBatchDims(), reduction);
      });
}

static void differentiateGridSample(cnn::GridSampleOp op, Vjp &vjp) {
  Value dy = vjp.resultGradient();
  if (vjp.needs(0))
    vjp.set(0, vjp.create<cnn::GridSampleInputGradOp>(op.getInput().getType(), dy, op.getGrid(), op.getModeAttr(),
                                                      op.getPaddingAttr(), op.getAlignCornersAttr()));
  if (vjp.needs(1))
    vjp.set(1, vjp.create<cnn::GridSampleGridGradOp>(op.getGrid().getType(), op.getInput(), op.getGrid(), dy, op.getModeAttr(),
                                                     op.getPaddingAttr(), op.getAlignCornersAttr()));
}

void cnnc::attachIndexGradients(MLIRContext *context) {
  attachGradient<cnn::ArgMaxOp, differentiateArgMax>(context);
  attachGradient<cnn::TopKOp, differentiateTopK>(context);
  attachGradient<cnn::OneHotOp, differentiateOneHot>(context);
  attachGradient<cnn::GatherElementsOp, differentiateGatherElements>(context);
  attachGradient<cnn::GatherNdOp, differentiateGatherNd>(context);
  attachGradient<cnn::ScatterElementsOp, differentiateScatterElements>(context);
  attachGradient<cnn::ScatterNdOp, differentiateScatterNd>(context);
  attachGradient<cnn::GridSampleOp, differentiateGridSample>(context);
}
