//===- Optimizer.td - how a gradient changes a parameter -------*- tablegen -*-===//
//
// Formulas are PyTorch's. Operands: parameter, gradient, slots, hyper-parameters.
//
//===----------------------------------------------------------------------===//

include "dialects/cnn/CnnBase.td"

class Cnn_UpdateOp<string mnemonic, list<string> slots> : Cnn_FusibleOp<mnemonic, "Elementwise",
    [AllTypesMatch<["parameter", "gradient", "newParameter"] # slots # !foreach(s, slots, "new" # !toupper(!substr(s, 0, 1)) # !substr(s, 1))>,
     DeclareOpInterfaceMethods<Cnn_UpdateRuleInterface>]> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Cnn_SgdOp : Cnn_UpdateOp<"sgd", ["momentum_buffer"]> {
  let summary = "Gradient descent with momentum, or Nesterov's";
  let description = [{
    `g += weight_decay · w; v = momentum · v + g; w -= lr · v`, with `nesterov` `w -= lr · (g + momentum · v)`.
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$momentum_buffer,
    Cnn_Scalar:$lr, Cnn_Scalar:$momentum, Cnn_Scalar:$weight_decay, UnitAttr:$nesterov);
  let results = (outs Cnn_Tensor:$newParameter, Cnn_Tensor:$newMomentum_buffer);
}
def Cnn_AdagradOp : Cnn_UpdateOp<"adagrad", ["sum"]> {
  let summary = "AdaGrad (Duchi et al., 2011)";
  let description = "`g += weight_decay · w; s += g²; w -= lr · g / (sqrt(s) + epsilon)`";
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$sum,
    Cnn_Scalar:$lr, Cnn_Scalar:$epsilon, Cnn_Scalar:$weight_decay);
  let results = (outs Cnn_Tensor:$newParameter, Cnn_Tensor:$newSum);
}
def Cnn_RmspropOp : Cnn_UpdateOp<"rmsprop", ["square_avg", "momentum_buffer"]> {
  let summary = "RMSProp (Hinton, 2012), with momentum";
  let description = [{
    `g += weight_decay · w; s = alpha · s + (1 - alpha) · g²; v = momentum · v + g / (sqrt(s) + epsilon); w -= lr · v`
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$square_avg, Cnn_Tensor:$momentum_buffer,
    Cnn_Scalar:$lr, Cnn_Scalar:$alpha, Cnn_Scalar:$epsilon, Cnn_Scalar:$weight_decay, Cnn_Scalar:$momentum);
  let results = (outs Cnn_Tensor:$newParameter, Cnn_Tensor:$newSquare_avg, Cnn_Tensor:$newMomentum_buffer);
}
class Cnn_AdamLikeOp<string mnemonic> : Cnn_UpdateOp<mnemonic, ["exp_avg", "exp_avg_sq"]> {
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$exp_avg, Cnn_Tensor:$exp_avg_sq,
    Cnn_Scalar:$lr, Cnn_Scalar:$beta1, Cnn_Scalar:$beta2, Cnn_Scalar:$epsilon, Cnn_Scalar:$weight_decay, Cnn_Scalar:$step);
  let results = (outs Cnn_Tensor:$newParameter, Cnn_Tensor:$newExp_avg, Cnn_Tensor:$newExp_avg_sq);
}
def Cnn_AdamOp : Cnn_AdamLikeOp<"adam"> {
  let summary = "Adam (Kingma and Ba, 2015); weight decay is added to the gradient";
  let description = [{
    `g += weight_decay · w; m = β1 m + (1 - β1) g; v = β2 v + (1 - β2) g²;
    w -= lr / (1 - β1^step) · m / (sqrt(v) / sqrt(1 - β2^step) + epsilon)`
  }];
}
def Cnn_AdamwOp : Cnn_AdamLikeOp<"adamw"> {
  let summary = "AdamW (Loshchilov and Hutter, 2019): decoupled weight decay";
  let description = "`w -= lr · weight_decay · w`, then Adam's step without decay in the gradient.";
}
