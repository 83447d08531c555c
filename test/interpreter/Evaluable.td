//===- Evaluable.td - an op the interpreter can run ------------*- tablegen -*-===//

include "mlir/IR/OpBase.td"

def EvaluableInterface : OpInterface<"EvaluableInterface"> {
  let cppNamespace = "::cnnc::interpreter";
  let description = [{
    What an op computes, as the plainest loop nest in double precision.
  }];
  let methods = [
    InterfaceMethod<[{
      Computes the results from the operands and the state of the run. Results
      have their shapes and hold zeros. Failure comes with a diagnostic.
    }], "::llvm::LogicalResult", "evaluate", (ins "::cnnc::interpreter::Evaluation &":$evaluation)>
  ];
}
