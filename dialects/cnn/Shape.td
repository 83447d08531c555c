//===- Shape.td - the same elements in other places ------------*- tablegen -*-===//

include "dialects/cnn/CnnBase.td"

def Cnn_ReshapeOp : Cnn_FusibleOp<"reshape", "Window"> {
  let summary = "The same elements of each example in another shape, in row-major order";
  let description = [{
    Flatten is a reshape to `[N, C·H·W]`.

    Constraints:
    * (C1) `input` and the result both have a batch or none, and as many elements (per example).
  }];
  let arguments = (ins Cnn_Tensor:$input);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}
def Cnn_ConcatOp : Cnn_FusibleOp<"concat", "Window", [InferTypeOpAdaptor]> {
  let summary = "The channels of all operands, one after the other";
  let description = [{
    Constraints:
    * (C1) there is at least one operand, and all agree in every dimension but the channels.
  }];
  let arguments = (ins Variadic<Cnn_Batch>:$inputs);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_PadOp : Cnn_FusibleOp<"pad", "Window", [InferTypeOpAdaptor]> {
  let summary = "More elements around and between, of a constant value";
  let description = [{
    `low`, `high`, `interior` have one element per dimension but the batch
    ([C, H, W] or [F]); `interior` elements go between any two neighbours.

    Constraints:
    * (C1) the three attributes have one element per dimension but the batch, none negative.
  }];
  let arguments = (ins Cnn_Batch:$input, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high, DenseI64ArrayAttr:$interior,
    DefaultValuedAttr<F64Attr, "0.0">:$value);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
def Cnn_SliceOp : Cnn_FusibleOp<"slice", "Window", [InferTypeOpAdaptor]> {
  let summary = "Every `step`-th element from `start` to before `stop`";
  let description = [{
    Constraints:
    * (C1) `start`, `stop`, `step` have one element per dimension but the batch.
    * (C2) `0 ≤ start < stop ≤ size` and `step ≥ 1`.
  }];
  let arguments = (ins Cnn_Batch:$input, DenseI64ArrayAttr:$start, DenseI64ArrayAttr:$stop, DenseI64ArrayAttr:$step);
  let results = (outs Cnn_Batch:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
