//===- Registration.h - dialects and passes of the tools ---------*- C++ -*-===//
//
// The one place where anything is registered.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_COMPILER_REGISTRATION_H
#define CNNC_COMPILER_REGISTRATION_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace cnnc {

/// Adds every dialect a module of ours can hold at any stage.
void registerDialects(mlir::DialectRegistry &registry);

/// Makes our passes known to `cnnc-opt` by their flags.
void registerPasses();

} // namespace cnnc

#endif // CNNC_COMPILER_REGISTRATION_H
