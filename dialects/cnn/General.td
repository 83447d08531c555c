//===- General.td - tensors of any rank ------------------------*- tablegen -*-===//
//
// What transformers, detectors and importers need beyond images and vectors.
// Only dimension 0 may be the batch (`?`); all other sizes are static.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_DIALECTS_CNN_GENERAL_TD
#define CNNC_DIALECTS_CNN_GENERAL_TD

include "dialects/cnn/CnnBase.td"

class Cnn_GeneralOp<string mnemonic, list<Trait> traits = []> : Cnn_FusibleOp<mnemonic, "General", traits>;

def Cnn_TransposeOp : Cnn_GeneralOp<"transpose", [InferTypeOpAdaptor]> {
  let summary = "Dimension `i` of the result is dimension `permutation[i]` of the input";
  let description = [{
    Constraints:
    * (C1) `permutation` holds every dimension of `input` once.
    * (C2) the batch stays where it is.
  }];
  let arguments = (ins Cnn_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Cnn_BroadcastOp : Cnn_FusibleOp<"broadcast", "Elementwise"> {
  let summary = "The same elements again along dimensions of size 1 and new leading ones, as NumPy broadcasts";
  let description = [{
    Constraints:
    * (C1) aligned at the last dimension, each size of `input` is the result's or 1; `input` has no more dimensions.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Tensor:$input);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let extraClassDeclaration = fusionDeclaration # "bool repeatsElements() { return true; }";
}

class Cnn_ReduceOp<string mnemonic> : Cnn_GeneralOp<mnemonic, [InferTypeOpAdaptor]> {
  let description = [{
    The reduced dimensions stay, with size 1.

    Constraints:
    * (C1) `axes` are dimensions of `input`, in ascending order.
  }];
  let arguments = (ins Cnn_Tensor:$input, DenseI64ArrayAttr:$axes);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
def Cnn_ReduceSumOp : Cnn_ReduceOp<"reduce_sum"> { let summary = "The sum over dimensions"; }
def Cnn_ReduceMaxOp : Cnn_ReduceOp<"reduce_max"> { let summary = "The largest over dimensions; equal ones share the gradient"; }
def Cnn_ReduceMinOp : Cnn_ReduceOp<"reduce_min"> { let summary = "The smallest over dimensions; equal ones share the gradient"; }
def Cnn_ReduceProdOp : Cnn_ReduceOp<"reduce_prod"> { let summary = "The product over dimensions"; }

def Cnn_CumsumOp : Cnn_GeneralOp<"cumsum", [SameOperandsAndResultType]> {
  let summary = "Along `axis` the sum of each element and all before it";
  let description = [{
    `exclusive` leaves the element itself out; `reverse` sums from the end.

    Constraints:
    * (C1) `axis` is a dimension of `input`, and not the batch.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Tensor:$input, I64Attr:$axis, UnitAttr:$exclusive, UnitAttr:$reverse);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

def Cnn_MatmulOp : Cnn_GeneralOp<"matmul", [InferTypeOpAdaptor, DeclareOpInterfaceMethods<Cnn_CostInterface>]> {
  let summary = "Products of matrices: `y[…, m, n] = Σ_k lhs[…, m, k] · rhs[…, k, n]`";
  let description = [{
    The leading dimensions count the products. An `rhs` that is one matrix
    belongs to all of them. `transpose_lhs` reads `lhs[…, k, m]`; `sum_products`
    adds all products up to one matrix.

    Constraints:
    * (C1) `lhs` has at least two dimensions; `rhs` has two, or as many as `lhs` with equal leading sizes.
    * (C2) `k` is the same in both.
    * (C3) the matrices themselves have no batch dimension.
  }];
  let arguments = (ins Cnn_Tensor:$lhs, Cnn_Tensor:$rhs, UnitAttr:$transpose_lhs, UnitAttr:$sum_products);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

def Cnn_GatherOp : Cnn_GeneralOp<"gather", [InferTypeOpAdaptor]> {
  let summary = "The elements of `input` along `axis` that `indices` number: `y[a…, i…, b…] = x[a…, indices[i…], b…]`";
  let description = [{
    A negative index counts from the end; one beyond either end reads the element at that end.

    Constraints:
    * (C1) `axis` is a dimension of `input`, and not the batch.
    * (C2) if `indices` have a batch, `input` has none and `axis` is 0.
  }];
  let arguments = (ins Cnn_Tensor:$input, Cnn_Indices:$indices, I64Attr:$axis);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$input `,` $indices attr-dict `:` functional-type(operands, results)";
}
def Cnn_GatherGradOp : Cnn_GeneralOp<"gather_grad"> {
  let summary = "`dx[…, i, …]` is the sum of `dy` over all places whose index is `i`";
  let description = [{
    Constraints:
    * (C1) gathering `indices` along `axis` of the result gives the type of `gradient`.
  }];
  let hasVerifier = 1;
  let arguments = (ins Cnn_Tensor:$gradient, Cnn_Indices:$indices, I64Attr:$axis);
  let results = (outs Cnn_Tensor:$result);
  let assemblyFormat = "$gradient `,` $indices attr-dict `:` functional-type(operands, results)";
}

class Cnn_RowOp<string mnemonic, list<Trait> traits = []> : Cnn_GeneralOp<mnemonic, traits # [SameOperandsAndResultType]> {
  let description = [{
    A row is everything along the last dimension.

    Constraints:
    * (C1) the last dimension is not the batch.
  }];
  let hasVerifier = 1;
  let results = (outs Cnn_Tensor:$result);
}
def Cnn_RowSoftmaxOp : Cnn_RowOp<"row_softmax"> {
  let summary = "`exp(x) / Σ exp(x)` over each row";
  let arguments = (ins Cnn_Tensor:$input);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}
def Cnn_RowSoftmaxGradOp : Cnn_RowOp<"row_softmax_grad"> {
  let summary = "`y · (dy - Σ dy · y)` over each row";
  let arguments = (ins Cnn_Tensor:$output, Cnn_Tensor:$gradient);
  let assemblyFormat = "$output `,` $gradient attr-dict `:` type($result)";
}
def Cnn_LayernormOp : Cnn_RowOp<"layernorm"> {
  let summary = "`(x - mean) / √(variance + ε)` over each row (Ba et al., 2016); factors and addends follow as ops of their own";
  let arguments = (ins Cnn_Tensor:$input, DefaultValuedAttr<F64Attr, "1e-5">:$epsilon);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}
def Cnn_LayernormGradOp : Cnn_RowOp<"layernorm_grad"> {
  let summary = "`(dy - mean(dy) - y · mean(dy · y)) / √(variance + ε)` over each row, with `y` the normalised `x`";
  let arguments = (ins Cnn_Tensor:$input, Cnn_Tensor:$gradient, DefaultValuedAttr<F64Attr, "1e-5">:$epsilon);
  let assemblyFormat = "$input `,` $gradient attr-dict `:` type($result)";
}

#endif // CNNC_DIALECTS_CNN_GENERAL_TD
