//===- Loss.td - losses and their gradients --------------------*- tablegen -*-===//
//
// A loss is the mean over the batch. A gradient op takes the operands of its
// loss and the gradient by the loss (a scalar).
//
//===----------------------------------------------------------------------===//

include "dialects/cnn/CnnBase.td"

class Cnn_LossOp<string mnemonic> : Cnn_FusibleOp<mnemonic, "Reduction"> {
  let results = (outs Cnn_Scalar:$loss);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
class Cnn_LossGradOp<string mnemonic> : Cnn_FusibleOp<mnemonic, "Reduction", [AllTypesMatch<["prediction", "result"]>]> {
  let description = "Constraints: those of the loss.";
  let hasVerifier = 1;
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Cnn_MeanSquaredErrorOp : Cnn_LossOp<"mean_squared_error"> {
  let summary = "`mean (y - t)²` over all elements";
  let description = "Constraints: (C1) `prediction` and `target` have one shape.";
  let arguments = (ins Cnn_Tensor:$prediction, Cnn_Tensor:$target);
}
def Cnn_MeanSquaredErrorGradOp : Cnn_LossGradOp<"mean_squared_error_grad"> {
  let summary = "`2 (y - t) / count · dloss`";
  let arguments = (ins Cnn_Tensor:$prediction, Cnn_Tensor:$target, Cnn_Scalar:$gradient);
}
def Cnn_SoftmaxCrossEntropyOp : Cnn_LossOp<"softmax_cross_entropy"> {
  let summary = "`-log softmax(y)[label]`, weighted mean over the labels that are not ignored";
  let description = [{
    With p = log softmax over the channels, w the class weights (1 without), ε the label smoothing, K the
    classes, as in PyTorch:
    `loss = (1 - ε) · Σ -w[t] p[t] / Σ w[t]  +  ε / K · Σ_c -w[c] p[c] / Σ w[t]`,
    sums over the examples (and pixels) whose label t is not `ignore_label`; 0 if there are none
    (PyTorch: NaN).

    Constraints:
    * (C1) `label` has the batch and, for images, H and W of `prediction`.
    * (C2) `class_weights` is empty or has one positive or zero element per class.
    * (C3) `label_smoothing` is in [0, 1].
  }];
  let arguments = (ins Cnn_Batch:$prediction, Cnn_Labels:$label, DefaultValuedAttr<F64Attr, "0.0">:$label_smoothing,
    DefaultValuedAttr<DenseF64ArrayAttr, "{}">:$class_weights, DefaultValuedAttr<I64Attr, "-100">:$ignore_label);
}
def Cnn_SoftmaxCrossEntropyGradOp : Cnn_LossGradOp<"softmax_cross_entropy_grad"> {
  let summary = "The gradient of softmax_cross_entropy by the prediction";
  let arguments = (ins Cnn_Tensor:$prediction, Cnn_Labels:$label, Cnn_Scalar:$gradient, DefaultValuedAttr<F64Attr, "0.0">:$label_smoothing,
    DefaultValuedAttr<DenseF64ArrayAttr, "{}">:$class_weights, DefaultValuedAttr<I64Attr, "-100">:$ignore_label);
}
def Cnn_BinaryCrossEntropyOp : Cnn_LossOp<"binary_cross_entropy"> {
  let summary = "`mean -(t log y + (1 - t) log(1 - y))` over all elements";
  let description = [{
    Logarithms are at least -100, as in PyTorch. With `from_logits` the
    prediction is before the sigmoid: `mean max(y, 0) - y t + log(1 + exp(-|y|))`.
    Constraints: (C1) `prediction` and `target` have one shape.
  }];
  let arguments = (ins Cnn_Tensor:$prediction, Cnn_Tensor:$target, DefaultValuedAttr<BoolAttr, "false">:$from_logits);
}
def Cnn_BinaryCrossEntropyGradOp : Cnn_LossGradOp<"binary_cross_entropy_grad"> {
  let summary = "`(y - t) / max(y (1 - y), 1e-12) / count · dloss`; from logits `(sigmoid(y) - t) / count · dloss`";
  let arguments = (ins Cnn_Tensor:$prediction, Cnn_Tensor:$target, Cnn_Scalar:$gradient, DefaultValuedAttr<BoolAttr, "false">:$from_logits);
}
def Cnn_PerceptronLossOp : Cnn_LossOp<"perceptron_loss"> {
  let summary = "`mean max(0, -s y)` over all elements, with s = 1 for the target 1 and -1 for the target 0";
  let description = [{
    Rosenblatt's criterion on the weighted sum before the step: only wrong
    answers move the weights. `s = 2 t - 1`; where `y` is 0 the answer counts
    as wrong in the gradient.
    Constraints: (C1) `prediction` and `target` have one shape.
  }];
  let arguments = (ins Cnn_Tensor:$prediction, Cnn_Tensor:$target);
}
def Cnn_PerceptronLossGradOp : Cnn_LossGradOp<"perceptron_loss_grad"> {
  let summary = "`-s / count · dloss` where `s y ≤ 0`, else 0";
  let arguments = (ins Cnn_Tensor:$prediction, Cnn_Tensor:$target, Cnn_Scalar:$gradient);
}
