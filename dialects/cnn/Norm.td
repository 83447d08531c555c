//===- Norm.td - batch norm, softmax, channel sums -------------*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

class Cnn_ReductionOp<string mnemonic, list<Trait> traits = []> : Cnn_FusibleOp<mnemonic, "Reduction", traits>;

def Cnn_BatchnormOp : Cnn_Op<"batchnorm", [AllTypesMatch<["input", "result"]>, AllTypesMatch<["scale", "shift"]>,
    DeclareOpInterfaceMethods<Cnn_ModalInterface>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Mode-neutral batch norm";
  let description = [{
    In inference `y = scale · (x - mean) / sqrt(variance + epsilon) + shift`
    with the running statistics; in training `cnn.batchnorm_train`. The
    statistics are named, since training writes them.

    Constraints:
    * (C1) `scale` has one element per channel of `input`.
    * (C2) `epsilon` is not negative.
    * (C3) `momentum` is from 0 to 1.
    * (C4) `mean` and `variance` name parameters of the type of `scale`.
  }];
  let arguments = (ins Cnn_Batch:$input, Cnn_Channels:$scale, Cnn_Channels:$shift,
    FlatSymbolRefAttr:$mean, FlatSymbolRefAttr:$variance, F64Attr:$epsilon, F64Attr:$momentum);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "$input `,` $scale `,` $shift `,` $mean `,` $variance attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Cnn_BatchnormInferOp : Cnn_FusibleOp<"batchnorm_infer", "Elementwise", [AllTypesMatch<["input", "result"]>,
    AllTypesMatch<["scale", "shift", "mean", "variance"]>]> {
  let summary = "`scale · (x - mean) / sqrt(variance + epsilon) + shift`";
  let description = [{
    Constraints:
    * (C1) `scale` has one element per channel of `input`.
    * (C2) `epsilon` is not negative.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Batch:$input, Cnn_Channels:$scale, Cnn_Channels:$shift, Cnn_Channels:$mean, Cnn_Channels:$variance, F64Attr:$epsilon);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_FoldBatchnormOp : Cnn_ReductionOp<"fold_batchnorm",
    [AllTypesMatch<["scale", "shift", "mean", "variance", "foldedScale", "foldedShift"]>]> {
  let summary = "Batch norm as `x · scale' + shift'`";
  let description = [{
    `scale' = scale / sqrt(variance + epsilon)`, `shift' = shift - mean · scale'`.

    Constraints:
    * (C1) `epsilon` is not negative.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Channels:$scale, Cnn_Channels:$shift, Cnn_Channels:$mean, Cnn_Channels:$variance, F64Attr:$epsilon);
  let results = (outs Cnn_Channels:$foldedScale, Cnn_Channels:$foldedShift);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_FoldKernelOp : Cnn_ReductionOp<"fold_kernel", [AllTypesMatch<["kernel", "result"]>]> {
  let summary = "`w[k, …] · scale[k]`: a kernel with what follows it folded in";
  let description = [{
    Constraints:
    * (C1) `scale` has one element per channel of the kernel's result.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Batch:$kernel, Cnn_Channels:$scale);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let extraClassDeclaration = fusionDeclaration # "bool readsKernels() { return true; }";
}
def Cnn_BatchnormTrainOp : Cnn_ReductionOp<"batchnorm_train", [AllTypesMatch<["input", "result"]>,
    AllTypesMatch<["scale", "shift", "runningMean", "runningVariance", "mean", "inverseStd", "newRunningMean", "newRunningVariance"]>]> {
  let summary = "Batch norm with the statistics of the batch";
  let description = [{
    `mean`, `variance` over N, H, W (population variance, in two passes);
    `inverseStd = 1 / sqrt(variance + epsilon)`; `y = scale · (x - mean) · inverseStd + shift`;
    `newRunning = (1 - momentum) · running + momentum · batch`, the variance unbiased (N·H·W - 1 in the
    denominator; the population variance where N·H·W is 1), as in PyTorch.

    Constraints:
    * (C1) `scale` has one element per channel of `input`.
    * (C2) `epsilon` is not negative.
    * (C3) `momentum` is from 0 to 1.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Batch:$input, Cnn_Channels:$scale, Cnn_Channels:$shift,
    Cnn_Channels:$runningMean, Cnn_Channels:$runningVariance, F64Attr:$epsilon, F64Attr:$momentum);
  let results = (outs Cnn_Batch:$result, Cnn_Channels:$mean, Cnn_Channels:$inverseStd, Cnn_Channels:$newRunningMean, Cnn_Channels:$newRunningVariance);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_BatchnormGradOp : Cnn_ReductionOp<"batchnorm_grad", [AllTypesMatch<["input", "gradient", "result"]>,
    AllTypesMatch<["scale", "mean", "inverseStd", "scaleGradient", "shiftGradient"]>]> {
  let summary = "The gradients of batchnorm_train by input, scale and shift";
  let description = [{
    With `x̂ = (x - mean) · inverseStd` and M = N·H·W: `dshift = Σ dy`, `dscale = Σ dy · x̂`,
    `dx = scale · inverseStd · (dy - dshift / M - x̂ · dscale / M)` (Ioffe and Szegedy, 2015).

    Constraints:
    * (C1) `scale` has one element per channel of `input`.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Batch:$input, Cnn_Batch:$gradient, Cnn_Channels:$scale, Cnn_Channels:$mean, Cnn_Channels:$inverseStd);
  let results = (outs Cnn_Batch:$result, Cnn_Channels:$scaleGradient, Cnn_Channels:$shiftGradient);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_SoftmaxOp : Cnn_ReductionOp<"softmax", [AllTypesMatch<["input", "result"]>]> {
  let summary = "`exp(x) / Σ_c exp(x)` over the channels";
  let arguments = (ins Cnn_Batch:$input);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}
def Cnn_SoftmaxGradOp : Cnn_ReductionOp<"softmax_grad", [AllTypesMatch<["output", "gradient", "result"]>]> {
  let summary = "`y · (dy - Σ_c dy · y)`";
  let arguments = (ins Cnn_Batch:$output, Cnn_Batch:$gradient);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "$output `,` $gradient attr-dict `:` type($result)";
}
def Cnn_ChannelSumOp : Cnn_ReductionOp<"channel_sum"> {
  let summary = "`Σ_{n, h, w} x[n, c, h, w]`: [C]";
  let description = [{
    Constraints:
    * (C1) the result has one element per channel of `input`.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Batch:$input);
  let results = (outs Cnn_Channels:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
def Cnn_SumOfSquaresOp : Cnn_ReductionOp<"sum_of_squares"> {
  let summary = "`Σ x²` over all elements of all operands";
  let arguments = (ins Variadic<Cnn_Tensor>:$inputs);
  let results = (outs Cnn_Scalar:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_ClipFactorOp : Cnn_ReductionOp<"clip_factor", [AllTypesMatch<["sumOfSquares", "bound", "result"]>]> {
  let summary = "`min(1, bound / (sqrt(sumOfSquares) + 1e-6))`, as PyTorch's clip_grad_norm_";
  let arguments = (ins Cnn_Scalar:$sumOfSquares, Cnn_Scalar:$bound);
  let results = (outs Cnn_Scalar:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
