//===- GeneralGradients.cpp - tensors of any rank -------------------------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

static void differentiateTranspose(cnn::TransposeOp op, Vjp &vjp) {
  SmallVector<int64_t> inverse(op.getPermutation().size());
  for (auto [i, dimension] : llvm::enumerate(op.getPermutation()))
    inverse[dimension] = i;
  vjp.set(0, vjp.create<cnn::TransposeOp>(vjp.resultGradient(), inverse));
}

/// The sum over everything that was repeated.
static void differentiateBroadcast(cnn::BroadcastOp op, Vjp &vjp) {
  RankedTensorType from = op.getInput().getType(), to = op.getType();
  int64_t added = to.getRank() - from.getRank();
  SmallVector<int64_t> axes;
  for (int64_t d = 0; d < to.getRank(); ++d)
    if (d < added || from.getDimSize(d - added) != to.getDimSize(d))
      axes.push_back(d);
  Value sum = axes.empty() ? vjp.resultGradient() : vjp.create<cnn::ReduceSumOp>(vjp.resultGradient(), axes);
  if (sum.getType() != from)
    sum = vjp.create<cnn::ReshapeOp>(from, sum);
  vjp.set(0, sum);
}

static void differentiateReduceSum(cnn::ReduceSumOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::BroadcastOp>(op.getInput().getType(), vjp.resultGradient()));
}

/// 1 where an element is the extreme, which `op` is: no distance to it.
template <typename OpTy> static void differentiateExtreme(OpTy op, double sign, Vjp &vjp) {
  Type type = op.getInput().getType();
  Value extreme = vjp.create<cnn::BroadcastOp>(type, op.getResult());
  Value distance = vjp.create<cnn::SubOp>(extreme, op.getInput());
  Value isOther = vjp.create<cnn::StepOp>(vjp.create<cnn::AffineOp>(distance, APFloat(sign), APFloat(0.0)));
  Value isExtreme = vjp.create<cnn::AffineOp>(isOther, APFloat(-1.0), APFloat(1.0));
  Value count = vjp.create<cnn::ReduceSumOp>(isExtreme, op.getAxes());
  Value share = vjp.create<cnn::DivOp>(vjp.resultGradient(), count);
  vjp.set(0, vjp.create<cnn::MulOp>(isExtreme, vjp.create<cnn::BroadcastOp>(type, share)));
}
static void differentiateReduceMax(cnn::ReduceMaxOp op, Vjp &vjp) { differentiateExtreme(op, 1, vjp); }
static void differentiateReduceMin(cnn::ReduceMinOp op, Vjp &vjp) { differentiateExtreme(op, -1, vjp); }

/// The product of all others: of those that are not zero, unless another is.
static void differentiateReduceProd(cnn::ReduceProdOp op, Vjp &vjp) {
  Type type = op.getInput().getType();
  Value isZero = vjp.apply<cnn::LogicalNotOp>(op.getInput()), factors = vjp.apply<cnn::AddOp>(op.getInput(), isZero);
  Value product = vjp.create<cnn::ReduceProdOp>(factors, op.getAxes()),
        zeros = vjp.create<cnn::ReduceSumOp>(isZero, op.getAxes());
  Value others = vjp.apply<cnn::SubOp>(vjp.create<cnn::BroadcastOp>(type, zeros), isZero);
  Value share = vjp.create<cnn::BroadcastOp>(type, vjp.mul(vjp.resultGradient(), product));
  vjp.set(0, vjp.mul(vjp.apply<cnn::DivOp>(share, factors), vjp.apply<cnn::LogicalNotOp>(others)));
}

/// An element is part of every sum from its own place on.
static void differentiateCumsum(cnn::CumsumOp op, Vjp &vjp) {
  UnitAttr turned = op.getReverse() ? UnitAttr() : vjp.getBuilder().getUnitAttr();
  vjp.set(0, vjp.create<cnn::CumsumOp>(op.getType(), vjp.resultGradient(), op.getAxisAttr(), op.getExclusiveAttr(), turned));
}

/// dA = dY Bᵀ, dB = Aᵀ dY. Neither form that only gradients use (a transposed left side, a sum) is differentiated.
static LogicalResult differentiateMatmul(cnn::MatmulOp op, Vjp &vjp) {
  if (op.getTransposeLhs() || op.getSumProducts())
    return op.emitOpError("is a gradient already: second derivatives are not computed");
  RankedTensorType rhs = op.getRhs().getType();
  UnitAttr yes = vjp.getBuilder().getUnitAttr();
  if (vjp.needs(0)) {
    SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(rhs.getRank()));
    std::swap(permutation[rhs.getRank() - 2], permutation[rhs.getRank() - 1]);
    Value transposed = vjp.create<cnn::TransposeOp>(op.getRhs(), permutation);
    vjp.set(0, vjp.create<cnn::MatmulOp>(vjp.resultGradient(), transposed, UnitAttr(), UnitAttr()));
  }
  bool isShared = rhs.getRank() == 2 && op.getLhs().getType().getRank() > 2;
  if (vjp.needs(1))
    vjp.set(1, vjp.create<cnn::MatmulOp>(op.getLhs(), vjp.resultGradient(), yes, isShared ? yes : UnitAttr()));
  return success();
}

static void differentiateGather(cnn::GatherOp op, Vjp &vjp) {
  if (vjp.needs(0))
    vjp.set(0, vjp.create<cnn::GatherGradOp>(op.getInput().getType(), vjp.resultGradient(), op.getIndices(), op.getAxisAttr()));
}

static void differentiateRowSoftmax(cnn::RowSoftmaxOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::RowSoftmaxGradOp>(op.getType(), op.getResult(), vjp.resultGradient()));
}

static void differentiateLayernorm(cnn::LayernormOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::LayernormGradOp>(op.getType(), op.getInput(), vjp.resultGradient(), op.getEpsilonAttr()));
}

void cnnc::attachGeneralGradients(MLIRContext *context) {
  attachGradient<cnn::RowSoftmaxOp, differentiateRowSoftmax>(context);
  attachGradient<cnn::LayernormOp, differentiateLayernorm>(context);
  attachGradient<cnn::TransposeOp, differentiateTranspose>(context);
  attachGradient<cnn::BroadcastOp, differentiateBroadcast>(context);
  attachGradient<cnn::ReduceSumOp, differentiateReduceSum>(context);
  attachGradient<cnn::ReduceProdOp, differentiateReduceProd>(context);
  attachGradient<cnn::CumsumOp, differentiateCumsum>(context);
  attachGradient<cnn::ReduceMaxOp, differentiateReduceMax>(context);
  attachGradient<cnn::ReduceMinOp, differentiateReduceMin>(context);
  attachGradient<cnn::MatmulOp, differentiateMatmul>(context);
  attachGradient<cnn::GatherOp, differentiateGather>(context);
}
