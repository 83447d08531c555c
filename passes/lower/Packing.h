//===- Packing.h - between canonical and packed parameters -------*- C++ -*-===//

#ifndef CNNC_PASSES_LOWER_PACKING_H
#define CNNC_PASSES_LOWER_PACKING_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace cnnc {

/// True if the packed form of a parameter differs from the canonical one.
bool needsPacking(mlir::RankedTensorType type);

/// The unit (Lower.h) for a type; types of one shape share it.
std::string packingName(mlir::RankedTensorType type);

/// Its functions, `void (const float *from, float *to)`.
std::string packFunctionName(mlir::RankedTensorType type);
std::string unpackFunctionName(mlir::RankedTensorType type);

/// Adds both functions for a type to a module, as functions of scf and memref
/// on pointers; nothing if they are there.
void addPackingFunctions(mlir::ModuleOp module, mlir::RankedTensorType type);

} // namespace cnnc

#endif // CNNC_PASSES_LOWER_PACKING_H
