//===- Slices.cpp - parts and compositions of tensors ---------------------===//

#include "frontends/onnx/convert/Slice.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

static bool isBatch(ArrayRef<int64_t> shape) { return shape.size() == 2 || shape.size() == 4; }

static void convertConcat(Call &call) {
  int64_t given = call.integer("axis", 1);
  if (!call.ready())
    return;
  Shape result = call.shape(0);
  std::optional<size_t> axis = call.axis(given, result.size());
  if (!axis)
    return;
  llvm::SmallVector<mlir::Value> values;
  for (size_t i = 0; i < call.operands(); ++i) {
    Shape next = call.shape(i);
    for (size_t d = 0; d < std::max(next.size(), result.size()); ++d)
      if (next.size() != result.size() || (d != *axis && next[d] != result[d])) {
        call.refuse("joins " + text(result) + " and " + text(next) + " along dimension " + llvm::Twine(*axis), "all other sizes are equal");
        return;
      }
    if (i)
      result[*axis] += next[*axis];
    values.push_back(call.runtime(i));
    if (!values.back())
      return;
  }
  if (values.size() == 1)
    call.set(0, values[0]);
  else if (*axis != 1 || !isBatch(result))
    call.refuse("joins tensors along dimension " + llvm::Twine(*axis) + " of " + text(result), "the channels of images and vectors can be joined");
  else
    call.set(0, call.emit<cnn::ConcatOp>(result, mlir::ValueRange(values)));
}

/// Takes `count` elements from `start`, by `step`, of every dimension.
static mlir::Value slice(Call &call, mlir::Value input, const SliceRange &range) {
  Shape shape(shapeOf(input)), result(shape);
  for (size_t i = 1; i < shape.size(); ++i)
    result[i] = range.count[i];
  if (result == shape && llvm::all_of(ArrayRef(range.step).drop_front(), [](int64_t step) { return step > 0; }))
    return input;
  for (size_t i = 1; i < shape.size(); ++i)
    if (range.step[i] < 1 || range.count[i] < 1 || !isBatch(shape)) {
      call.refuse("takes " + llvm::Twine(range.count[i]) + " elements by " + llvm::Twine(range.step[i]) + " along dimension " + llvm::Twine(i) + " of " + text(shape),
                  "slices of images and vectors by positive steps are supported, and they are not empty");
      return {};
    }
  Shape start, stop, step;
  for (size_t i = 1; i < shape.size(); ++i) {
    start.push_back(range.start[i]);
    step.push_back(range.step[i]);
    stop.push_back(range.start[i] + (range.count[i] - 1) * range.step[i] + 1);
  }
  return call.emit<cnn::SliceOp>(result, input, ArrayRef<int64_t>(start), ArrayRef<int64_t>(stop), ArrayRef<int64_t>(step));
}

static void convertSlice(Call &call) {
  SliceAttributes attributes = readSlice(call);
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  std::optional<SliceRange> range = sliceRange(call, attributes, shapeOf(input));
  if (range)
    call.set(0, slice(call, input, *range));
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
  if (*axis == 0 || parts < 1 || parts > shape[*axis]) {
    call.refuse("splits dimension " + llvm::Twine(*axis) + " of " + text(shape) + " into " + llvm::Twine(parts), "the batch cannot be split, and parts are not empty");
    return;
  }
  if (!sizes) {
    int64_t each = (shape[*axis] + parts - 1) / parts;
    sizes = Shape(parts, each);
    sizes->back() = shape[*axis] - each * (parts - 1);
  }
  int64_t sum = 0;
  bool positive = true;
  for (int64_t size : *sizes) {
    positive &= size > 0 && size <= shape[*axis];
    sum += positive ? size : 0;
  }
  if (!positive || sum != shape[*axis] || sizes->size() < call.results.size()) {
    call.refuse("splits " + llvm::Twine(shape[*axis]) + " elements into " + text(*sizes), "the sizes add up to that of the dimension");
    return;
  }
  SliceRange range{Shape(shape.size(), 0), Shape(shape.size(), 1), shape};
  for (size_t i = 0; i < call.results.size(); ++i) {
    range.count[*axis] = (*sizes)[i];
    mlir::Value part = slice(call, input, range);
    if (!part)
      return;
    call.set(i, part);
    range.start[*axis] += (*sizes)[i];
  }
}

/// Pads became an operand with version 11, axes came with 18.
static void convertPad(Call &call) {
  std::string mode = call.string("mode", "constant");
  double value = call.number("value", 0);
  std::optional<Shape> pads = call.integers("pads");
  if (mode != "constant")
    call.refuse("has mode '" + mode + "'", "constant padding is supported");
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  if (call.has(1))
    pads = call.constantIntegers(1, "pads");
  if (call.failed())
    return;
  if (call.has(2)) {
    const Tensor *given = call.constant(2, "a value");
    if (!given || given->elements() != 1)
      return;
    value = given->at(0).real;
  }
  Shape shape(shapeOf(input)), low(shape.size(), 0), high(shape.size(), 0), axes;
  for (size_t i = 0; i < shape.size(); ++i)
    axes.push_back(i);
  if (call.has(3)) {
    std::optional<Shape> given = call.constantIntegers(3, "axes");
    if (!given)
      return;
    axes = *given;
  }
  size_t count = axes.size();
  if (!pads || pads->size() != 2 * count) {
    call.refuse("has " + llvm::Twine(pads ? pads->size() : 0) + " pads for " + llvm::Twine(count) + " dimensions", "there are two for each dimension");
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    std::optional<size_t> axis = call.axis(axes[i], shape.size());
    if (!axis)
      return;
    low[*axis] = (*pads)[i];
    high[*axis] = (*pads)[count + i];
  }
  // Negative pads crop.
  SliceRange range{Shape(shape.size(), 0), Shape(shape.size(), 1), shape};
  Shape result(shape);
  bool crops = false, grows = false;
  for (size_t i = 0; i < shape.size(); ++i) {
    constexpr int64_t most = int64_t(1) << 31;
    if (low[i] < -most || high[i] < -most || low[i] > most || high[i] > most || (i == 0 && (low[i] || high[i]))) {
      call.refuse("pads dimension " + llvm::Twine(i) + " of " + text(shape) + " by " + llvm::Twine(low[i]) + " and " + llvm::Twine(high[i]),
                  "the batch cannot be padded, and other dimensions not without limit");
      return;
    }
    range.start[i] = std::max<int64_t>(-low[i], 0);
    if (i)
      range.count[i] -= range.start[i] + std::max<int64_t>(-high[i], 0);
    crops |= low[i] < 0 || high[i] < 0;
    low[i] = std::max<int64_t>(low[i], 0);
    high[i] = std::max<int64_t>(high[i], 0);
    grows |= low[i] || high[i];
    if (i)
      result[i] = range.count[i] + low[i] + high[i];
  }
  mlir::Value output = crops ? slice(call, input, range) : input;
  if (output && grows && !isBatch(shape)) {
    call.refuse("pads " + text(shape), "images and vectors can be padded");
    return;
  }
  if (output && grows) {
    Shape interior(shape.size() - 1, 0);
    output = call.emit<cnn::PadOp>(result, output, ArrayRef<int64_t>(low).drop_front(), ArrayRef<int64_t>(high).drop_front(), ArrayRef<int64_t>(interior),
                                   llvm::APFloat(value));
  }
  call.set(0, output);
}

void onnx::addSlices(Table &table) {
  table["Concat"] = convertConcat;
  table["Slice"] = convertSlice;
  table["Split"] = convertSplit;
  table["Pad"] = convertPad;
}
