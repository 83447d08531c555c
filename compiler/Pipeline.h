//===- Pipeline.h - from a model to what is asked for ------------*- C++ -*-===//

#ifndef CNNC_COMPILER_PIPELINE_H
#define CNNC_COMPILER_PIPELINE_H

#include "compiler/Options.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LogicalResult.h"

namespace cnnc {

/// Runs the passes on `module`, a front end's, up to `options.emit`. Errors go
/// to the context's diagnostics.
llvm::LogicalResult runPipeline(mlir::ModuleOp module, const Options &options);

} // namespace cnnc

#endif // CNNC_COMPILER_PIPELINE_H
