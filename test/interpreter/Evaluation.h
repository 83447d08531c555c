//===- Evaluation.h - what an op sees while it is interpreted ----*- C++ -*-===//

#ifndef CNNC_TEST_INTERPRETER_EVALUATION_H
#define CNNC_TEST_INTERPRETER_EVALUATION_H

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OpDefinition.h"
#include "test/interpreter/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"

namespace cnnc::interpreter {

/// What outlives the run of a function.
struct State {
  llvm::StringMap<Tensor> parameters; ///< by symbol: weights, buffers, slots, derived
  llvm::StringMap<Tensor> gradients;  ///< of the trainable parameters
  llvm::StringMap<double> hypers;     ///< lr, momentum, …
  uint64_t seed = 0;                  ///< key of the random numbers
  uint64_t step = 1;                  ///< counter of the random numbers, and the hyper-parameter "step"
};

/// The operands, results and state of one op.
struct Evaluation {
  llvm::ArrayRef<const Tensor *> operands;
  llvm::MutableArrayRef<Tensor> results;
  State &state;

  const Tensor &operand(unsigned i) const { return *operands[i]; }
  Tensor &result(unsigned i = 0) const { return results[i]; }
};

} // namespace cnnc::interpreter

#include "test/interpreter/Evaluable.h.inc"

namespace cnnc::interpreter {

/// Gives `OpTy` the evaluator `function`.
template <typename OpTy, auto function> struct Evaluator : EvaluableInterface::ExternalModel<Evaluator<OpTy, function>, OpTy> {
  llvm::LogicalResult evaluate(mlir::Operation *op, Evaluation &evaluation) const {
    if constexpr (std::is_void_v<decltype(function(llvm::cast<OpTy>(op), evaluation))>) {
      function(llvm::cast<OpTy>(op), evaluation);
      return llvm::success();
    } else {
      return function(llvm::cast<OpTy>(op), evaluation);
    }
  }
};
template <typename OpTy, auto function> void attach(mlir::MLIRContext *context) {
  OpTy::template attachInterface<Evaluator<OpTy, function>>(*context);
}

/// One function per family of ops, each in the file of its name.
void attachActivationEvaluators(mlir::MLIRContext *);
void attachArithmeticEvaluators(mlir::MLIRContext *);
void attachContractionEvaluators(mlir::MLIRContext *);
void attachElementwiseEvaluators(mlir::MLIRContext *);
void attachFunctionEvaluators(mlir::MLIRContext *);
void attachImageNormEvaluators(mlir::MLIRContext *);
void attachGeneralEvaluators(mlir::MLIRContext *);
void attachGridSampleEvaluators(mlir::MLIRContext *);
void attachIndexEvaluators(mlir::MLIRContext *);
void attachLossEvaluators(mlir::MLIRContext *);
void attachNormEvaluators(mlir::MLIRContext *);
void attachOptimizerEvaluators(mlir::MLIRContext *);
void attachPoolEvaluators(mlir::MLIRContext *);
void attachRearrangeEvaluators(mlir::MLIRContext *);
void attachResampleEvaluators(mlir::MLIRContext *);
void attachShapeEvaluators(mlir::MLIRContext *);
void attachStructureEvaluators(mlir::MLIRContext *);
void attachUnpoolEvaluators(mlir::MLIRContext *);

} // namespace cnnc::interpreter

#endif // CNNC_TEST_INTERPRETER_EVALUATION_H
