//===- Contraction.td - convolution, dense, their gradients ----*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

class Cnn_ContractionOp<string mnemonic, list<Trait> traits = []>
    : Cnn_FusibleOp<mnemonic, "Contraction", traits # [DeclareOpInterfaceMethods<Cnn_CostInterface>]>;

// stride and dilation are [height, width]; pad is [top, left, bottom, right].

def Cnn_ConvOp : Cnn_ContractionOp<"conv", [InferTypeOpAdaptor, Cnn_LinearInterface, DeclareOpInterfaceMethods<Cnn_ReachInterface>]> {
  let summary = "Convolution of images with a bank of kernels";
  let description = [{
    `y[n, k, p, q] = Σ_{c, r, s} x[n, g·C/G + c, p·stride_h + r·dilation_h - pad_top, q·stride_w + s·dilation_w - pad_left] · w[k, c, r, s]`
    with `G = groups`, `g` the group of `k`, and zeros outside `x`. The size of
    the result is `(H + pad_top + pad_bottom - dilation_h·(R - 1) - 1) / stride_h + 1`, rounded down.

    Constraints:
    * (C1) `stride` and `dilation` have two positive elements; `pad` has four that are not negative.
    * (C2) `groups` divides the channels of `input` and of the result.
    * (C3) the kernel has `C / groups` input channels.
    * (C4) the dilated kernel fits in the padded input.

    ```mlir
    %y = cnn.conv %x, %w {stride = array<i64: 1, 1>, pad = array<i64: 2, 2, 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64}
       : (tensor<?x1x28x28xf32>, tensor<6x1x5x5xf32>) -> tensor<?x6x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Images:$input, Cnn_Images:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    DenseI64ArrayAttr:$dilation, I64Attr:$groups);
  let results = (outs Cnn_Images:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_ConvInputGradOp : Cnn_ContractionOp<"conv_input_grad", [DeclareOpInterfaceMethods<Cnn_ReachInterface>]> {
  let summary = "The gradient of a convolution by its input (dgrad)";
  let description = [{
    `dx[n, c, y, x] = Σ_{k, r, s} dy[n, k, p, q] · w[k, c, r, s]` over all
    `(p, r)` with `p·stride_h + r·dilation_h - pad_top = y`, and the same for `(q, s)`.
    Attributes are the convolution's.

    Constraints:
    * (C1) the convolution of the result with `kernel` is one, of the shape of `gradient`.
  }];
  let arguments = (ins Cnn_Images:$gradient, Cnn_Images:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    DenseI64ArrayAttr:$dilation, I64Attr:$groups);
  let results = (outs Cnn_Images:$result);
  let hasVerifier = 1;
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_ConvKernelGradOp : Cnn_ContractionOp<"conv_kernel_grad", [DeclareOpInterfaceMethods<Cnn_ReachInterface>]> {
  let summary = "The gradient of a convolution by its kernel (wgrad)";
  let description = [{
    `dw[k, c, r, s] = Σ_{n, p, q} dy[n, k, p, q] · x[n, g·C/G + c, p·stride_h + r·dilation_h - pad_top, …]`.
    Attributes are the convolution's.

    Constraints:
    * (C1) the convolution of `input` with the result is one, of the shape of `gradient`.
  }];
  let arguments = (ins Cnn_Images:$input, Cnn_Images:$gradient, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    DenseI64ArrayAttr:$dilation, I64Attr:$groups);
  let results = (outs Cnn_Images:$result);
  let hasVerifier = 1;
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Cnn_ConvTransposeOp : Cnn_ContractionOp<"conv_transpose", [InferTypeOpAdaptor, DeclareOpInterfaceMethods<Cnn_ReachInterface>]> {
  let summary = "Transposed convolution: the gradient of a convolution by its input, as a layer";
  let description = [{
    `y[n, c, i, j] = Σ_{k, r, s} x[n, k, p, q] · w[k, c, r, s]` over all `(p, r)`
    with `p·stride_h + r·dilation_h - pad_top = i`, and the same for `(q, s)`; in
    groups as a convolution. The kernel is `[K, C / groups, R, S]`, K the channels
    of `input`. The size of the result is
    `(H - 1)·stride_h + dilation_h·(R - 1) + 1 + output_padding_h - pad_top - pad_bottom`.

    Constraints:
    * (C1) `stride` and `dilation` have two positive elements; `pad` has four and `output_padding` two that are not negative.
    * (C2) `groups` divides the channels of `input`, of which the kernel has as many.
    * (C3) `output_padding` is less than `stride`: further zeros are a pad's.
    * (C4) the result has a positive size.
  }];
  let arguments = (ins Cnn_Images:$input, Cnn_Images:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    DenseI64ArrayAttr:$output_padding, DenseI64ArrayAttr:$dilation, I64Attr:$groups);
  let results = (outs Cnn_Images:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Cnn_DenseOp : Cnn_ContractionOp<"dense", [InferTypeOpAdaptor, Cnn_LinearInterface]> {
  let summary = "`y = x · wᵀ`: every output sees every input";
  let description = [{
    `y[n, k] = Σ_c x[n, c] · w[k, c]`.

    Constraints:
    * (C1) `kernel` is `[K, C]` with the features of `input`.
  }];
  let arguments = (ins Cnn_Vectors:$input, Cnn_Vectors:$kernel);
  let results = (outs Cnn_Vectors:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_DenseInputGradOp : Cnn_ContractionOp<"dense_input_grad"> {
  let summary = "`dx[n, c] = Σ_k dy[n, k] · w[k, c]`";
  let description = [{
    Constraints:
    * (C1) the dense layer of the result with `kernel` has the shape of `gradient`.
  }];
  let arguments = (ins Cnn_Vectors:$gradient, Cnn_Vectors:$kernel);
  let results = (outs Cnn_Vectors:$result);
  let hasVerifier = 1;
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_DenseKernelGradOp : Cnn_ContractionOp<"dense_kernel_grad"> {
  let summary = "`dw[k, c] = Σ_n dy[n, k] · x[n, c]`";
  let description = [{
    Constraints:
    * (C1) the dense layer of `input` with the result has the shape of `gradient`.
  }];
  let arguments = (ins Cnn_Vectors:$input, Cnn_Vectors:$gradient);
  let results = (outs Cnn_Vectors:$result);
  let hasVerifier = 1;
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
