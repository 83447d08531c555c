//===- Plain.h - layers that are one op of tensors alone ---------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_LAYERS_PLAIN_H
#define CNNC_FRONTENDS_DSL_LAYERS_PLAIN_H

#include "frontends/dsl/layers/Layers.h"

namespace cnnc::dsl {

/// `Op` of x.
template <typename Op> std::optional<Tensor> buildUnary(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  return context.emit<Op>(x.shape, x.value);
}

/// `Op` of x and y, which have one shape.
template <typename Op> std::optional<Tensor> buildBinary(LayerContext &context) {
  const Tensor &x = context.tensor("x"), &y = context.tensor("y");
  return context.needsEqualShapes(x, y) ? context.emit<Op>(x.shape, x.value, y.value) : std::nullopt;
}

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_LAYERS_PLAIN_H
