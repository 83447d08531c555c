//===- Contractions.cpp - convolution, dense, what is added to them -----------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

/// The bias behind a layer, where nothing else sees what lies between.
static cnn::BiasOp biasOf(mlir::Operation *layer) {
  mlir::Value result = layer->getResult(0);
  auto bias = result.hasOneUse() ? llvm::dyn_cast<cnn::BiasOp>(*result.user_begin()) : cnn::BiasOp();
  return bias && bias.getInput() == result && bias.getBias().getDefiningOp<cnn::ReadOp>() ? bias : cnn::BiasOp();
}

/// A node with input and kernel, and the bias as third operand.
static Node finishWithBias(Call &call, llvm::StringRef type) {
  std::vector<std::string> inputs{call.operand(0), call.operand(1)};
  cnn::BiasOp bias = biasOf(call.op);
  if (!bias)
    return call.finish(type, inputs);
  inputs.push_back(call.value(bias.getBias()));
  call.takeIn(bias);
  return call.finish(type, inputs, bias);
}

/// Pads have ONNX's order: all that come first, then all that come last.
template <typename Op> static Node finishConvolution(Call &call) {
  auto op = llvm::cast<Op>(call.op);
  return finishWithBias(call, call.type)
      .integers("kernel_shape", shapeOf(op.getKernel()).drop_front(2))
      .integers("strides", op.getStride())
      .integers("pads", op.getPad())
      .integers("dilations", op.getDilation())
      .integer("group", op.getGroups());
}

static void convertConv(Call &call) { finishConvolution<cnn::ConvOp>(call); }
static void convertConvTranspose(Call &call) {
  llvm::ArrayRef<int64_t> more = llvm::cast<cnn::ConvTransposeOp>(call.op).getOutputPadding();
  Node node = finishConvolution<cnn::ConvTransposeOp>(call);
  if (llvm::any_of(more, [](int64_t size) { return size; }))
    node.integers("output_padding", more);
}
static void convertDense(Call &call) { finishWithBias(call, "Gemm").integer("transB", 1); }

static void convertBias(Call &call) {
  auto op = llvm::cast<cnn::BiasOp>(call.op);
  call.finish("Add", {call.operand(0), call.perChannel(op.getBias(), op.getType().getRank())});
}
static void convertScaleShift(Call &call) {
  auto op = llvm::cast<cnn::ScaleShiftOp>(call.op);
  int64_t rank = op.getType().getRank();
  std::string scaled = call.add("Mul", {call.operand(0), call.perChannel(op.getScale(), rank)}).result();
  call.finish("Add", {scaled, call.perChannel(op.getShift(), rank)});
}

/// `(x / 255 - mean) / std`; means and deviations are constants.
static void convertStandardize(Call &call) {
  auto op = llvm::cast<cnn::StandardizeOp>(call.op);
  auto constant = [&](llvm::StringRef role, llvm::ArrayRef<double> values) {
    Sizes shape(op.getType().getRank() - 1, 1);
    shape[0] = values.size();
    return call.numbers(role, values, shape);
  };
  std::string share = call.add("Div", {call.operand(0), call.scalar("white", 255)}).result();
  std::string centred = call.add("Sub", {share, constant("mean", op.getMean())}).result();
  call.finish("Div", {centred, constant("std", op.getStd())});
}

void exporting::addContractions(Table &table) {
  table.add<cnn::ConvOp>(convertConv, "Conv");
  table.add<cnn::ConvTransposeOp>(convertConvTranspose, "ConvTranspose");
  table.add<cnn::DenseOp>(convertDense);
  table.add<cnn::BiasOp>(convertBias);
  table.add<cnn::ScaleShiftOp>(convertScaleShift);
  table.add<cnn::StandardizeOp>(convertStandardize);
}
