//===- GradientCheck.h - the passes' gradients and differences ---*- C++ -*-===//
//
// A case is an op, or a small network, on random inputs. Its @train, which
// compares the result with a random target, is differentiated by the pass; the
// gradients are compared with central differences of the @train as built.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_TEST_GRADIENTS_GRADIENTCHECK_H
#define CNNC_TEST_GRADIENTS_GRADIENTCHECK_H

#include "dialects/cnn/Cnn.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "test/interpreter/Random.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <string>

namespace cnnc::test {

using interpreter::Random;
using interpreter::Tensor;

/// A context with the dialect, its gradients and its evaluators.
mlir::MLIRContext &getContext();

/// Runs passes, "cnnc-split,cnnc-differentiate", over a module.
llvm::LogicalResult runPasses(mlir::ModuleOp module, llvm::StringRef pipeline);

/// An argument of @train. Targets have no gradient; labels are i32.
struct Input {
  Tensor value;
  enum Kind { Differentiated, Target, Labels } kind = Differentiated;
};

/// Builds what is under test from the arguments of @train: a batch, which goes
/// into a mean squared error against a random target, or a scalar loss.
using Build = llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// How many random cases to run: `quick`, or `all` if the environment variable
/// CNNC_TEST_ALL is set.
int caseCount(int quick, int all);

/// The shape of a batch: images, vectors, sizes down to 1.
std::vector<int64_t> randomShape(Random &random);
/// A tensor of `least` to `most` dimensions, the first of which is the batch.
std::vector<int64_t> randomShape(Random &random, int64_t least, int64_t most);
/// Some of the dimensions behind the batch, or none.
llvm::SmallVector<int64_t> randomAxes(Random &random, const Tensor &x);
/// Builds an op that takes all arguments and has the type `type`.
template <typename OpTy>
mlir::Operation *createOp(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, mlir::ValueRange arguments) {
  return OpTy::create(builder, loc, mlir::TypeRange(type), arguments);
}

/// Values from -1 to 1 in random order, all different and none zero: no ties
/// and no kinks within reach of a difference.
Tensor separated(Random &random, std::vector<int64_t> shape);

/// Compares the gradients by every input that is Differentiated; `what` names
/// the case in a failure.
void checkGradients(Random &random, llvm::ArrayRef<Input> inputs, Build build, const std::string &what);

/// Compares the gradients of `differentiated`, by all trainable parameters and
/// inputs, with differences of @train in `module`. Parameters have random
/// values.
void checkModuleGradients(Random &random, mlir::ModuleOp module, mlir::ModuleOp differentiated, llvm::ArrayRef<Tensor> inputs,
                          const std::string &what);

} // namespace cnnc::test

#endif // CNNC_TEST_GRADIENTS_GRADIENTCHECK_H
