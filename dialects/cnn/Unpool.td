//===- Unpool.td - where pools find the largest, and back ------*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

def Cnn_MaxpoolIndicesOp : Cnn_FusibleOp<"maxpool_indices", "General", [InferTypeOpAdaptor]> {
  let summary = "The number of the first largest element of each window";
  let description = [{
    Numbers count the elements of `input` in row-major order, all examples
    together: `((n·C + c)·H + h)·W + w` for images. With `column_major` the
    first dimension behind the channels counts fastest: `(n·C + c)·H·W + w·H + h`.
    Windows are maxpool's, over any number of dimensions; NaN is larger than
    every number. Numbers wrap round at 2^31.

    Constraints:
    * (C1) `kernel`, `stride` and `dilation` have a positive element for each dimension behind the channels, of which there
      is one; `pad` has two that are not negative, all at the beginning first.
    * (C2) each window covers an element of `input`.
    * (C3) the kernel fits in the padded input.
  }];
  let arguments = (ins Cnn_Tensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    DenseI64ArrayAttr:$dilation, DefaultValuedAttr<BoolAttr, "false">:$ceil_mode, UnitAttr:$column_major);
  let results = (outs Cnn_Labels:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Cnn_MaxunpoolOp : Cnn_FusibleOp<"maxunpool", "General"> {
  let summary = "Elements at the places that `indices` number, zeros elsewhere";
  let description = [{
    Numbers count the elements of the result in row-major order, all examples
    together. An element stays in its example: with a number that is another's
    it goes nowhere. Of several with one number the last one stays.

    Constraints:
    * (C1) `indices` have the shape of `input`.
    * (C2) `input` and the result have the same first size.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Tensor:$input, Cnn_Labels:$indices);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input `,` $indices attr-dict `:` functional-type(operands, results)";
}
def Cnn_MaxunpoolGradOp : Cnn_FusibleOp<"maxunpool_grad", "General"> {
  let summary = "The elements of `gradient` that `indices` number; 0 for numbers of another example";
  let description = [{
    Constraints:
    * (C1) `indices` have the shape of the result.
    * (C2) `gradient` and the result have the same first size.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Tensor:$gradient, Cnn_Labels:$indices);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$gradient `,` $indices attr-dict `:` functional-type(operands, results)";
}
