//===- Mover.h - a node with the batch brought to the front ------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_MOVER_H
#define CNNC_FRONTENDS_ONNX_MOVER_H

#include "frontends/onnx/Moved.h"

namespace cnnc::onnx {

inline bool hasBatch(const Value &value) {
  return value.kind == Value::Kind::Runtime && !shapeOf(value.runtime).empty() && shapeOf(value.runtime)[0] == dynamic;
}

/// Rewrites one node; each function is false where that cannot be.
class Mover {
public:
  explicit Mover(const Call &call) : call(call), moved{call.node, {}, {}} {}

  std::optional<MovedNode> run();

private:
  bool readOperands();
  bool rewrite();
  // One for each operator, or family of them, that names dimensions.
  bool batchNorm();
  bool concat();
  bool flatten();
  bool gather();
  bool layerNorm();
  bool matmul();
  bool recur();
  bool reduce();
  bool reshape();
  bool slice();
  bool softmax();
  bool split();
  bool squeeze();
  bool transpose();
  bool trilu();
  bool unsqueeze();
  // And what they share.
  bool alongAxis(int64_t fallback);
  bool alignConstants();

  std::optional<Shape> wantedSizes(int64_t &found) const;
  /// A view of sizes of which one is `dynamic` and has `found` parts, or, where that is 0, one that is still looked for.
  bool reshapeTo(Shape result, int64_t found);
  /// Puts the places of dimensions in their stead, and gives that of the batch when they are gone; nothing where the
  /// batch is one of them.
  std::optional<size_t> removeAt(Shape &axes) const;
  bool hasParts() const { return parts > 1; }
  /// The place of a dimension, also counted from the end, where the batch comes first, and the parts after it.
  std::optional<int64_t> placeOf(int64_t dimension) const;
  std::optional<Shape> integersOf(size_t operand, llvm::StringRef attribute) const;
  std::optional<int64_t> integerOf(llvm::StringRef attribute, int64_t fallback) const;
  void setAttribute(llvm::StringRef name, llvm::ArrayRef<int64_t> values, Attribute::Kind kind);
  void setOperand(size_t i, Tensor tensor);
  /// Puts dimensions where the operator's version has them, an operand or the attribute "axes".
  void setAxes(const Shape &axes, size_t operand);
  void setResults(size_t axis) { moved.batchAxes.assign(call.node.outputs.size(), axis); }
  bool isAt(size_t i) const { return call.has(i) && call.isConstant(i); }

  const Call &call;
  MovedNode moved;
  size_t rank = 0, batch = 0; // of the operands with a batch, as the file has them
  int64_t parts = 1;
};

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_MOVER_H
