//===- Explain.h - what a network costs, layer by layer ----------*- C++ -*-===//

#ifndef CNNC_COMPILER_EXPLAIN_H
#define CNNC_COMPILER_EXPLAIN_H

#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace cnnc {

/// A table of the layers of `module`, a front end's: per layer the shape of
/// its result, its parameters, and for one example its floating-point
/// operations (a multiply-add counts two) and the bytes of its result. Layers
/// that state no cost show no operations.
std::string explain(mlir::ModuleOp module);

} // namespace cnnc

#endif // CNNC_COMPILER_EXPLAIN_H
