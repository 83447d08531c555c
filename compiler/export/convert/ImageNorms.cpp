//===- ImageNorms.cpp - norms of one example by itself ------------------------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

/// ONNX's operators of images take vectors [N, F] as images of one place.
static std::string asImages(Call &call, std::string value, llvm::ArrayRef<int64_t> shape) {
  return shape.size() == 4 ? value : call.reshape(std::move(value), {shape[0], shape[1], 1, 1});
}

static void convertLrn(Call &call) {
  auto op = llvm::cast<cnn::LrnOp>(call.op);
  llvm::ArrayRef<int64_t> shape = shapeOf(op.getResult());
  std::string images = asImages(call, call.operand(0), shape);
  Node node = shape.size() == 4 ? call.finish("LRN", {images}) : call.add("LRN", {images});
  node.integer("size", op.getSize())
      .number("alpha", op.getAlpha().convertToDouble())
      .number("beta", op.getBeta().convertToDouble())
      .number("bias", op.getBias().convertToDouble());
  if (shape.size() != 4)
    call.finish("Flatten", {node.result()});
}

/// Groups as channels of an instance norm, which is all that runtimes agree on:
/// what GroupNormalization's scale belongs to changed between operator sets.
static void convertGroupnorm(Call &call) {
  auto op = llvm::cast<cnn::GroupnormOp>(call.op);
  if (!op.getMean().use_empty() || !op.getInverseStd().use_empty())
    return call.refuse("hands out its statistics, which ONNX's operators do not", "leave out what reads them");
  llvm::ArrayRef<int64_t> shape = shapeOf(op.getResult());
  int64_t groups = op.getGroups(), channels = shape[1], rank = shape.size();
  double epsilon = op.getEpsilon().convertToDouble();
  if (groups == channels && rank == 4) {
    call.finish("InstanceNormalization", {call.operand(0), call.operand(1), call.operand(2)}).number("epsilon", epsilon);
    return;
  }
  int64_t places = rank == 4 ? shape[2] * shape[3] : 1;
  std::string grouped = call.reshape(call.operand(0), {shape[0], groups, channels / groups, places});
  std::string ones = call.numbers("ones", std::vector<double>(groups, 1), {groups}),
              zeros = call.numbers("zeros", std::vector<double>(groups, 0), {groups});
  std::string normal = call.add("InstanceNormalization", {grouped, ones, zeros}).number("epsilon", epsilon).result();
  std::string product = call.add("Mul", {call.reshape(normal, shape), call.perChannel(op.getScale(), rank)}).result();
  call.finish("Add", {product, call.perChannel(op.getShift(), rank)});
}

void exporting::addImageNorms(Table &table) {
  table.add<cnn::LrnOp>(convertLrn);
  table.add<cnn::GroupnormOp>(convertGroupnorm);
}
