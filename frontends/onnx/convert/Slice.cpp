//===- Slice.cpp - the operands of Slice ----------------------------------===//

#include "frontends/onnx/convert/Slice.h"
#include "frontends/onnx/convert/Resample.h"

using namespace cnnc;
using namespace cnnc::onnx;

SliceAttributes onnx::readSlice(Call &call) {
  if (call.node.version >= 10)
    return {};
  return {call.integers("starts"), call.integers("ends"), call.integers("axes")};
}

std::optional<SliceRange> onnx::sliceRange(Call &call, const SliceAttributes &attributes, llvm::ArrayRef<int64_t> shape) {
  std::optional<Shape> starts = attributes.starts, ends = attributes.ends, axes = attributes.axes, steps;
  if (call.has(1))
    starts = call.constantIntegers(1, "starts");
  if (call.has(2))
    ends = call.constantIntegers(2, "ends");
  if (call.has(3))
    axes = call.constantIntegers(3, "axes");
  if (call.has(4))
    steps = call.constantIntegers(4, "steps");
  if (call.failed())
    return std::nullopt;
  size_t count = starts ? starts->size() : 0;
  if (!axes)
    axes = llvm::to_vector<6>(llvm::seq<int64_t>(count));
  if (!steps)
    steps = Shape(count, 1);
  if (!starts || !ends || ends->size() != count || axes->size() != count || steps->size() != count) {
    call.refuse("has " + llvm::Twine(count) + " starts, and not as many ends, axes or steps", "export the model again");
    return std::nullopt;
  }
  SliceRange range{Shape(shape.size(), 0), Shape(shape.size(), 1), Shape(shape)};
  for (size_t i = 0; i < count; ++i) {
    std::optional<size_t> axis = call.axis((*axes)[i], shape.size());
    if (!axis)
      return std::nullopt;
    int64_t size = shape[*axis], start = (*starts)[i], end = (*ends)[i], step = (*steps)[i];
    constexpr int64_t far = int64_t(1) << 31, everything = 1000000000; // of a batch, which is smaller
    if (size == dynamic) {
      if (start == 0 && end >= everything && step == 1)
        continue;
      call.refuse("takes a part of the batch", "the batch stays whole");
      return std::nullopt;
    }
    if (step == 0 || step < -far || step > far) {
      call.refuse("has a step of " + llvm::Twine(step), "export the model again");
      return std::nullopt;
    }
    auto clamp = [&](int64_t place, int64_t low, int64_t high) {
      return std::clamp(place < 0 ? std::max(place, -far) + size : std::min(place, far), low, high);
    };
    bool forward = step > 0;
    start = forward ? clamp(start, 0, size) : clamp(start, 0, size - 1);
    end = forward ? clamp(end, 0, size) : clamp(end, -1, size - 1);
    range.start[*axis] = start;
    range.step[*axis] = step;
    range.count[*axis] =
        size == 0 ? 0 : std::max<int64_t>(forward ? (end - start + step - 1) / step : (start - end - step - 1) / -step, 0);
  }
  return range;
}

/// Of one dimension, in any order, by the rows of a table.
static std::optional<cnn::ResampleTable> tableOf(const SliceRange &range, size_t axis) {
  if (range.step[axis] > 0 || range.count[axis] > maxTable)
    return std::nullopt;
  cnn::ResampleTable table;
  for (int64_t i = 0; i < range.count[axis]; ++i) {
    table.places.push_back(range.start[axis] + i * range.step[axis]);
    table.weights.push_back(1);
  }
  return table;
}

/// A dimension backwards, where it is none of images.
static mlir::Value gatherBack(Call &call, mlir::Value input, const SliceRange &range, size_t axis) {
  if (range.count[axis] > maxTable) {
    call.refuse("takes " + llvm::Twine(range.count[axis]) + " elements backwards", "up to 65536 are taken so");
    return {};
  }
  llvm::SmallVector<int32_t> numbers;
  for (int64_t i = 0; i < range.count[axis]; ++i)
    numbers.push_back(static_cast<int32_t>(range.start[axis] + i * range.step[axis]));
  Shape shape(shapeOf(input));
  shape[axis] = range.count[axis];
  mlir::OpBuilder &builder = call.conversion.builder;
  mlir::Value indices = cnn::ConstantOp::create(builder, call.location(), builder.getI32TensorAttr(numbers));
  return call.emit<cnn::GatherOp>(shape, input, indices, axis);
}

/// Slices leave dimension 0 alone: another one goes before it.
static mlir::Value takeOfWhole(Call &call, mlir::Value input, const SliceRange &range) {
  Shape shape(shapeOf(input)), result(range.count);
  shape.insert(shape.begin(), 1);
  SliceRange inner(range);
  inner.start.insert(inner.start.begin(), 0);
  inner.step.insert(inner.step.begin(), 1);
  inner.count.insert(inner.count.begin(), 1);
  mlir::Value value = call.reshape(input, shape);
  value = value ? takeRange(call, value, inner) : value;
  return call.reshape(value, result);
}

mlir::Value onnx::takeRange(Call &call, mlir::Value input, const SliceRange &range) {
  Shape shape(shapeOf(input));
  bool isBatch = !shape.empty() && shape[0] == dynamic;
  for (size_t i = isBatch; i < shape.size(); ++i)
    if (range.count[i] < 1) {
      call.refuse("takes " + llvm::Twine(range.count[i]) + " elements along dimension " + llvm::Twine(i) + " of " + text(shape),
                  "slices are not empty");
      return {};
    }
  if (!isBatch && !shape.empty() && (range.count[0] != shape[0] || range.step[0] != 1))
    return takeOfWhole(call, input, range);
  Shape result(shape), start, stop, step;
  std::vector<std::optional<cnn::ResampleTable>> tables(shape.size() > 2 ? shape.size() - 2 : 0);
  bool cuts = false, turns = false, isImage = isBatch && (shape.size() == 3 || shape.size() == 4);
  for (size_t i = 1; i < shape.size(); ++i) {
    std::optional<cnn::ResampleTable> table = i > 1 && isImage ? tableOf(range, i) : std::nullopt;
    bool isBack = range.step[i] < 1, staysHere = table || isBack;
    if (table)
      tables[i - 2] = table;
    turns |= table.has_value();
    cuts |= !staysHere && (range.count[i] != shape[i] || range.step[i] != 1);
    start.push_back(staysHere ? 0 : range.start[i]);
    step.push_back(staysHere ? 1 : range.step[i]);
    stop.push_back(staysHere ? shape[i] : range.start[i] + (range.count[i] - 1) * range.step[i] + 1);
    result[i] = staysHere ? shape[i] : range.count[i];
  }
  if (cuts)
    input = call.emit<cnn::SliceOp>(result, input, llvm::ArrayRef<int64_t>(start), llvm::ArrayRef<int64_t>(stop),
                                    llvm::ArrayRef<int64_t>(step));
  for (size_t i = 1; i < shape.size() && input; ++i)
    if (range.step[i] < 1 && !(i > 1 && isImage && tables[i - 2]))
      input = gatherBack(call, input, range, i);
  return turns && input ? resample(call, input, tables) : input;
}
