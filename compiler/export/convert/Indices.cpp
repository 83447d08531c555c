//===- Indices.cpp - elements by their numbers ----------------------------===//
//
// The dialect's numbers are floats or i32, ONNX's i64.
//
//===----------------------------------------------------------------------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

/// The numbers in an operand.
static std::string numbersOf(Call &call, mlir::Value indices) {
  return call.add("Cast", {call.value(indices)}).integer("to", ::onnx::TensorProto::INT64).result();
}

static void finishAsFloats(Call &call, std::string indices) {
  call.finish("Cast", {std::move(indices)}).integer("to", ::onnx::TensorProto::FLOAT);
}

static void convertArgMax(Call &call) {
  auto op = llvm::cast<cnn::ArgMaxOp>(call.op);
  Node node = call.add("ArgMax", {call.operand(0)}).integer("axis", op.getAxis()).integer("keepdims", 1);
  if (op.getLast())
    node.integer("select_last_index", 1);
  finishAsFloats(call, node.result());
}

/// The numbers are the second result.
static void convertTopK(Call &call) {
  auto op = llvm::cast<cnn::TopKOp>(call.op);
  Node node = call.add("TopK", {call.operand(0), call.integers("k", {static_cast<int64_t>(op.getK())})});
  finishAsFloats(call, node.integer("axis", -1).further("Indices"));
}

/// ONNX knows no number to ignore: it becomes one behind the end. Some readers
/// refuse one number without a dimension: it gets one, and the result loses it.
static void convertOneHot(Call &call) {
  auto op = llvm::cast<cnn::OneHotOp>(call.op);
  std::string indices = numbersOf(call, op.getIndices());
  int64_t depth = shapeOf(op.getResult())[op.getAxis()];
  if (std::optional<uint64_t> ignore = op.getIgnore()) {
    std::string ignored = call.add("Equal", {indices, call.integers("ignore", {static_cast<int64_t>(*ignore)})}).result();
    indices = call.add("Where", {ignored, call.integers("behind", {depth}), indices}).result();
  }
  bool isScalar = shapeOf(op.getIndices()).empty();
  if (isScalar)
    indices = call.reshape(indices, {1});
  std::array<std::string, 3> inputs = {indices, call.integers("depth", {depth}), call.numbers("values", {0, 1}, {2})};
  if (isScalar)
    call.finishReshape(call.add("OneHot", inputs).integer("axis", 1).result(), {depth});
  else
    call.finish("OneHot", inputs).integer("axis", op.getAxis());
}

static void convertGather(Call &call) {
  auto op = llvm::cast<cnn::GatherOp>(call.op);
  bool isWhole = mlir::getElementTypeOrSelf(op.getIndices()).isInteger();
  call.finish("Gather", {call.operand(0), isWhole ? call.operand(1) : numbersOf(call, op.getIndices())})
      .integer("axis", op.getAxis());
}
static void convertGatherElements(Call &call) {
  auto op = llvm::cast<cnn::GatherElementsOp>(call.op);
  call.finish("GatherElements", {call.operand(0), numbersOf(call, op.getIndices())}).integer("axis", op.getAxis());
}
static void convertGatherNd(Call &call) {
  auto op = llvm::cast<cnn::GatherNdOp>(call.op);
  call.finish("GatherND", {call.operand(0), numbersOf(call, op.getIndices())}).integer("batch_dims", op.getBatchDims());
}

static void convertScatterElements(Call &call) {
  auto op = llvm::cast<cnn::ScatterElementsOp>(call.op);
  call.finish("ScatterElements", {call.operand(0), numbersOf(call, op.getIndices()), call.operand(2)})
      .integer("axis", op.getAxis())
      .text("reduction", op.getReduction());
}
static void convertScatterNd(Call &call) {
  auto op = llvm::cast<cnn::ScatterNdOp>(call.op);
  if (op.getBatchDims())
    return call.refuse("scatters in each of " + llvm::Twine(op.getBatchDims()) +
                           " leading dimensions by itself, which ONNX's ScatterND does not",
                       "number these dimensions too");
  call.finish("ScatterND", {call.operand(0), numbersOf(call, op.getIndices()), call.operand(2)})
      .text("reduction", op.getReduction());
}

static void convertGridSample(Call &call) {
  auto op = llvm::cast<cnn::GridSampleOp>(call.op);
  call.finish("GridSample", {call.operand(0), call.operand(1)})
      .text("mode", op.getMode())
      .text("padding_mode", op.getPadding())
      .integer("align_corners", op.getAlignCorners());
}

/// The numbers are the second result of a pool.
static void convertMaxpoolIndices(Call &call) {
  auto op = llvm::cast<cnn::MaxpoolIndicesOp>(call.op);
  Node node = call.add("MaxPool", {call.operand(0)})
                  .integers("kernel_shape", op.getKernel())
                  .integers("strides", op.getStride())
                  .integers("pads", op.getPad())
                  .integers("dilations", op.getDilation())
                  .integer("ceil_mode", op.getCeilMode())
                  .integer("storage_order", op.getColumnMajor());
  call.finish("Cast", {node.further("Indices")}).integer("to", ::onnx::TensorProto::INT32);
}

/// ONNX computes the size of the result from a window. A step of 1 and a window
/// that makes up the rest give the size that is wanted.
static void convertMaxunpool(Call &call) {
  auto op = llvm::cast<cnn::MaxunpoolOp>(call.op);
  llvm::ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getResult());
  bool fits = in.size() == out.size() && in.size() > 2 && in[1] == out[1];
  Sizes window;
  for (size_t i = 2; fits && i < in.size(); ++i) {
    window.push_back(out[i] - in[i] + 1);
    fits = window.back() > 0;
  }
  if (!fits)
    return call.refuse("puts elements into a tensor of other channels or of a smaller size, which ONNX's MaxUnpool does not",
                       "unpool what a pool has made");
  call.finish("MaxUnpool", {call.operand(0), numbersOf(call, op.getIndices())})
      .integers("kernel_shape", window)
      .integers("strides", Sizes(window.size(), 1));
}

void exporting::addIndices(Table &table) {
  table.add<cnn::ArgMaxOp>(convertArgMax);
  table.add<cnn::TopKOp>(convertTopK);
  table.add<cnn::OneHotOp>(convertOneHot);
  table.add<cnn::GatherOp>(convertGather);
  table.add<cnn::GatherElementsOp>(convertGatherElements);
  table.add<cnn::GatherNdOp>(convertGatherNd);
  table.add<cnn::ScatterElementsOp>(convertScatterElements);
  table.add<cnn::ScatterNdOp>(convertScatterNd);
  table.add<cnn::MaxpoolIndicesOp>(convertMaxpoolIndices);
  table.add<cnn::MaxunpoolOp>(convertMaxunpool);
  table.add<cnn::GridSampleOp>(convertGridSample);
}
