//===- Pool.td - pooling and its gradients ---------------------*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

/// [height, width] of the distance of a window's elements.
def Cnn_PoolDilation : DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">;

class Cnn_PoolOp<string mnemonic> : Cnn_FusibleOp<mnemonic, "Window", [InferTypeOpAdaptor, DeclareOpInterfaceMethods<Cnn_CostInterface>]> {
  let arguments = (ins Cnn_Images:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    Cnn_PoolDilation:$dilation, DefaultValuedAttr<BoolAttr, "false">:$ceil_mode);
  let results = (outs Cnn_Images:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
def Cnn_MaxpoolOp : Cnn_PoolOp<"maxpool"> {
  let summary = "The largest element of each window";
  let description = [{
    Padding counts as minus infinity. The size of the result is
    `(H + pad_top + pad_bottom - dilation_h · (kernel_h - 1) - 1) / stride_h + 1`,
    rounded down, or up with `ceil_mode`: then windows may reach beyond the
    padding, but none starts behind the last element and its padding before it
    (PyTorch's rule).

    Constraints:
    * (C1) `kernel`, `stride` and `dilation` have two positive elements; `pad` has four that are not negative.
    * (C2) each window covers an element of `input`.
    * (C3) the kernel fits in the padded input.
  }];
}
def Cnn_AvgpoolOp : Cnn_PoolOp<"avgpool"> {
  let summary = "The mean of each window";
  let description = [{
    With `count_include_pad` (PyTorch's default) padding counts as zeros, but
    nothing beyond it does; without it only what lies inside is averaged.
    Constraints (C1) to (C3) are maxpool's.
  }];
  let arguments = (ins Cnn_Images:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    DefaultValuedAttr<BoolAttr, "true">:$count_include_pad, Cnn_PoolDilation:$dilation,
    DefaultValuedAttr<BoolAttr, "false">:$ceil_mode);
}
def Cnn_MaxpoolGradOp : Cnn_FusibleOp<"maxpool_grad", "Window", [AllTypesMatch<["input", "result"]>]> {
  let summary = "Hands each window's gradient to its first largest element";
  let description = [{
    Attributes are maxpool's.

    Constraints:
    * (C1) the pooling of `input` is one, of the shape of `gradient`.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Images:$input, Cnn_Images:$gradient, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    Cnn_PoolDilation:$dilation, DefaultValuedAttr<BoolAttr, "false">:$ceil_mode);
  let results = (outs Cnn_Images:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_AvgpoolGradOp : Cnn_FusibleOp<"avgpool_grad", "Window"> {
  let summary = "Spreads each window's gradient evenly";
  let description = [{
    Attributes are avgpool's.

    Constraints:
    * (C1) the pooling of the result is one, of the shape of `gradient`.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Images:$gradient, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    DefaultValuedAttr<BoolAttr, "true">:$count_include_pad, Cnn_PoolDilation:$dilation,
    DefaultValuedAttr<BoolAttr, "false">:$ceil_mode);
  let results = (outs Cnn_Images:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

class Cnn_GlobalPoolOp<string mnemonic> : Cnn_FusibleOp<mnemonic, "Window", [InferTypeOpAdaptor]> {
  let arguments = (ins Cnn_Images:$input);
  let results = (outs Cnn_Images:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
def Cnn_GlobalAvgpoolOp : Cnn_GlobalPoolOp<"global_avgpool"> { let summary = "The mean of each channel: [N, C, 1, 1]"; }
def Cnn_GlobalMaxpoolOp : Cnn_GlobalPoolOp<"global_maxpool"> { let summary = "The largest element of each channel: [N, C, 1, 1]"; }
def Cnn_GlobalAvgpoolGradOp : Cnn_FusibleOp<"global_avgpool_grad", "Window"> {
  let summary = "Spreads the gradient of a mean evenly over a channel";
  let description = [{
    Constraints:
    * (C1) `gradient` is [N, C, 1, 1].
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Images:$gradient);
  let results = (outs Cnn_Images:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_GlobalMaxpoolGradOp : Cnn_FusibleOp<"global_maxpool_grad", "Window", [AllTypesMatch<["input", "result"]>]> {
  let summary = "Hands the gradient to the first largest element of a channel";
  let description = [{
    Constraints:
    * (C1) `gradient` is [N, C, 1, 1].
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Images:$input, Cnn_Images:$gradient);
  let results = (outs Cnn_Images:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
