//===- Preparation.h - what @prepare computes for @infer ---------*- C++ -*-===//

#ifndef CNNC_PASSES_GRAPH_PREPARATION_H
#define CNNC_PASSES_GRAPH_PREPARATION_H

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"

namespace cnnc {

/// Adds derived parameters, and what computes them, to a module.
class Preparation {
public:
  explicit Preparation(mlir::func::FuncOp infer);

  /// A derived parameter that gets `value`, which is in @prepare, named after `source`: "conv1.weight/folded".
  mlir::StringAttr derive(mlir::Value value, cnn::ReadOp source, llvm::StringRef suffix = "/folded");
  /// The copy of a read in @prepare, or of a kernel in another shape.
  mlir::Value read(cnn::ReadOp source);
  mlir::Value copyKernel(mlir::Value kernel);
  /// A builder in front of the end of @prepare, which is created when needed.
  mlir::OpBuilder &atEnd();

private:
  mlir::func::FuncOp infer;
  mlir::SymbolTable symbols;
  mlir::OpBuilder builder;
  mlir::func::FuncOp prepare;
};

/// Moves the ops of `infer` that compute kernels from parameters alone to @prepare.
void prepareKernels(mlir::func::FuncOp infer, Preparation &preparation);

} // namespace cnnc

#endif // CNNC_PASSES_GRAPH_PREPARATION_H
