//===- Weights.h - the values that a model starts from -----------*- C++ -*-===//

#ifndef CNNC_COMPILER_WEIGHTS_WEIGHTS_H
#define CNNC_COMPILER_WEIGHTS_WEIGHTS_H

#include "frontends/ParameterValues.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace cnnc {

/// The values in the safetensors file `path`, plain weights or a checkpoint of
/// `cnnrt train`, for every weight and buffer of a front end's module. The
/// errors are those of a library that loads the file. Where a pass fails, its
/// diagnostic is the message and the error's text is empty.
llvm::Expected<ParameterValues> loadWeights(mlir::ModuleOp module, llvm::StringRef path);

/// Completes `given`, the values that came with the model, by those that
/// `weights_create` of its library draws with `seed`. Errors as above.
llvm::Expected<ParameterValues> initialWeights(mlir::ModuleOp module, ParameterValues given, uint64_t seed);

} // namespace cnnc

#endif // CNNC_COMPILER_WEIGHTS_WEIGHTS_H
