//===- Frontend.h - from an ONNX file to the cnn dialect ---------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_FRONTEND_H
#define CNNC_FRONTENDS_ONNX_FRONTEND_H

#include "frontends/Diagnostics.h"
#include "frontends/ParameterValues.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace cnnc {

/// What a user can say beside the file.
struct OnnxOptions {
  /// `input=N,3,320,480`: sizes of an input that the file leaves open.
  std::vector<std::string> shapes;
  /// `input=file.npy`: a value for an input, which is none then.
  std::vector<std::string> constants;
  /// `boxes,scores`: the values that are the outputs, instead of those that the file names.
  std::vector<std::string> outputs;
  /// The network will be trained: what cannot be is frozen, and remarks say
  /// what the file is like.
  bool train = false;
};

/// A module as described in docs/architecture.md ("After a front end"), and the
/// values of its parameters, which keep the file mapped.
struct OnnxModel {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ParameterValues values;
};

/// Compiles the file at `path`. The module is null after errors, which are in
/// `sink`: of nodes that are not supported all are named. The context has the
/// dialects cnn and func.
OnnxModel compileOnnx(llvm::StringRef path, const OnnxOptions &options, mlir::MLIRContext &context, DiagnosticSink &sink);

/// The same for bytes in memory; `name` stands in diagnostics. External data lie
/// below `folder`.
OnnxModel compileOnnxBytes(llvm::StringRef bytes, llvm::StringRef name, llvm::StringRef folder, const OnnxOptions &options,
                           mlir::MLIRContext &context, DiagnosticSink &sink);

} // namespace cnnc

#endif // CNNC_FRONTENDS_ONNX_FRONTEND_H
