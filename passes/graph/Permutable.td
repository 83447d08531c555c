//===- Permutable.td - ops that any order of dimensions suits --*- tablegen -*-===//

#ifndef CNNC_PASSES_GRAPH_PERMUTABLE_TD
#define CNNC_PASSES_GRAPH_PERMUTABLE_TD

include "mlir/IR/OpBase.td"

def Cnnc_PermutableInterface : OpInterface<"PermutableInterface"> {
  let cppNamespace = "::cnnc";
  let description = [{
    An op with one result that computes the same on tensors whose dimensions
    stand in another order. Elementwise ops on operands of one shape are so
    without it.
  }];
  let methods = [
    InterfaceMethod<[{
      Builds the op on `operands`, dimension i of which is dimension
      `permutation[i]` of this op's. The result is permuted alike.
    }], "::mlir::Value", "buildPermuted", (ins
      "::mlir::OpBuilder &":$builder, "::llvm::ArrayRef<int64_t>":$permutation, "::mlir::ValueRange":$operands)>
  ];
}

#endif // CNNC_PASSES_GRAPH_PERMUTABLE_TD
