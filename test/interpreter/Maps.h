//===- Maps.h - evaluators that go element by element ------------*- C++ -*-===//

#ifndef CNNC_TEST_INTERPRETER_MAPS_H
#define CNNC_TEST_INTERPRETER_MAPS_H

#include "test/interpreter/Evaluation.h"

namespace cnnc::interpreter {

/// result = function(x) for every element.
template <typename Function> void map(Evaluation &e, Function function) {
  for (int64_t i = 0; i < e.result().size(); ++i)
    e.result()[i] = function(e.operand(0)[i]);
}
/// result = function(x, y) for every pair of elements.
template <typename Function> void zip(Evaluation &e, Function function) {
  for (int64_t i = 0; i < e.result().size(); ++i)
    e.result()[i] = function(e.operand(0)[i], e.operand(1)[i]);
}
/// result = function(element, channel) over [N, C, …].
template <typename Function> void mapChannels(Evaluation &e, Function function) {
  const Tensor &x = e.operand(0);
  for (int64_t n = 0, i = 0; n < x.batch(); ++n)
    for (int64_t c = 0; c < x.channels(); ++c)
      for (int64_t inner = 0; inner < x.inner(); ++inner, ++i)
        e.result()[i] = function(x[i], c);
}

} // namespace cnnc::interpreter

#endif // CNNC_TEST_INTERPRETER_MAPS_H
