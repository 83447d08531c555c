//===- Pad.cpp - more elements around -------------------------------------===//

#include "frontends/onnx/convert/Resample.h"
#include "frontends/onnx/convert/Slice.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// Elements again, beyond the edges of each dimension but the batch.
static void padByTable(Call &call, mlir::Value input, llvm::StringRef mode, ArrayRef<int64_t> low, ArrayRef<int64_t> high) {
  Shape shape(shapeOf(input));
  std::vector<std::optional<cnn::ResampleTable>> tables(shape.size());
  for (size_t i = 0; i < shape.size(); ++i) {
    if (!low[i] && !high[i])
      continue;
    // The result of the sum is only looked at where no part of it is large.
    bool small = std::min(low[i], high[i]) >= -maxTable && std::max(low[i], high[i]) <= maxTable && shape[i] <= maxTable;
    int64_t left = small ? shape[i] + std::min<int64_t>(low[i], 0) + std::min<int64_t>(high[i], 0) : 0;
    if (i == 0 || left < 1)
      return call.refuse("pads dimension " + llvm::Twine(i) + " of " + text(shape) + " by " + llvm::Twine(low[i]) + " and " + llvm::Twine(high[i]) + " in mode '" + mode + "'",
                         "dimensions other than the batch can be padded so, where something is left of them");
    auto padMode = mode == "reflect" ? cnn::PadMode::Reflect : mode == "edge" ? cnn::PadMode::Edge : cnn::PadMode::Wrap;
    tables[i] = cnn::padTable(padMode, shape[i], low[i], high[i]);
  }
  // Rows and columns are padded together; channels as the rows of an image whose columns are what lies behind.
  if (llvm::any_of(llvm::drop_begin(tables, std::min<size_t>(2, tables.size())), [](const auto &table) { return table.has_value(); }))
    input = resample(call, input, ArrayRef(tables).drop_front(2));
  if (tables.size() > 1 && tables[1] && input) {
    Shape padded(shapeOf(input));
    padded[1] = tables[1]->size();
    input = call.reshape(input, {shape[0], 1, shape[1], elementsOf(ArrayRef(padded).drop_front(2))});
    input = call.reshape(input ? resample(call, input, {tables[1], std::nullopt}) : input, padded);
  }
  call.set(0, input);
}

/// Pads became an operand with version 11, axes came with 18.
static void convertPad(Call &call) {
  std::string mode = call.string("mode", "constant");
  double value = call.number("value", 0);
  std::optional<Shape> pads = call.integers("pads");
  if (mode != "constant" && mode != "reflect" && mode != "edge" && mode != "wrap")
    call.refuse("has mode '" + mode + "'", "modes are constant, reflect, edge and wrap");
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
  if (mode != "constant")
    return padByTable(call, input, mode, low, high);
  // Negative pads crop.
  SliceRange range{Shape(shape.size(), 0), Shape(shape.size(), 1), shape};
  Shape result(shape);
  bool crops = false, grows = false;
  for (size_t i = 0; i < shape.size(); ++i) {
    constexpr int64_t most = int64_t(1) << 31;
    if (low[i] < -most || high[i] < -most || low[i] > most || high[i] > most || (shape[i] == dynamic && (low[i] || high[i]))) {
      call.refuse("pads dimension " + llvm::Twine(i) + " of " + text(shape) + " by " + llvm::Twine(low[i]) + " and " + llvm::Twine(high[i]),
                  "the batch cannot be padded, and other dimensions not without limit");
      return;
    }
    range.start[i] = std::max<int64_t>(-low[i], 0);
    if (shape[i] != dynamic)
      range.count[i] -= range.start[i] + std::max<int64_t>(-high[i], 0);
    crops |= low[i] < 0 || high[i] < 0;
    low[i] = std::max<int64_t>(low[i], 0);
    high[i] = std::max<int64_t>(high[i], 0);
    grows |= low[i] || high[i];
    if (shape[i] != dynamic)
      result[i] = range.count[i] + low[i] + high[i];
  }
  mlir::Value output = crops ? takeRange(call, input, range) : input;
  if (output && grows) {
    // Pads leave dimension 0 alone: where it has some, another one goes before it.
    bool isInner = low[0] || high[0];
    Shape inner(shapeOf(output)), padded(result);
    for (Shape *one : {&inner, &padded})
      if (isInner)
        one->insert(one->begin(), 1);
    ArrayRef<int64_t> before = ArrayRef<int64_t>(low).drop_front(!isInner), after = ArrayRef<int64_t>(high).drop_front(!isInner);
    Shape interior(before.size(), 0);
    output = call.reshape(output, inner);
    output = output ? call.emit<cnn::PadOp>(padded, output, before, after, ArrayRef<int64_t>(interior), llvm::APFloat(value)) : output;
    output = call.reshape(output, result);
  }
  call.set(0, output);
}

void onnx::addPads(Table &table) { table["Pad"] = convertPad; }
