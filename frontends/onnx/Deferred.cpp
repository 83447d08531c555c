//===- Deferred.cpp - transposes that would move the batch ----------------===//
//
// Attention takes queries, keys and values out of one product by a transpose
// that brings them, and not the batch, to the front, and then selects. The
// transpose waits: what selects works on the tensor as it lies, and when the
// batch is in front again the rest is an ordinary transpose.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Conversion.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// Without dimension `gone` of the tensor as it lies.
static Shape without(llvm::ArrayRef<int64_t> order, int64_t gone) {
  Shape result;
  for (int64_t from : order)
    if (from != gone)
      result.push_back(from - (from > gone));
  return result;
}

void Call::defer(size_t i, mlir::Value value, llvm::ArrayRef<int64_t> order, ElementType type) {
  if (order[0] == 0) {
    Shape shape;
    for (int64_t from : order)
      shape.push_back(shapeOf(value)[from]);
    return set(i, llvm::is_sorted(order) ? value : emit<cnn::TransposeOp>(shape, value, order), type);
  }
  set(i, value, type);
  if (i < results.size())
    results[i].order.assign(order.begin(), order.end());
}

/// The permutation of a Transpose, if it is one.
static std::optional<Shape> permutationOf(Call &call, size_t rank) {
  Shape permutation = call.integers("perm").value_or(Shape()), all;
  for (size_t i = rank; permutation.size() < rank && i-- > 0;)
    permutation.push_back(i);
  Shape sorted(permutation);
  llvm::sort(sorted);
  for (size_t i = 0; i < rank; ++i)
    all.push_back(i);
  return sorted == all ? std::optional(permutation) : std::nullopt;
}

/// The place in the tensor as it lies of the dimension that a Gather, Split or Squeeze selects from; nothing where that
/// is the batch, or more than one dimension.
static std::optional<int64_t> selectedPlace(Call &call, llvm::ArrayRef<int64_t> order) {
  int64_t axis = call.integer("axis", 0), rank = static_cast<int64_t>(order.size());
  if (call.node.op == "Squeeze") {
    std::optional<Shape> axes = call.has(1) ? call.constantIntegers(1, "axes") : call.integers("axes");
    if (!axes || axes->size() != 1)
      return std::nullopt;
    axis = (*axes)[0];
  }
  if (axis < -rank || axis >= rank || order[axis < 0 ? axis + rank : axis] == 0)
    return std::nullopt;
  return order[axis < 0 ? axis + rank : axis];
}

bool onnx::convertDeferred(Call &call, Converter converter) {
  mlir::Value lies = call.operand(0).runtime;
  Shape order = call.operand(0).order;
  llvm::StringRef op = call.node.op;
  if (!call.node.domain.empty() || order.empty())
    return false;
  if (op == "Transpose") {
    std::optional<Shape> permutation = permutationOf(call, order.size());
    if (!permutation)
      return false;
    for (int64_t &from : *permutation)
      from = order[from];
    call.defer(0, lies, *permutation, call.type(0));
    return true;
  }
  bool isOne = op == "Gather" && call.has(1) && call.isConstant(1) && call.operand(1).constant.rank() == 0;
  if (!isOne && op != "Split" && op != "Squeeze")
    return false;
  std::optional<int64_t> place = selectedPlace(call, order);
  if (!place)
    return false;
  if (op == "Squeeze") {
    Shape shape(shapeOf(lies));
    if (shape[*place] != 1)
      return false;
    shape.erase(shape.begin() + *place);
    call.defer(0, call.reshape(lies, shape), without(order, *place), call.type(0));
    return true;
  }
  // The same node on the tensor as it lies.
  Node node = call.node;
  llvm::erase_if(node.attributes, [](const Attribute &attribute) { return attribute.name == "axis"; });
  Attribute axis;
  axis.name = "axis", axis.kind = Attribute::Kind::Integer, axis.integers = {*place};
  node.attributes.push_back(axis);
  Call inner(call.conversion, node);
  inner.use(0, lies);
  converter(inner);
  if (inner.failed())
    return true;
  for (size_t i = 0; i < inner.results.size(); ++i)
    if (inner.results[i].kind == onnx::Value::Kind::Runtime)
      call.defer(i, inner.results[i].runtime, isOne ? without(order, *place) : order, inner.results[i].type);
  return true;
}
