//===- Shapes.cpp - the same elements in other places -------------------------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

static void convertReshape(Call &call) {
  auto op = llvm::cast<cnn::ReshapeOp>(call.op);
  llvm::ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getResult());
  if (in.size() > 2 && out.size() == 2 && mlir::ShapedType::isDynamic(in[0]) && in[0] == out[0])
    call.finish("Flatten", {call.operand(0)});
  else
    call.finishReshape(call.operand(0), out);
}

static void convertConcat(Call &call) {
  std::vector<std::string> inputs;
  for (unsigned i = 0; i < call.op->getNumOperands(); ++i)
    inputs.push_back(call.operand(i));
  call.finish("Concat", inputs).integer("axis", llvm::cast<cnn::ConcatOp>(call.op).getAxis());
}

/// Elements between others are those of a further dimension, of which the last
/// are cut off.
static std::string spread(Call &call, std::string value, llvm::ArrayRef<int64_t> shape, size_t axis, int64_t interior,
                          const std::string &filler) {
  Sizes apart(shape), pads(2 * (shape.size() + 1), 0), together(shape);
  apart.insert(apart.begin() + axis + 1, 1);
  pads[shape.size() + 1 + axis + 1] = interior;
  together[axis] *= interior + 1;
  std::string padded = call.add("Pad", {call.reshape(std::move(value), apart), call.integers("pads", pads), filler}).result();
  std::string joined = call.reshape(padded, together);
  return call
      .add("Slice", {joined, call.integers("starts", {0}), call.integers("ends", {together[axis] - interior}),
                     call.integers("axes", {static_cast<int64_t>(axis)})})
      .result();
}

static void convertPad(Call &call) {
  auto op = llvm::cast<cnn::PadOp>(call.op);
  Sizes shape(shapeOf(op.getInput())), pads{0};
  std::string value = call.operand(0), filler = call.scalar("value", op.getValue().convertToDouble());
  for (auto [i, interior] : llvm::enumerate(op.getInterior()))
    if (interior && shape[i + 1] > 1) {
      value = spread(call, value, shape, i + 1, interior, filler);
      shape[i + 1] += (shape[i + 1] - 1) * interior;
    }
  llvm::append_range(pads, op.getLow());
  pads.push_back(0);
  llvm::append_range(pads, op.getHigh());
  call.finish("Pad", {value, call.integers("pads", pads), filler});
}

/// Only the dimensions that are cut.
static void convertSlice(Call &call) {
  auto op = llvm::cast<cnn::SliceOp>(call.op);
  Sizes starts, ends, axes, steps;
  for (auto [i, size] : llvm::enumerate(shapeOf(op.getInput()).drop_front())) {
    if (op.getStart()[i] == 0 && op.getStop()[i] == size && op.getStep()[i] == 1)
      continue;
    starts.push_back(op.getStart()[i]);
    ends.push_back(op.getStop()[i]);
    steps.push_back(op.getStep()[i]);
    axes.push_back(i + 1);
  }
  if (axes.empty())
    call.finish("Identity", {call.operand(0)});
  else
    call.finish("Slice", {call.operand(0), call.integers("starts", starts), call.integers("ends", ends),
                          call.integers("axes", axes), call.integers("steps", steps)});
}

void exporting::addShapes(Table &table) {
  table.add<cnn::ReshapeOp>(convertReshape);
  table.add<cnn::ConcatOp>(convertConcat);
  table.add<cnn::PadOp>(convertPad);
  table.add<cnn::SliceOp>(convertSlice);
}
