//===- ImageNorm.td - norms of one example by itself -----------*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

class Cnn_LrnLikeOp<string mnemonic, list<Trait> traits> : Cnn_FusibleOp<mnemonic, "Window", traits> {
  let hasVerifier = 1;
  let results = (outs Cnn_Batch:$result);
}
def Cnn_LrnOp : Cnn_LrnLikeOp<"lrn", [AllTypesMatch<["input", "result"]>, DeclareOpInterfaceMethods<Cnn_CostInterface>]> {
  let summary = "Local response normalisation over neighbouring channels";
  let description = [{
    `y[c] = x[c] / (bias + alpha / size · Σ_j x[j]²)^beta` over the channels j
    from `c - ⌊(size - 1) / 2⌋` to `c + ⌈(size - 1) / 2⌉` that exist (Krizhevsky,
    Sutskever and Hinton, 2012, with alpha divided by size as in ONNX).

    Constraints:
    * (C1) `size` is positive.
  }];
  let arguments = (ins Cnn_Batch:$input, I64Attr:$size, F64Attr:$alpha, F64Attr:$beta, F64Attr:$bias);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}
def Cnn_LrnGradOp : Cnn_LrnLikeOp<"lrn_grad", [AllTypesMatch<["input", "gradient", "result"]>]> {
  let summary = "The gradient of lrn by its input";
  let description = [{
    With `s[c]` the base of lrn's power:
    `dx[c] = dy[c] · s[c]^-beta - 2 · alpha · beta / size · x[c] · Σ_j dy[j] · x[j] · s[j]^(-beta - 1)`
    over the channels j whose window holds c. Attributes are lrn's.

    Constraints:
    * (C1) `size` is positive.
  }];
  let arguments = (ins Cnn_Batch:$input, Cnn_Batch:$gradient, I64Attr:$size, F64Attr:$alpha, F64Attr:$beta, F64Attr:$bias);
  let assemblyFormat = "$input `,` $gradient attr-dict `:` type($result)";
}

def Cnn_GroupnormOp : Cnn_FusibleOp<"groupnorm", "Reduction",
    [AllTypesMatch<["input", "result"]>, AllTypesMatch<["scale", "shift"]>, AllTypesMatch<["mean", "inverseStd"]>]> {
  let summary = "Groups of channels of each example with mean 0 and variance 1, then scaled and shifted";
  let description = [{
    The statistics are those of `C / groups` neighbouring channels and all
    places of one example (population variance, in two passes):
    `y = scale[c] · (x - mean[n, c]) · inverseStd[n, c] + shift[c]`,
    `inverseStd = 1 / sqrt(variance + epsilon)` (Wu and He, 2018). `mean` and
    `inverseStd` say for each channel those of its group. With a group per
    channel it is instance norm (Ulyanov, Vedaldi and Lempitsky, 2016).

    Constraints:
    * (C1) `scale` has one element per channel of `input`.
    * (C2) `epsilon` is not negative.
    * (C3) `groups` divides the channels.
    * (C4) `mean` has one element per channel of each example.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Batch:$input, Cnn_Channels:$scale, Cnn_Channels:$shift, I64Attr:$groups, F64Attr:$epsilon);
  let results = (outs Cnn_Batch:$result, Cnn_Vectors:$mean, Cnn_Vectors:$inverseStd);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_GroupnormGradOp : Cnn_FusibleOp<"groupnorm_grad", "Reduction", [AllTypesMatch<["input", "gradient", "result"]>,
    AllTypesMatch<["scale", "scaleGradient", "shiftGradient"]>, AllTypesMatch<["mean", "inverseStd"]>]> {
  let summary = "The gradients of groupnorm by input, scale and shift";
  let description = [{
    With `x̂ = (x - mean) · inverseStd`: `dshift = Σ_{n, h, w} dy`, `dscale = Σ_{n, h, w} dy · x̂`,
    `dx = inverseStd · (dy · scale - E[dy · scale] - x̂ · E[dy · scale · x̂])`, the
    means E over a group of one example.

    Constraints:
    * (C1) `scale` has one element per channel of `input`.
    * (C2) `groups` divides the channels.
    * (C3) `mean` has one element per channel of each example.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Batch:$input, Cnn_Batch:$gradient, Cnn_Channels:$scale, Cnn_Vectors:$mean, Cnn_Vectors:$inverseStd,
    I64Attr:$groups);
  let results = (outs Cnn_Batch:$result, Cnn_Channels:$scaleGradient, Cnn_Channels:$shiftGradient);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
