//===- Moved.cpp - operators on tensors whose batch is inside -------------===//
//
// Recurrent networks have the batch as their second dimension, and attention
// takes queries, keys and values apart along a dimension that stands before it.
// Others count parts of each example with the batch, such as windows of an
// image. Their tensors have the batch in front all the same, and the parts as
// the next dimension; what changes is the numbers of dimensions that a node
// names.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Mover.h"
#include "llvm/ADT/StringMap.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;
using llvm::StringRef;

std::optional<int64_t> Mover::placeOf(int64_t dimension) const {
  int64_t count = rank, axis = dimension < 0 ? dimension + count : dimension, inside = batch;
  if (axis < 0 || axis >= count || axis == inside)
    return std::nullopt;
  return axis + (axis < inside) + hasParts();
}

/// A list that is a constant operand, or before that an attribute.
std::optional<Shape> Mover::integersOf(size_t operand, StringRef attribute) const {
  if (isAt(operand)) {
    const Tensor &tensor = call.operand(operand).constant;
    if (isReal(tensor.type()) || tensor.isSymbolic() || tensor.elements() > 16)
      return std::nullopt;
    Shape values;
    for (int64_t i = 0; i < tensor.elements(); ++i)
      values.push_back(tensor.at(i).integer);
    return values;
  }
  const Attribute *given = call.node.attribute(attribute);
  if (call.has(operand) || !given || given->kind != Attribute::Kind::Integers)
    return std::nullopt;
  return Shape(given->integers.begin(), given->integers.end());
}

std::optional<int64_t> Mover::integerOf(StringRef attribute, int64_t fallback) const {
  const Attribute *given = call.node.attribute(attribute);
  if (!given)
    return fallback;
  return given->kind == Attribute::Kind::Integer ? std::optional(given->integers[0]) : std::nullopt;
}

void Mover::setAttribute(StringRef name, ArrayRef<int64_t> values, Attribute::Kind kind) {
  llvm::erase_if(moved.node.attributes, [&](const Attribute &attribute) { return attribute.name == name; });
  Attribute &attribute = moved.node.attributes.emplace_back();
  attribute.name = name.str();
  attribute.kind = kind;
  attribute.integers.assign(values.begin(), values.end());
}

void Mover::setOperand(size_t i, Tensor tensor) {
  moved.operands.resize(std::max(moved.operands.size(), i + 1));
  moved.operands[i] = Value::ofConstant(std::move(tensor));
  moved.node.inputs.resize(moved.operands.size());
  if (moved.node.inputs[i].empty())
    moved.node.inputs[i] = "axes#" + call.node.outputs[0];
}

void Mover::setAxes(const Shape &axes, size_t operand) {
  if (call.has(operand))
    setOperand(operand, Tensor::ofIntegers(axes));
  else
    setAttribute("axes", axes, Attribute::Kind::Integers);
}

/// All operands with a batch have it at one place.
bool Mover::readOperands() {
  bool found = false;
  for (size_t i = 0; i < call.operands(); ++i) {
    Value value = call.has(i) ? call.operand(i) : Value();
    if (call.has(i) && value.kind == Value::Kind::Unknown)
      return false;
    if (hasBatch(value)) {
      size_t dimensions = call.shape(i).size();
      if (found && (dimensions != rank || value.batchAxis != batch || value.parts != parts))
        return false;
      rank = dimensions, batch = value.batchAxis, parts = value.parts, found = true;
      value.batchAxis = 0, value.parts = 1;
    }
    moved.operands.push_back(std::move(value));
  }
  moved.parts = parts;
  return found && !call.node.outputs.empty();
}

/// ONNX has a layout with the batch in front.
bool Mover::recur() {
  if (integerOf("layout", 0) != 0 || batch != 1 || rank != 3 || hasParts())
    return false;
  for (size_t i : {5, 6}) { // states to start with, for one example where they are constant
    if (!call.has(i) || hasBatch(moved.operands[i]))
      continue;
    if (!isAt(i) || call.shape(i).size() != 3 || call.shape(i)[1] != 1 || call.conversion.fixedBatch != 1)
      return false;
    moved.operands[i].constant = moved.operands[i].constant.transposed({1, 0, 2});
  }
  setAttribute("layout", {1}, Attribute::Kind::Integer);
  setResults(1);
  moved.batchAxes[0] = 2;
  return true;
}

std::optional<size_t> Mover::removeAt(Shape &axes) const {
  size_t inside = batch;
  for (int64_t &axis : axes) {
    std::optional<int64_t> place = placeOf(axis);
    if (!place)
      return std::nullopt;
    axis = *place;
    inside -= axis <= static_cast<int64_t>(batch + hasParts()); // stood before the batch
  }
  return inside;
}

