//===- Pad.cpp - more elements around -------------------------------------===//

#include "frontends/onnx/convert/Compose.h"
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
      return call.refuse("pads dimension " + llvm::Twine(i) + " of " + text(shape) + " by " + llvm::Twine(low[i]) + " and " +
                             llvm::Twine(high[i]) + " in mode '" + mode + "'",
                         "dimensions other than the batch can be padded so, where something is left of them");
    auto padMode = mode == "reflect" ? cnn::PadMode::Reflect : mode == "edge" ? cnn::PadMode::Edge : cnn::PadMode::Wrap;
    tables[i] = cnn::padTable(padMode, shape[i], low[i], high[i]);
  }
  // Rows and columns are padded together; channels as the rows of an image whose columns are what lies behind.
  if (llvm::any_of(llvm::drop_begin(tables, std::min<size_t>(2, tables.size())),
                   [](const auto &table) { return table.has_value(); }))
    input = resample(call, input, ArrayRef(tables).drop_front(2));
  if (tables.size() > 1 && tables[1] && input) {
    Shape padded(shapeOf(input));
    padded[1] = tables[1]->size();
    input = call.reshape(input, {shape[0], 1, shape[1], elementsOf(ArrayRef(padded).drop_front(2))});
    input = call.reshape(input ? resample(call, input, {tables[1], std::nullopt}) : input, padded);
  }
  call.set(0, input);
}

/// What a Pad says, for each dimension of its input. Negative pads crop.
struct Pads {
  std::string mode;
  double value = 0; ///< where it is known
  Shape low, high;
};

/// Pads became an operand with version 11, axes came with 18. Nothing after an error.
static std::optional<Pads> readPads(Call &call) {
  Pads result{call.string("mode", "constant"), call.number("value", 0), {}, {}};
  std::optional<Shape> pads = call.integers("pads");
  if (result.mode != "constant" && result.mode != "reflect" && result.mode != "edge" && result.mode != "wrap")
    call.refuse("has mode '" + result.mode + "'", "modes are constant, reflect, edge and wrap");
  if (!call.ready())
    return std::nullopt;
  size_t rank = call.shape(0).size();
  if (call.has(1))
    pads = call.constantIntegers(1, "pads");
  if (call.failed())
    return std::nullopt;
  call.useWhole(2);
  if (call.has(2) && elementsOf(call.shape(2)) != 1) {
    call.refuse("pads with the elements of " + text(call.shape(2)), "the value is one number");
    return std::nullopt;
  }
  if (call.has(2) && call.isConstant(2))
    result.value = call.operand(2).constant.number(0);
  std::optional<Shape> axes = llvm::to_vector<6>(llvm::seq<int64_t>(rank));
  if (call.has(3))
    axes = call.constantIntegers(3, "axes");
  if (!axes)
    return std::nullopt;
  size_t count = axes->size();
  if (!pads || pads->size() != 2 * count) {
    call.refuse("has " + llvm::Twine(pads ? pads->size() : 0) + " pads for " + llvm::Twine(count) + " dimensions",
                "there are two for each dimension");
    return std::nullopt;
  }
  result.low.assign(rank, 0);
  result.high.assign(rank, 0);
  for (size_t i = 0; i < count; ++i) {
    std::optional<size_t> axis = call.axis((*axes)[i], rank);
    if (!axis)
      return std::nullopt;
    result.low[*axis] = (*pads)[i];
    result.high[*axis] = (*pads)[count + i];
  }
  return result;
}

/// Takes the negative pads from `input`, after which they are 0. Null after an error.
static mlir::Value crop(Call &call, mlir::Value input, Pads &pads) {
  constexpr int64_t most = int64_t(1) << 31;
  Shape shape(shapeOf(input));
  SliceRange range{Shape(shape.size(), 0), Shape(shape.size(), 1), shape};
  for (size_t i = 0; i < shape.size(); ++i) {
    int64_t &low = pads.low[i], &high = pads.high[i];
    if (std::min(low, high) < -most || std::max(low, high) > most || (shape[i] == dynamic && (low || high))) {
      call.refuse("pads dimension " + llvm::Twine(i) + " of " + text(shape) + " by " + llvm::Twine(low) + " and " +
                      llvm::Twine(high),
                  "the batch cannot be padded, and other dimensions not without limit");
      return {};
    }
    range.start[i] = std::max<int64_t>(-low, 0);
    if (shape[i] != dynamic)
      range.count[i] -= range.start[i] + std::max<int64_t>(-high, 0);
    low = std::max<int64_t>(low, 0);
    high = std::max<int64_t>(high, 0);
  }
  return range.count == shape ? input : takeRange(call, input, range);
}

/// Elements of a constant value around `input`; no pad is negative.
static mlir::Value padByValue(Call &call, mlir::Value input, const Pads &pads) {
  Shape shape(shapeOf(input)), result(shape);
  for (size_t i = 0; i < shape.size(); ++i)
    if (shape[i] != dynamic)
      result[i] += pads.low[i] + pads.high[i];
  if (result == shape)
    return input;
  // Pads leave dimension 0 alone: where it has some, another one goes before it.
  bool isInner = pads.low[0] || pads.high[0];
  Shape inner(shape), padded(result);
  for (Shape *one : {&inner, &padded})
    if (isInner)
      one->insert(one->begin(), 1);
  ArrayRef<int64_t> before = ArrayRef<int64_t>(pads.low).drop_front(!isInner),
                    after = ArrayRef<int64_t>(pads.high).drop_front(!isInner);
  Shape interior(before.size(), 0);
  mlir::Value output = call.reshape(input, inner);
  output = output ? call.emit<cnn::PadOp>(padded, output, before, after, ArrayRef<int64_t>(interior), llvm::APFloat(pads.value))
                  : output;
  return call.reshape(output, result);
}

/// The same where the value is only known at run time: it stands where zeros are padded with ones.
static mlir::Value padByOperand(Call &call, mlir::Value input, Pads pads) {
  Compose compose(call);
  mlir::Value value = call.reshape(call.runtime(2), {1});
  Shape one(shapeOf(input));
  one[0] = one[0] == dynamic ? 1 : one[0];
  mlir::Value padded = value ? padByValue(call, input, pads) : value;
  mlir::Value zeros = padded ? compose.splat(one, 0) : padded;
  pads.value = 1;
  mlir::Value outside = zeros ? padByValue(call, zeros, pads) : zeros;
  return outside ? compose.where(outside, value, padded) : outside;
}

static void convertPad(Call &call) {
  std::optional<Pads> pads = readPads(call);
  mlir::Value input = pads ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  if (pads->mode != "constant")
    return padByTable(call, input, pads->mode, pads->low, pads->high);
  mlir::Value cropped = crop(call, input, *pads);
  bool isKnown = !call.has(2) || call.isConstant(2);
  if (cropped)
    call.set(0, isKnown ? padByValue(call, cropped, *pads) : padByOperand(call, cropped, *pads));
}

void onnx::addPads(Table &table) { table["Pad"] = convertPad; }
