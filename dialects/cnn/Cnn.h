//===- Cnn.h - the cnn dialect -----------------------------------*- C++ -*-===//

#ifndef CNNC_DIALECTS_CNN_CNN_H
#define CNNC_DIALECTS_CNN_CNN_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/BitVector.h"
#include <array>

namespace cnnc::cnn {
/// How an op may take part in a kernel; see FusionInterface.
enum class FusionKind { Elementwise, Reshape, Window, Contraction, Reduction, General };

/// The elements of one example of a batch; a scalar has one.
int64_t elementsPerExample(mlir::Type tensor);
} // namespace cnnc::cnn

#include "dialects/cnn/CnnDialect.h.inc"
#include "dialects/cnn/CnnEnums.h.inc"
#include "dialects/cnn/CnnInterfaces.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/cnn/CnnAttributes.h.inc"

#define GET_OP_CLASSES
#include "dialects/cnn/CnnOps.h.inc"

#endif // CNNC_DIALECTS_CNN_CNN_H
