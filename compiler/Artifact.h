//===- Artifact.h - a model becomes files ------------------------*- C++ -*-===//

#ifndef CNNC_COMPILER_ARTIFACT_H
#define CNNC_COMPILER_ARTIFACT_H

#include "compiler/Options.h"
#include "frontends/ParameterValues.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace cnnc {

/// What `--emit` asks for, as text. Where a pass fails, its diagnostic is the
/// message and the error's text is empty.
llvm::Expected<std::string> writeStage(mlir::ModuleOp module, const Options &options);

/// Writes the library, with the values inside, and the header beside it. Errors
/// as above.
llvm::Error buildLibrary(mlir::ModuleOp module, ParameterValues values, const Options &options);

} // namespace cnnc

#endif // CNNC_COMPILER_ARTIFACT_H
