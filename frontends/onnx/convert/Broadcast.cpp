//===- Broadcast.cpp - shapes that fit each other -------------------------===//

#include "frontends/onnx/convert/Broadcast.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;

std::optional<double> onnx::scalarOf(const Value &value) {
  if (value.kind != Value::Kind::Constant || value.trained || value.constant.elements() == 0 || !value.constant.isSplat() ||
      value.constant.isSymbolic())
    return std::nullopt;
  return value.constant.number(0);
}

std::optional<Tensor> onnx::perChannel(const Value &value, llvm::ArrayRef<int64_t> whole) {
  if (value.kind != Value::Kind::Constant || value.constant.isSymbolic() || !isReal(value.constant.type()) || whole.size() < 2 ||
      whole[0] != dynamic)
    return std::nullopt;
  Shape shape(value.constant.shape());
  if (shape.size() > whole.size())
    return std::nullopt;
  shape.insert(shape.begin(), whole.size() - shape.size(), 1);
  for (size_t i = 0; i < shape.size(); ++i)
    if (shape[i] != (i == 1 ? whole[1] : 1))
      return std::nullopt;
  return value.constant.reshaped({whole[1]});
}

mlir::Value onnx::truncate(Call &call, mlir::Value value) {
  llvm::ArrayRef<int64_t> shape = shapeOf(value);
  mlir::Value size = call.emit<cnn::AbsOp>(shape, value), whole = size ? call.emit<cnn::FloorOp>(shape, size) : size;
  mlir::Value sign = whole ? call.emit<cnn::SignOp>(shape, value) : whole;
  return sign ? call.emit<cnn::MulOp>(shape, sign, whole) : sign;
}

mlir::Value onnx::repeat(Call &call, mlir::Value value, llvm::ArrayRef<int64_t> shape) {
  return shapeOf(value) == shape ? value : call.emit<cnn::BroadcastOp>(shape, value);
}

/// Expand broadcasts both ways: a size of 1 in the wanted shape keeps the input's.
static void convertExpand(Call &call) {
  if (!call.ready(2))
    return;
  const Tensor *wanted = call.constant(1, "a shape");
  mlir::Value input = wanted ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  Shape shape;
  for (int64_t i = 0; i < wanted->elements(); ++i) {
    Scalar size = wanted->at(i);
    if (i == 8 || (size != Scalar{1, 0, 0} && (size.batch || size.integer < 1)))
      return call.refuse("expands " + text(shapeOf(input)) + " to a shape of " + llvm::Twine(wanted->elements()) +
                             " sizes, with " + llvm::Twine(size.integer) + " at " + llvm::Twine(i),
                         "a shape has at most 8 sizes, which are positive");
    shape.push_back(size == Scalar{1, 0, 0} ? dynamic : size.integer);
  }
  if (!shape.empty() && shape[0] == call.conversion.fixedBatch && !shapeOf(input).empty() &&
      shapeOf(input).size() == shape.size() && shapeOf(input)[0] == dynamic)
    shape[0] = dynamic; // the file's own number for the batch
  std::optional<Shape> whole = broadcast(shapeOf(input), shape);
  bool isBatch = !shapeOf(input).empty() && shapeOf(input)[0] == dynamic;
  if (!whole || (isBatch && whole->front() != dynamic) ||
      llvm::is_contained(llvm::ArrayRef(*whole).drop_front(whole->empty() ? 0 : 1), dynamic))
    call.refuse("expands " + text(shapeOf(input)) + " to " + text(shape),
                "sizes, aligned at the last, are equal or 1, and the batch comes first");
  else
    call.set(0, repeat(call, input, *whole));
}

/// Indices that run, such as words that look up their vectors: with a batch only in a table that has none.
static void gatherAtRunTime(Call &call, mlir::Value input, size_t axis) {
  mlir::Value indices = call.runtime(1);
  llvm::ArrayRef<int64_t> shape = shapeOf(input), places = shapeOf(indices);
  bool isPerExample = !places.empty() && places[0] == dynamic;
  if (shape[axis] == dynamic || (isPerExample && (axis != 0 || shape[0] == dynamic)))
    return call.refuse("gathers " + text(places) + " elements along dimension " + llvm::Twine(axis) + " of " + text(shape),
                       "the batch is not indexed, and what differs between examples indexes the first dimension of a table");
  Shape result(shape.take_front(axis));
  llvm::append_range(result, places);
  llvm::append_range(result, shape.drop_front(axis + 1));
  call.set(0, call.emit<cnn::GatherOp>(result, input, indices, axis));
}

bool onnx::hasFewIndices(Call &call, int64_t count) {
  if (count <= int64_t(1) << 24)
    return true;
  call.refuse("gathers " + llvm::Twine(count) + " elements by indices", "up to 2^24 indices are stored");
  return false;
}

/// Constant indices: parts of the input in another order. One index takes its dimension away.
static void convertGather(Call &call) {
  int64_t given = call.integer("axis", 0);
  mlir::Value input = call.ready(2) ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  Shape shape(shapeOf(input));
  std::optional<size_t> axis = call.axis(given, shape.size());
  if (!axis)
    return;
  if (!call.isConstant(1))
    return gatherAtRunTime(call, input, *axis);
  const Tensor *indices = &call.operand(1).constant;
  if (shape[*axis] == dynamic || isReal(indices->type()) || indices->isSymbolic()) {
    call.refuse("gathers " + text(indices->shape()) + " elements along dimension " + llvm::Twine(*axis) + " of " + text(shape),
                "indices are constant integers, and the batch is not indexed");
    return;
  }
  if (!hasFewIndices(call, indices->elements()))
    return;
  llvm::SmallVector<int32_t> numbers;
  for (int64_t i = 0; i < indices->elements(); ++i) {
    int64_t index = indices->at(i).integer, size = shape[*axis];
    if (index < -size || index >= size) {
      call.refuse("gathers element " + llvm::Twine(index) + " of " + llvm::Twine(size), "indices lie within the dimension");
      return;
    }
    numbers.push_back(index);
  }
  if (numbers.empty()) {
    call.refuse("gathers no element", "there is at least one index");
    return;
  }
  mlir::OpBuilder &builder = call.conversion.builder;
  mlir::Value constant = cnn::ConstantOp::create(builder, call.location(), builder.getI32TensorAttr(numbers));
  Shape gathered(shape), result(shape.begin(), shape.begin() + *axis);
  gathered[*axis] = numbers.size();
  llvm::append_range(result, indices->shape());
  result.append(shape.begin() + *axis + 1, shape.end());
  call.set(0, call.reshape(call.emit<cnn::GatherOp>(gathered, input, constant, *axis), result));
}

void onnx::addBroadcasts(Table &table) {
  table["Expand"] = convertExpand;
  table["Gather"] = convertGather;
}
