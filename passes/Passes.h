//===- Passes.h - every pass of the pipeline ---------------------*- C++ -*-===//

#ifndef CNNC_PASSES_PASSES_H
#define CNNC_PASSES_PASSES_H

#include "mlir/Pass/Pass.h"

namespace cnnc {

#define GEN_PASS_DECL
#include "passes/Passes.h.inc"

/// Registers every pass with the command lines of tools such as cnnc-opt;
/// `registerCnncPasses()`.
#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"

} // namespace cnnc

#endif // CNNC_PASSES_PASSES_H
