//===- Interpreter.h - the executable specification of cnn -------*- C++ -*-===//
//
// Runs any function of cnn ops in double precision, whatever the element type
// says. Every op is one plain loop nest; nothing here knows a derivative that
// is not an op. Compiled libraries, passes and gradients are compared with it.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_TEST_INTERPRETER_INTERPRETER_H
#define CNNC_TEST_INTERPRETER_INTERPRETER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "test/interpreter/Evaluation.h"

namespace cnnc::interpreter {

/// Makes the ops of every dialect with evaluators runnable.
void registerEvaluators(mlir::DialectRegistry &);

class Interpreter {
public:
  /// `module` stays the caller's and must outlive the interpreter. Parameters
  /// start with their value, or zeros; hyper-parameters as `cnn.optimizer` says.
  explicit Interpreter(mlir::ModuleOp module);

  /// Runs a function, all of its phases in order. The batch is that of the
  /// inputs. Fails with a diagnostic: no such function, inputs of other shapes
  /// than the function's, an op that cannot be evaluated.
  llvm::FailureOr<std::vector<Tensor>> run(llvm::StringRef function, llvm::ArrayRef<Tensor> inputs);

  /// The parameter (gradient) of that name, which must exist.
  Tensor &parameter(llvm::StringRef name) { return state.parameters.find(name)->second; }
  Tensor &gradient(llvm::StringRef name) { return state.gradients.find(name)->second; }
  /// Sets all gradients to zero, as before each step.
  void clearGradients();

  State state;

private:
  mlir::ModuleOp module;
};

} // namespace cnnc::interpreter

#endif // CNNC_TEST_INTERPRETER_INTERPRETER_H
