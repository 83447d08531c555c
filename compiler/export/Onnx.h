//===- Onnx.h - a model becomes an ONNX file ---------------------*- C++ -*-===//

#ifndef CNNC_COMPILER_EXPORT_ONNX_H
#define CNNC_COMPILER_EXPORT_ONNX_H

#include "frontends/Diagnostics.h"
#include "frontends/ParameterValues.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace cnnc {

struct OnnxOutput {
  std::string path;          ///< ends in .onnx
  std::string version;       ///< of the compiler
  bool externalData = false; ///< weights lie in a file beside it, as they do where one file is too small
};

/// Writes a front end's module, which has @forward: that becomes the graph, with named layers,
/// batch norm and dropout as they are, and the parameters that it reads become
/// initializers of their names with `values`, of which there is one for each.
/// Layers that ONNX cannot say are reported to `sink`, all of them; the error's
/// text is then empty, and nothing is written.
llvm::Error writeOnnx(mlir::ModuleOp module, const ParameterValues &values, const OnnxOutput &output, DiagnosticSink &sink);

} // namespace cnnc

#endif // CNNC_COMPILER_EXPORT_ONNX_H
