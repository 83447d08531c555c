//===- Loss.cpp - verifiers of losses -------------------------------------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

template <typename OpTy> static LogicalResult verifySameShape(OpTy op) {
  if (op.getPrediction().getType() != op.getTarget().getType())
    return op.emitOpError("needs equal shapes, got ") << op.getPrediction().getType() << " and " << op.getTarget().getType();
  return success();
}
LogicalResult MeanSquaredErrorOp::verify() { return verifySameShape(*this); }   // mean_squared_error_c1
LogicalResult BinaryCrossEntropyOp::verify() { return verifySameShape(*this); } // binary_cross_entropy_c1
LogicalResult PerceptronLossOp::verify() { return verifySameShape(*this); }     // perceptron_loss_c1

LogicalResult MeanSquaredErrorGradOp::verify() { return verifySameShape(*this); }
LogicalResult BinaryCrossEntropyGradOp::verify() { return verifySameShape(*this); }
LogicalResult PerceptronLossGradOp::verify() { return verifySameShape(*this); }

template <typename OpTy> static LogicalResult verifySoftmaxCrossEntropy(OpTy op) {
  auto prediction = cast<RankedTensorType>(op.getPrediction().getType());
  auto label = cast<RankedTensorType>(op.getLabel().getType());
  // softmax_cross_entropy_c1
  if (prediction.getRank() < 2 || !label.getRank() || label.getDimSize(0) != prediction.getDimSize(0) ||
      label.getShape().drop_front() != prediction.getShape().drop_front(2))
    return op.emitOpError("needs a label per example and pixel, got ") << label << " for " << prediction;
  // softmax_cross_entropy_c2
  if (!op.getClassWeights().empty() && static_cast<int64_t>(op.getClassWeights().size()) != prediction.getDimSize(1))
    return op.emitOpError("has ") << op.getClassWeights().size() << " class weights for " << prediction.getDimSize(1)
                                  << " classes";
  for (double weight : op.getClassWeights())
    if (!(weight >= 0))
      return op.emitOpError("needs class weights that are not negative, got ") << weight;
  // softmax_cross_entropy_c3
  double smoothing = op.getLabelSmoothing().convertToDouble();
  if (!(smoothing >= 0 && smoothing <= 1))
    return op.emitOpError("needs a label smoothing in [0, 1], got ") << smoothing;
  return success();
}
LogicalResult SoftmaxCrossEntropyOp::verify() { return verifySoftmaxCrossEntropy(*this); }
LogicalResult SoftmaxCrossEntropyGradOp::verify() { return verifySoftmaxCrossEntropy(*this); }
