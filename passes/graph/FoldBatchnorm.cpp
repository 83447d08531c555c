//===- FoldBatchnorm.cpp - batch norm of inference, computed ahead --------===//
//
// Behind a convolution or dense layer of its own a batch norm is a factor on
// the kernel and a bias; anywhere else it is a scale and a shift. @prepare
// computes both from the parameters, whenever those have changed, and with
// them every other kernel that parameters alone give.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"
#include "passes/graph/Preparation.h"

namespace cnnc {
#define GEN_PASS_DEF_FOLDBATCHNORMPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

/// What a batch norm can be folded into: a layer that is linear in its kernel,
/// and the bias between the two, if there is one.
struct Target {
  cnn::LinearInterface layer;
  cnn::BiasOp bias;
};

bool isRead(Value value) { return value.getDefiningOp<cnn::ReadOp>(); }

/// The parameter that a kernel is, perhaps in another shape with the same output channels; null if it is computed.
cnn::ReadOp kernelOf(Value kernel) {
  auto reshape = kernel.getDefiningOp<cnn::ReshapeOp>();
  if (reshape && reshape.getInput().getType().getDimSize(0) == reshape.getType().getDimSize(0))
    kernel = reshape.getInput();
  return kernel.getDefiningOp<cnn::ReadOp>();
}

/// The layer whose kernel can take up the scale of `op`: nothing else may see
/// what lies between.
std::optional<Target> findTarget(cnn::BatchnormInferOp op) {
  Target target;
  Value value = op.getInput();
  if ((target.bias = value.getDefiningOp<cnn::BiasOp>())) {
    if (!value.hasOneUse() || !isRead(target.bias.getBias()))
      return std::nullopt;
    value = target.bias.getInput();
  }
  target.layer = value.getDefiningOp<cnn::LinearInterface>();
  if (!target.layer || !value.hasOneUse() || !kernelOf(target.layer.getKernelMutable().get()))
    return std::nullopt;
  return target;
}

/// Replaces `op` by ops on derived parameters. False if it is not computed
/// from parameters alone.
bool fold(cnn::BatchnormInferOp op, Preparation &preparation, bool &intoKernel) {
  if (!llvm::all_of(op->getOperands().drop_front(), isRead))
    return false;
  Location loc = op.getLoc();
  auto scaleRead = op.getScale().getDefiningOp<cnn::ReadOp>(), shiftRead = op.getShift().getDefiningOp<cnn::ReadOp>();
  std::optional<Target> target = findTarget(op);
  intoKernel = target.has_value();

  Value scale = preparation.read(scaleRead), shift = preparation.read(shiftRead);
  Value mean = preparation.read(op.getMean().getDefiningOp<cnn::ReadOp>());
  Value variance = preparation.read(op.getVariance().getDefiningOp<cnn::ReadOp>());
  Type channels = scale.getType();
  // A bias moves the mean: (x + b - mean) · s = (x - (mean - b)) · s.
  if (target && target->bias) {
    Value bias = preparation.read(target->bias.getBias().getDefiningOp<cnn::ReadOp>());
    mean = cnn::SubOp::create(preparation.atEnd(), loc, channels, mean, bias);
  }
  auto folded = cnn::FoldBatchnormOp::create(preparation.atEnd(), loc, TypeRange{channels, channels}, scale, shift, mean,
                                             variance, op.getEpsilonAttr());

  OpBuilder builder(op);
  auto readDerived = [&](Value value, cnn::ReadOp source) -> Value {
    return cnn::ReadOp::create(builder, loc, value.getType(), preparation.derive(value, source));
  };
  Value result;
  if (target) {
    OpOperand &kernel = target->layer.getKernelMutable();
    Value whole = preparation.copyKernel(kernel.get());
    Value foldedKernel =
        cnn::FoldKernelOp::create(preparation.atEnd(), loc, kernel.get().getType(), whole, folded.getFoldedScale());
    builder.setInsertionPoint(target->layer);
    Operation *original = kernel.get().getDefiningOp();
    kernel.set(readDerived(foldedKernel, kernelOf(kernel.get())));
    if (isa<cnn::ReshapeOp>(original) && original->use_empty())
      original->erase();
    builder.setInsertionPoint(op);
    result = cnn::BiasOp::create(builder, loc, op.getType(), target->layer->getResult(0),
                                 readDerived(folded.getFoldedShift(), shiftRead));
  } else {
    Value newScale = readDerived(folded.getFoldedScale(), scaleRead), newShift = readDerived(folded.getFoldedShift(), shiftRead);
    result = cnn::ScaleShiftOp::create(builder, loc, op.getType(), op.getInput(), newScale, newShift);
  }
  op.getResult().replaceAllUsesWith(result);
  op.erase();
  if (target && target->bias)
    target->bias.erase();
  return true;
}

struct FoldBatchnormPass : impl::FoldBatchnormPassBase<FoldBatchnormPass> {
  void runOnOperation() override {
    auto infer = getOperation().lookupSymbol<func::FuncOp>("infer");
    if (!infer)
      return;
    Preparation preparation(infer);
    for (auto op : llvm::to_vector(infer.getOps<cnn::BatchnormInferOp>())) {
      bool intoKernel = false;
      if (fold(op, preparation, intoKernel))
        ++(intoKernel ? folded : rescaled);
    }
    prepareKernels(infer, preparation);
    for (auto read : llvm::make_early_inc_range(infer.getOps<cnn::ReadOp>()))
      if (read.use_empty())
        read.erase();
  }
};

} // namespace
} // namespace cnnc