bool Mover::reduce() {
  std::optional<Shape> axes = integersOf(1, "axes");
  std::optional<int64_t> keeps = integerOf("keepdims", 1);
  if (!axes || axes->empty() || !keeps)
    return false;
  std::optional<size_t> inside = removeAt(*axes);
  if (!inside)
    return false;
  setAxes(*axes, 1);
  setResults(*keeps ? batch : *inside);
  return true;
}

bool Mover::alongAxis(int64_t fallback) {
  std::optional<int64_t> axis = integerOf("axis", fallback), place = axis ? placeOf(*axis) : axis;
  if (!place)
    return false;
  setAttribute("axis", {*place}, Attribute::Kind::Integer);
  setResults(batch);
  return true;
}

/// Rows of every example times one matrix, or matrices of every example times others.
bool Mover::matmul() {
  const Value &right = moved.operands[1];
  bool isMatrix = !hasBatch(right) && call.shape(1).size() == 2;
  setResults(batch);
  return isMatrix ? batch + 2 <= rank : hasBatch(right) && batch + 3 <= rank;
}

/// What has no batch broadcasts along dimensions behind it.
bool Mover::alignConstants() {
  size_t behind = rank - 1 - batch;
  for (auto [i, value] : llvm::enumerate(moved.operands)) {
    if (hasBatch(value) || !call.has(i))
      continue;
    Shape shape = call.shape(i);
    if (shape.size() <= behind)
      continue;
    if (elementsOf(ArrayRef(shape).drop_back(behind)) != 1)
      return false;
    ArrayRef<int64_t> row = ArrayRef(shape).take_back(behind);
    if (value.kind == Value::Kind::Constant)
      value.constant = value.constant.reshaped(row);
    else
      value = Value::atRuntime(Call(call.conversion, call.node).reshape(value.runtime, row), value.type);
    if (value.kind == Value::Kind::Runtime && !value.runtime)
      return false;
  }
  setResults(batch);
  moved.mapsElements = true;
  return true;
}

bool Mover::concat() { return llvm::all_of(moved.operands, hasBatch) && alongAxis(0); }

/// Over what stands behind the batch.
bool Mover::layerNorm() {
  std::optional<int64_t> axis = integerOf("axis", -1);
  int64_t count = rank;
  return axis && *axis + (*axis < 0 ? count : 0) > static_cast<int64_t>(batch) && alongAxis(-1);
}

/// The converter is told that the channels stand behind the parts.
bool Mover::batchNorm() {
  if (batch != 0 || !hasParts() || rank < 2 || call.isRead(1) || call.isRead(2))
    return false;
  setAttribute("channel_axis", {2}, Attribute::Kind::Integer);
  setResults(0);
  return true;
}

bool Mover::split() { return alongAxis(0); }

/// Before version 13 rows are all that stands behind the axis.
bool Mover::softmax() { return call.node.version >= 13 ? alongAxis(-1) : alignConstants(); }

/// Of matrices in the last two dimensions.
bool Mover::trilu() { return batch + 3 <= rank && alignConstants(); }

/// What is in no table is taken to map elements.
bool Mover::rewrite() {
  static const llvm::StringMap<bool (Mover::*)()> rewrites = {
      {"BatchNormalization", &Mover::batchNorm},
      {"Concat", &Mover::concat},
      {"Flatten", &Mover::flatten},
      {"GRU", &Mover::recur},
      {"Gather", &Mover::gather},
      {"LSTM", &Mover::recur},
      {"LayerNormalization", &Mover::layerNorm},
      {"LogSoftmax", &Mover::softmax},
      {"MatMul", &Mover::matmul},
      {"RNN", &Mover::recur},
      {"ReduceL1", &Mover::reduce},
      {"ReduceL2", &Mover::reduce},
      {"ReduceLogSum", &Mover::reduce},
      {"ReduceLogSumExp", &Mover::reduce},
      {"ReduceMax", &Mover::reduce},
      {"ReduceMean", &Mover::reduce},
      {"ReduceMin", &Mover::reduce},
      {"ReduceProd", &Mover::reduce},
      {"ReduceSum", &Mover::reduce},
      {"ReduceSumSquare", &Mover::reduce},
      {"Reshape", &Mover::reshape},
      {"Slice", &Mover::slice},
      {"Softmax", &Mover::softmax},
      {"Split", &Mover::split},
      {"Squeeze", &Mover::squeeze},
      {"Transpose", &Mover::transpose},
      {"Trilu", &Mover::trilu},
      {"Unsqueeze", &Mover::unsqueeze},
  };
  auto found = rewrites.find(call.node.op);
  bool isKnown = found != rewrites.end() && hasBatch(moved.operands[0]);
  return isKnown ? (this->*found->second)() : alignConstants();
}

std::optional<MovedNode> Mover::run() {
  if (!call.node.domain.empty() || !readOperands() || !rewrite())
    return std::nullopt;
  return std::move(moved);
}

std::optional<MovedNode> onnx::moveBatch(const Call &call) { return Mover(call).run(); }
