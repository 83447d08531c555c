//===- Pipeline.h - from a model to what is asked for ------------*- C++ -*-===//

#ifndef CNNC_COMPILER_PIPELINE_H
#define CNNC_COMPILER_PIPELINE_H

#include "compiler/Options.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LogicalResult.h"

namespace cnnc {

struct Level;

/// Runs the passes that lead from the form `from` to the form `to`, at most
/// Tiled, for a level of the instruction set. Errors go to the context's
/// diagnostics.
llvm::LogicalResult runPipeline(mlir::ModuleOp module, Stage from, Stage to, const Level &level);

/// Runs those that lead from Tiled to planned memory, to kernels that are named
/// after their content, and on to the LLVM dialect.
llvm::LogicalResult planMemory(mlir::ModuleOp module);
llvm::LogicalResult nameKernels(mlir::ModuleOp module);
llvm::LogicalResult lowerToLLVM(mlir::ModuleOp module);

} // namespace cnnc

#endif // CNNC_COMPILER_PIPELINE_H
