//===- Index.td - elements by their numbers --------------------*- tablegen -*-===//
//
// An index that is negative counts from the end; one beyond either end means
// the element at that end. Of what is said to differ between examples nothing
// may lie along the batch.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_DIALECTS_CNN_INDEX_TD
#define CNNC_DIALECTS_CNN_INDEX_TD

include "dialects/cnn/General.td"

def Cnn_ArgMaxOp : Cnn_GeneralOp<"arg_max", [InferTypeOpAdaptor]> {
  let summary = "The number of the largest element along `axis`, which stays with size 1: the first of equal ones, or the last";
  let description = [{
    Its gradient is zero. A NaN is never the largest.

    Constraints:
    * (C1) `axis` is a dimension of `input`, and not the batch.
  }];
  let arguments = (ins Cnn_Tensor:$input, I64Attr:$axis, UnitAttr:$last);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
def Cnn_TopKOp : Cnn_GeneralOp<"top_k", [InferTypeOpAdaptor]> {
  let summary = "The numbers of the `k` largest elements of each row, in descending order, the first of equal ones first";
  let description = [{
    A row is everything along the last dimension. Its gradient is zero; the
    elements themselves come by gather_elements.

    Constraints:
    * (C1) `k` is from 1 to the length of a row, which is not the batch.
  }];
  let arguments = (ins Cnn_Tensor:$input, I64Attr:$k);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
def Cnn_OneHotOp : Cnn_GeneralOp<"one_hot"> {
  let summary = "1 at the place along `axis` that an index names, else 0: `y[a…, i, b…] = 1 where indices[a…, b…] = i`";
  let description = [{
    An index beyond either end, or equal to `ignore`, names no place.

    Constraints:
    * (C1) without dimension `axis`, which is not the batch, the result has the shape of `indices`.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Indices:$indices, I64Attr:$axis, OptionalAttr<I64Attr>:$ignore);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$indices attr-dict `:` type($indices) `->` type($result)";
}

def Cnn_GatherElementsOp : Cnn_GeneralOp<"gather_elements", [InferTypeOpAdaptor]> {
  let summary = "An element of `input` for every index: `y[a…, i, b…] = x[a…, indices[a…, i, b…], b…]`";
  let description = [{
    Constraints:
    * (C1) `axis` is a dimension of `input`, and not the batch.
    * (C2) `indices` have as many dimensions, of which none but `axis` is larger; both have a batch or none.
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Indices:$indices, I64Attr:$axis);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input `,` $indices attr-dict `:` functional-type(operands, results)";
}
def Cnn_GatherNdOp : Cnn_GeneralOp<"gather_nd", [InferTypeOpAdaptor]> {
  let summary = "Slices of `input`: `y[b…, i…] = x[b…, indices[b…, i…, :]…]`, with `batch_dims` dimensions b";
  let description = [{
    The last dimension of `indices` holds a place in as many dimensions.

    Constraints:
    * (C1) `batch_dims` leading dimensions are the same in both, and both have at least one more.
    * (C2) a place has 1 to all of the other dimensions of `input`, and none is the batch.
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Indices:$indices, DefaultValuedAttr<I64Attr, "0">:$batch_dims);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input `,` $indices attr-dict `:` functional-type(operands, results)";
}

def Cnn_ScatterReduction : ConfinedAttr<StrAttr, [AttrConstraint<
    CPred<"::llvm::is_contained({\"none\", \"add\", \"mul\", \"max\", \"min\"}, ::llvm::cast<::mlir::StringAttr>($_self).getValue())">,
    "whose value is none, add, mul, max or min">]>;
class Cnn_ScatterOp<string mnemonic> : Cnn_GeneralOp<mnemonic, [AllTypesMatch<["input", "result"]>]> {
  let hasVerifier = 1;
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Cnn_ScatterElementsOp : Cnn_ScatterOp<"scatter_elements"> {
  let summary = "`input` with an update at the place of every index: `y[a…, indices[a…, i, b…], b…] = updates[a…, i, b…]`";
  let description = [{
    `reduction` says what becomes of the element there and of updates of one
    place, in their order: the last one stays, or all are added, multiplied, or
    the largest or smallest stays.

    Constraints:
    * (C1) gathering `indices` from `input` along `axis` gives the type of `updates`.
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Indices:$indices, Cnn_Tensor:$updates, I64Attr:$axis,
    DefaultValuedStrAttr<Cnn_ScatterReduction, "none">:$reduction);
}
def Cnn_ScatterNdOp : Cnn_ScatterOp<"scatter_nd"> {
  let summary = "`input` with other slices: `y[b…, indices[b…, i…, :]…] = updates[b…, i…]`";
  let description = [{
    `reduction` as in scatter_elements.

    Constraints:
    * (C1) gathering the slices from `input` gives the type of `updates`.
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Indices:$indices, Cnn_Tensor:$updates, DefaultValuedAttr<I64Attr, "0">:$batch_dims,
    DefaultValuedStrAttr<Cnn_ScatterReduction, "none">:$reduction);
}

#endif // CNNC_DIALECTS_CNN_INDEX_TD
