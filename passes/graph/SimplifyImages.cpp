//===- SimplifyImages.cpp - general ops that images have ops for ----------===//

#include "passes/graph/SimplifyImages.h"
#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/Images.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace cnnc;

/// Zeros around the input of a convolution are its padding.
static LogicalResult foldPadIntoConvolution(cnn::ConvOp op, PatternRewriter &rewriter) {
  auto pad = op.getInput().getDefiningOp<cnn::PadOp>();
  if (!pad || !pad.getValue().isZero())
    return rewriter.notifyMatchFailure(op, "its input is no tensor with zeros around it");
  ArrayRef<int64_t> low = pad.getLow(), high = pad.getHigh(), interior = pad.getInterior();
  if (low[0] || high[0] || llvm::any_of(interior, [](int64_t count) { return count != 0; }))
    return rewriter.notifyMatchFailure(op, "channels are padded too, or places are pulled apart");
  SmallVector<int64_t> sides(op.getPad());
  for (auto [side, more] : llvm::zip_equal(sides, ArrayRef<int64_t>{low[1], low[2], high[1], high[2]}))
    side += more;
  rewriter.modifyOpInPlace(op, [&] {
    op.getInputMutable().assign(pad.getInput());
    op.setPad(sides);
  });
  return success();
}

/// The sum over all places is their mean as often as there are places.
static LogicalResult poolSum(cnn::ReduceSumOp op, PatternRewriter &rewriter) {
  RankedTensorType type = op.getInput().getType();
  if (!cnn::isImages(type) || op.getAxes() != ArrayRef<int64_t>{2, 3})
    return rewriter.notifyMatchFailure(op, "is no sum over the places of images");
  Value mean = cnn::GlobalAvgpoolOp::create(rewriter, op.getLoc(), op.getType(), op.getInput());
  double places = static_cast<double>(type.getDimSize(2) * type.getDimSize(3));
  rewriter.replaceOpWithNewOp<cnn::AffineOp>(op, op.getType(), mean, rewriter.getF64FloatAttr(places),
                                             rewriter.getF64FloatAttr(0));
  return success();
}

/// What `value` repeats over a batch and all places, if it is one number for each
/// channel that a parameter holds.
static Value channelsOf(Value value) {
  auto broadcast = value.getDefiningOp<cnn::BroadcastOp>();
  if (!broadcast || !cnn::isImages(broadcast.getType()) || !broadcast.getInput().getType().hasStaticShape())
    return {};
  RankedTensorType from = broadcast.getInput().getType(), to = broadcast.getType();
  int64_t place = from.getRank() - to.getRank() + 1, channels = to.getDimSize(1);
  if (place < 0 || from.getDimSize(place) != channels || from.getNumElements() != channels)
    return {};
  Value source = broadcast.getInput();
  if (auto reshape = source.getDefiningOp<cnn::ReshapeOp>())
    source = reshape.getInput();
  return source.getDefiningOp<cnn::ReadOp>() && cast<RankedTensorType>(source.getType()).getRank() == 1 ? source : Value();
}

/// The operands of a commutative op as a tensor and one number for each channel.
template <typename Op> static std::pair<Value, Value> withChannels(Op op) {
  if (Value channels = channelsOf(op.getRhs()))
    return {op.getLhs(), channels};
  return {op.getRhs(), channelsOf(op.getLhs())};
}

static LogicalResult addChannels(cnn::AddOp op, PatternRewriter &rewriter) {
  auto [input, bias] = withChannels(op);
  if (!bias)
    return rewriter.notifyMatchFailure(op, "adds more than one parameter for each channel");
  rewriter.replaceOpWithNewOp<cnn::BiasOp>(op, op.getType(), input, bias);
  return success();
}

static LogicalResult scaleChannels(cnn::MulOp op, PatternRewriter &rewriter) {
  auto [input, scale] = withChannels(op);
  if (!scale)
    return rewriter.notifyMatchFailure(op, "multiplies by more than one parameter for each channel");
  auto type = cast<RankedTensorType>(scale.getType());
  Value zero =
      cnn::ConstantOp::create(rewriter, op.getLoc(), DenseElementsAttr::get(type, rewriter.getZeroAttr(type.getElementType())));
  rewriter.replaceOpWithNewOp<cnn::ScaleShiftOp>(op, op.getType(), input, scale, zero);
  return success();
}

void cnnc::populateSimplifyImagesPatterns(RewritePatternSet &patterns) {
  patterns.add(foldPadIntoConvolution);
  patterns.add(poolSum);
  patterns.add(addChannels);
  patterns.add(scaleChannels);
}
