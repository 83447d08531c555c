//===- Places.h - elements by their coordinates ------------------*- C++ -*-===//

#ifndef CNNC_TEST_INTERPRETER_PLACES_H
#define CNNC_TEST_INTERPRETER_PLACES_H

#include "test/interpreter/Evaluation.h"

namespace cnnc::interpreter {

using Index = std::vector<int64_t>;

/// Calls `body(index, place)` for every element of a tensor of this shape, in row-major order.
template <typename Body> void forEachElement(const Index &shape, Body body) {
  Tensor extents(shape);
  Index index(shape.size());
  for (int64_t place = 0; place < extents.size(); ++place) {
    int64_t rest = place;
    for (size_t d = shape.size(); d-- > 0;) {
      index[d] = rest % shape[d];
      rest /= shape[d];
    }
    body(index, place);
  }
}

inline int64_t placeOf(const Index &shape, const Index &index) {
  int64_t place = 0;
  for (size_t d = 0; d < shape.size(); ++d)
    place = place * shape[d] + index[d];
  return place;
}

} // namespace cnnc::interpreter

#endif // CNNC_TEST_INTERPRETER_PLACES_H
