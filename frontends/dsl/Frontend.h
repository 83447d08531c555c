//===- Frontend.h - from the text of a model to the cnn dialect --*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_FRONTEND_H
#define CNNC_FRONTENDS_DSL_FRONTEND_H

#include "frontends/Diagnostics.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace cnnc {

/// What a user can say beside the text.
struct DslOptions {
  /// The model or train block that is wanted, where the file has several.
  std::string model;
  /// `key=value`: what the train block says, but for this compile.
  std::vector<std::string> overrides;
};

/// Compiles the file at `path`, with all that it imports, to a module as
/// described in docs/architecture.md ("After a front end"). Null after errors,
/// which are in `sink`. The context has the dialects cnn and func.
mlir::OwningOpRef<mlir::ModuleOp> compileDsl(llvm::StringRef path, const DslOptions &options, mlir::MLIRContext &context,
                                             DiagnosticSink &sink);

/// The same for text in memory; `name` stands in diagnostics, and imports are
/// relative to it.
mlir::OwningOpRef<mlir::ModuleOp> compileDslText(llvm::StringRef text, llvm::StringRef name, const DslOptions &options,
                                                 mlir::MLIRContext &context, DiagnosticSink &sink);

} // namespace cnnc

#endif // CNNC_FRONTENDS_DSL_FRONTEND_H
