//===- Elementwise.td - the same thing at every element --------*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

def Cnn_ReluOp : Cnn_UnaryOp<"relu"> { let summary = "`max(x, 0)`"; }
def Cnn_LeakyReluOp : Cnn_UnaryOp<"leaky_relu"> {
  let summary = "`x` where positive, `slope · x` elsewhere";
  let arguments = (ins Cnn_Tensor:$input, DefaultValuedAttr<F64Attr, "0.01">:$slope);
}
def Cnn_SigmoidOp : Cnn_UnaryOp<"sigmoid"> { let summary = "`1 / (1 + exp(-x))`"; }
def Cnn_TanhOp : Cnn_UnaryOp<"tanh"> { let summary = "Hyperbolic tangent"; }
def Cnn_StepOp : Cnn_UnaryOp<"step"> {
  let summary = "1 where `x > 0`, else 0; its gradient is zero";
}
def Cnn_AffineOp : Cnn_UnaryOp<"affine"> {
  let summary = "`scale · x + offset`, with constants";
  let extraClassDefinition = flopsPerElement<2>.definition;
  let arguments = (ins Cnn_Tensor:$input, F64Attr:$scale, DefaultValuedAttr<F64Attr, "0.0">:$offset);
}
def Cnn_AddOp : Cnn_BinaryOp<"add"> { let summary = "`x + y`"; }
def Cnn_SubOp : Cnn_BinaryOp<"sub"> { let summary = "`x - y`"; }
def Cnn_MulOp : Cnn_BinaryOp<"mul"> { let summary = "`x · y`"; }

def Cnn_ReluGradOp : Cnn_BinaryOp<"relu_grad"> {
  let summary = "`dy` where the relu's result is positive, else 0";
  let arguments = (ins Cnn_Tensor:$output, Cnn_Tensor:$gradient);
  let assemblyFormat = "$output `,` $gradient attr-dict `:` type($result)";
}
def Cnn_LeakyReluGradOp : Cnn_BinaryOp<"leaky_relu_grad"> {
  let summary = "`dy` where `x` is positive, `slope · dy` elsewhere";
  let arguments = (ins Cnn_Tensor:$input, Cnn_Tensor:$gradient, DefaultValuedAttr<F64Attr, "0.01">:$slope);
  let assemblyFormat = "$input `,` $gradient attr-dict `:` type($result)";
}

def Cnn_BiasOp : Cnn_PerChannelOp<"bias"> {
  let extraClassDefinition = flopsPerElement<1>.definition;
  let summary = "`x[n, c, …] + b[c]`";
  let description = [{
    Constraints:
    * (C1) `bias` has as many elements as `input` has channels.
  }];
  let arguments = (ins Cnn_Batch:$input, Cnn_Channels:$bias);
  let assemblyFormat = "$input `,` $bias attr-dict `:` functional-type(operands, results)";
}
def Cnn_ScaleShiftOp : Cnn_PerChannelOp<"scale_shift"> {
  let summary = "`x[n, c, …] · scale[c] + shift[c]`";
  let description = [{
    Constraints:
    * (C1) `scale` and `shift` have as many elements as `input` has channels.
  }];
  let arguments = (ins Cnn_Batch:$input, Cnn_Channels:$scale, Cnn_Channels:$shift);
  let assemblyFormat = "$input `,` $scale `,` $shift attr-dict `:` functional-type(operands, results)";
}
def Cnn_StandardizeOp : Cnn_PerChannelOp<"standardize"> {
  let summary = "`(x[n, c, …] / 255 - mean[c]) / std[c]`: pixels 0…255 to what the network wants";
  let description = [{
    Constraints:
    * (C1) `mean` and `std` have one element, or one per channel.
    * (C2) every `std` is positive.
  }];
  let arguments = (ins Cnn_Batch:$input, DenseF64ArrayAttr:$mean, DenseF64ArrayAttr:$std);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

def Cnn_CastOp : Cnn_FusibleOp<"cast", "Elementwise", [SameOperandsAndResultShape]> {
  let summary = "The same numbers in another type; to integers rounded towards zero, and to the nearest that exists";
  let arguments = (ins Cnn_Number:$input);
  let results = (outs Cnn_Number:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Cnn_DropoutOp : Cnn_FusibleOp<"dropout", "Elementwise", [AllTypesMatch<["input", "result"]>,
    DeclareOpInterfaceMethods<Cnn_ModalInterface>]> {
  let summary = "Mode-neutral dropout: the identity in inference, a mask in training";
  let description = [{
    Constraints:
    * (C1) `ratio` is at least 0 and below 1.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Tensor:$input, F64Attr:$ratio, I64Attr:$id);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}
def Cnn_DropoutMaskOp : Cnn_FusibleOp<"dropout_mask", "Elementwise", [AllTypesMatch<["input", "result"]>]> {
  let summary = "`x / (1 - ratio)` where an element is kept, else 0";
  let description = [{
    An element is kept where the first word of Philox4x32-10 is at least
    `ratio · 2^32`: key the run's seed (low, high), counter (index low, index
    high, step, `id`), index the logical row-major place of the element in
    `[N, C, H, W]`. The same op is its own derivative.

    Constraints:
    * (C1) `ratio` is at least 0 and below 1.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Tensor:$input, F64Attr:$ratio, I64Attr:$id);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}
def Cnn_ScaleOp : Cnn_FusibleOp<"scale", "Elementwise", [AllTypesMatch<["input", "result"]>]> {
  let summary = "`x · s` with a run-time scalar";
  let arguments = (ins Cnn_Tensor:$input, Cnn_Scalar:$factor);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input `,` $factor attr-dict `:` functional-type(operands, results)";
}
def Cnn_ClampOp : Cnn_FusibleOp<"clamp", "Elementwise", [AllTypesMatch<["input", "result"]>]> {
  let summary = "`min(max(x, -bound), bound)` with a run-time bound";
  let arguments = (ins Cnn_Tensor:$input, Cnn_Scalar:$bound);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input `,` $bound attr-dict `:` functional-type(operands, results)";
}
