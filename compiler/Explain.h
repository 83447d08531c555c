//===- Explain.h - what a network costs, layer by layer ----------*- C++ -*-===//

#ifndef CNNC_COMPILER_EXPLAIN_H
#define CNNC_COMPILER_EXPLAIN_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <string>

namespace cnnc {

/// A table of the layers of `module`, a front end's: per layer the shape of
/// its result, its parameters, and for one example its floating-point
/// operations (a multiply-add counts two) and the bytes of its result. Layers
/// that state no cost show no operations. Then the bytes of the packed weights
/// and of a context for batches of several sizes, by the memory plan for the
/// first processor of `cpu` (parseLevels). Brings the module that far. Errors of
/// passes go to the context's diagnostics, and the one returned is empty.
llvm::Expected<std::string> explain(mlir::ModuleOp module, llvm::StringRef cpu);

} // namespace cnnc

#endif // CNNC_COMPILER_EXPLAIN_H
