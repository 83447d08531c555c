//===- Moved.h - operators on tensors whose batch is inside ------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_MOVED_H
#define CNNC_FRONTENDS_ONNX_MOVED_H

#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// A node as it would be if the batch came first in its operands and results.
struct MovedNode {
  Node node;
  std::vector<Value> operands;
  /// Where the file has the batch in each result.
  std::vector<size_t> batchAxes;
  /// The parts of each example that it counts with the batch there.
  int64_t parts = 1;
  /// It is this only if it maps element by element.
  bool mapsElements = false;
};

/// The node of `call`, which has an operand whose batch is not the first dimension, or makes such a result; nothing
/// where the batch cannot be brought to the front, as where the node works along it.
std::optional<MovedNode> moveBatch(const Call &call);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_MOVED_H
