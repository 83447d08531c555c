//===- Slices.cpp - parts and compositions of tensors ---------------------===//

#include "frontends/onnx/convert/Broadcast.h"
#include "frontends/onnx/convert/Slice.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// A constant stands in every example, where its batch is 1.
static void convertConcat(Call &call) {
  int64_t given = call.integer("axis", 1);
  if (!call.ready())
    return;
  Shape result = call.shape(0);
  std::optional<size_t> axis = call.axis(given, result.size());
  if (!axis)
    return;
  bool isBatch = false;
  for (size_t i = 0; i < call.operands(); ++i)
    isBatch |= !call.shape(i).empty() && call.shape(i)[0] == dynamic;
  if (*axis == 0 && isBatch)
    return call.refuse("joins tensors along dimension 0 of " + text(result), "the batch stays as it is");
  llvm::SmallVector<mlir::Value> values;
  result[0] = isBatch ? dynamic : result[0];
  int64_t joined = 0;
  for (size_t i = 0; i < call.operands(); ++i) {
    Shape next = call.shape(i);
    for (size_t d = isBatch; d < std::max(next.size(), result.size()); ++d)
      if (next.size() != result.size() || (d != *axis && next[d] != result[d]))
        return call.refuse("joins " + text(result) + " and " + text(next) + " along dimension " + llvm::Twine(*axis),
                           "all other sizes are equal");
    // A constant with the file's own number for the batch is one example, again and again, or none of a batch.
    bool repeats = call.isConstant(i) && call.operand(i).constant.isRepeated(0) && next[0] == call.conversion.fixedBatch;
    if (isBatch && next[0] != dynamic && next[0] != 1 && !repeats)
      return call.refuse("joins " + text(result) + " and " + text(next) + ", a constant with another batch",
                         "all other sizes are equal");
    if (next[*axis] == 0)
      continue;
    joined += next[*axis];
    mlir::Value value = isBatch && repeats ? call.parameter(call.operand(i).constant.sliced(0, 0, 1, 1)) : call.runtime(i);
    next[0] = isBatch ? dynamic : next[0];
    values.push_back(value ? repeat(call, value, next) : value);
    if (!values.back())
      return;
  }
  result[*axis] = joined;
  call.set(0, values.size() == 1 ? values[0]
                                 : call.emit<cnn::ConcatOp>(result, mlir::ValueRange(values), static_cast<uint64_t>(*axis)));
}

/// A part without elements is a constant, where it has no batch; false where it has elements.
static bool setEmpty(Call &call, size_t result, const SliceRange &range) {
  if (!llvm::is_contained(range.count, 0) || llvm::is_contained(range.count, dynamic))
    return false;
  call.set(result, Tensor(call.type(0), range.count, llvm::ArrayRef<Scalar>()));
  return true;
}

static void convertSlice(Call &call) {
  SliceAttributes attributes = readSlice(call);
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  std::optional<SliceRange> range = sliceRange(call, attributes, shapeOf(input));
  if (range && !setEmpty(call, 0, *range))
    call.set(0, takeRange(call, input, *range));
}

/// Sizes of the parts: given, or equal with a smaller last one.
static void convertSplit(Call &call) {
  int64_t given = call.integer("axis", 0), parts = call.integer("num_outputs", call.node.outputs.size());
  std::optional<Shape> sizes = call.integers("split");
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input));
  std::optional<size_t> axis = call.axis(given, shape.size());
  if (axis && call.has(1)) {
    sizes = call.constantIntegers(1, "sizes of parts");
    if (!sizes)
      return;
  }
  if (!axis)
    return;
  if (shape[*axis] == dynamic || parts < 1 || parts > shape[*axis]) {
    call.refuse("splits dimension " + llvm::Twine(*axis) + " of " + text(shape) + " into " + llvm::Twine(parts),
                "the batch cannot be split, and parts are not empty");
    return;
  }
  if (!sizes) {
    int64_t each = (shape[*axis] + parts - 1) / parts;
    sizes = Shape(parts, each);
    sizes->back() = shape[*axis] - each * (parts - 1);
  }
  int64_t sum = 0;
  bool valid = true;
  for (int64_t size : *sizes) {
    valid &= size >= 0 && size <= shape[*axis];
    sum += valid ? size : 0;
  }
  if (!valid || sum != shape[*axis] || sizes->size() < call.results.size()) {
    call.refuse("splits " + llvm::Twine(shape[*axis]) + " elements into " + text(*sizes),
                "the sizes add up to that of the dimension");
    return;
  }
  SliceRange range{Shape(shape.size(), 0), Shape(shape.size(), 1), shape};
  for (size_t i = 0; i < call.results.size(); ++i) {
    range.count[*axis] = (*sizes)[i];
    if (!setEmpty(call, i, range)) {
      mlir::Value part = takeRange(call, input, range);
      if (!part)
        return;
      call.set(i, part);
    }
    range.start[*axis] += (*sizes)[i];
  }
}

void onnx::addSlices(Table &table) {
  table["Concat"] = convertConcat;
  table["Slice"] = convertSlice;
  table["Split"] = convertSplit;
}
