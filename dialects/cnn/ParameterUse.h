//===- ParameterUse.h - names of parameters in ops ---------------*- C++ -*-===//

#ifndef CNNC_DIALECTS_CNN_PARAMETERUSE_H
#define CNNC_DIALECTS_CNN_PARAMETERUSE_H

#include "mlir/IR/SymbolTable.h"

namespace cnnc::cnn {

/// Checks that `name` is a parameter in reach of `op`, of type `type`, and,
/// where `trainable`, one that has a gradient.
llvm::LogicalResult verifyParameterUse(mlir::Operation *op, mlir::FlatSymbolRefAttr name, mlir::Type type,
                                       mlir::SymbolTableCollection &symbols, bool trainable = false);

} // namespace cnnc::cnn

#endif // CNNC_DIALECTS_CNN_PARAMETERUSE_H
