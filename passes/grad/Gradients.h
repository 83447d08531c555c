//===- Gradients.h - the gradients of all ops --------------------*- C++ -*-===//

#ifndef CNNC_PASSES_GRAD_GRADIENTS_H
#define CNNC_PASSES_GRAD_GRADIENTS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace cnnc {

/// Attaches DifferentiableInterface to every op that has a gradient.
void registerGradients(mlir::DialectRegistry &);

} // namespace cnnc

#endif // CNNC_PASSES_GRAD_GRADIENTS_H
