//===- Activation.td - activations with and without constants --*- tablegen -*-===//

#ifndef CNNC_DIALECTS_CNN_ACTIVATION_TD
#define CNNC_DIALECTS_CNN_ACTIVATION_TD

include "dialects/cnn/CnnBase.td"

def Cnn_EluOp : Cnn_UnaryOp<"elu"> {
  let summary = "`x` where positive, `alpha · (e^x - 1)` elsewhere";
  let arguments = (ins Cnn_Tensor:$input, DefaultValuedAttr<F64Attr, "1.0">:$alpha);
}
def Cnn_SeluOp : Cnn_UnaryOp<"selu"> {
  let summary = "`gamma · elu(x, alpha)` (Klambauer et al., 2017)";
  let arguments = (ins Cnn_Tensor:$input, DefaultValuedAttr<F64Attr, "1.6732632423543772">:$alpha,
                       DefaultValuedAttr<F64Attr, "1.0507009873554805">:$gamma);
}
def Cnn_CeluOp : Cnn_UnaryOp<"celu"> {
  let summary = "`x` where positive, `alpha · (e^(x / alpha) - 1)` elsewhere";
  let description = [{
    Constraints:
    * (C1) `alpha` is positive.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Tensor:$input, DefaultValuedAttr<F64Attr, "1.0">:$alpha);
}
def Cnn_SoftplusOp : Cnn_UnaryOp<"softplus"> { let summary = "`ln(1 + e^x)`"; }
def Cnn_SoftsignOp : Cnn_UnaryOp<"softsign"> { let summary = "`x / (1 + |x|)`"; }
def Cnn_MishOp : Cnn_UnaryOp<"mish"> { let summary = "`x · tanh(softplus(x))`"; }
def Cnn_HardSigmoidOp : Cnn_UnaryOp<"hard_sigmoid"> {
  let summary = "`min(max(alpha · x + beta, 0), 1)`; the defaults are PyTorch's, ONNX has 0.2 for `alpha`";
  let arguments = (ins Cnn_Tensor:$input, DefaultValuedAttr<F64Attr, "1.0 / 6.0">:$alpha, DefaultValuedAttr<F64Attr, "0.5">:$beta);
}
def Cnn_HardSwishOp : Cnn_UnaryOp<"hard_swish"> { let summary = "`x · min(max(x / 6 + 1/2, 0), 1)`"; }
def Cnn_SwishOp : Cnn_UnaryOp<"swish"> {
  let summary = "`x · sigmoid(beta · x)`, with 1 for `beta` also known as SiLU";
  let arguments = (ins Cnn_Tensor:$input, DefaultValuedAttr<F64Attr, "1.0">:$beta);
}
def Cnn_GeluApproximation : ConfinedAttr<StrAttr, [AttrConstraint<
    CPred<"::llvm::is_contained({\"none\", \"tanh\"}, ::llvm::cast<::mlir::StringAttr>($_self).getValue())">, "whose value is none or tanh">]>;
def Cnn_GeluOp : Cnn_UnaryOp<"gelu"> {
  let summary = "`x · Φ(x)`, Φ the normal distribution: `x / 2 · (1 + erf(x / √2))`";
  let description = [{
    With `approximate = "tanh"` it is `x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 x³)))`.
  }];
  let arguments = (ins Cnn_Tensor:$input, DefaultValuedStrAttr<Cnn_GeluApproximation, "none">:$approximate);
}
def Cnn_ThresholdedReluOp : Cnn_UnaryOp<"thresholded_relu"> {
  let summary = "`x` where above `alpha`, else 0";
  let arguments = (ins Cnn_Tensor:$input, DefaultValuedAttr<F64Attr, "1.0">:$alpha);
}
def Cnn_ClipOp : Cnn_UnaryOp<"clip"> {
  let summary = "`min(max(x, min), max)` with constants; a bound that is absent does not bind";
  let arguments = (ins Cnn_Tensor:$input, OptionalAttr<F64Attr>:$min, OptionalAttr<F64Attr>:$max);
}
def Cnn_PreluOp : Cnn_PerChannelOp<"prelu"> {
  let summary = "`x[n, c, …]` where positive, `slope[c] · x[n, c, …]` elsewhere";
  let description = [{
    Constraints:
    * (C1) `slope` has as many elements as `input` has channels.
  }];
  let arguments = (ins Cnn_Batch:$input, Cnn_Channels:$slope);
  let assemblyFormat = "$input `,` $slope attr-dict `:` functional-type(operands, results)";
}

#endif // CNNC_DIALECTS_CNN_ACTIVATION_TD
