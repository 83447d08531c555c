//===- Activations.cpp - activations with and without constants ---------------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

static double numberOf(const llvm::APFloat &value) { return value.convertToDouble(); }

static void convertLeakyRelu(Call &call) {
  call.finish("LeakyRelu", {call.operand(0)}).number("alpha", numberOf(llvm::cast<cnn::LeakyReluOp>(call.op).getSlope()));
}
/// Elu, Celu, ThresholdedRelu.
template <typename Op> static void convertWithAlpha(Call &call) {
  call.finish(call.type, {call.operand(0)}).number("alpha", numberOf(llvm::cast<Op>(call.op).getAlpha()));
}
static void convertSelu(Call &call) {
  auto op = llvm::cast<cnn::SeluOp>(call.op);
  call.finish("Selu", {call.operand(0)}).number("alpha", numberOf(op.getAlpha())).number("gamma", numberOf(op.getGamma()));
}
static void convertHardSigmoid(Call &call) {
  auto op = llvm::cast<cnn::HardSigmoidOp>(call.op);
  call.finish("HardSigmoid", {call.operand(0)}).number("alpha", numberOf(op.getAlpha())).number("beta", numberOf(op.getBeta()));
}

/// Swish itself came with a later operator set.
static void convertSwish(Call &call) {
  double beta = numberOf(llvm::cast<cnn::SwishOp>(call.op).getBeta());
  std::string input = call.operand(0), scaled = beta == 1 ? input : call.add("Mul", {input, call.scalar("beta", beta)}).result();
  call.finish("Mul", {input, call.add("Sigmoid", {scaled}).result()});
}

static void convertGelu(Call &call) {
  Node node = call.finish("Gelu", {call.operand(0)});
  if (llvm::StringRef approximate = llvm::cast<cnn::GeluOp>(call.op).getApproximate(); approximate != "none")
    node.text("approximate", approximate);
}

static void convertClip(Call &call) {
  auto op = llvm::cast<cnn::ClipOp>(call.op);
  std::vector<std::string> inputs{call.operand(0), op.getMin() ? call.scalar("min", numberOf(*op.getMin())) : ""};
  if (op.getMax())
    inputs.push_back(call.scalar("max", numberOf(*op.getMax())));
  else if (!op.getMin())
    inputs.pop_back();
  call.finish("Clip", inputs);
}

static void convertPrelu(Call &call) {
  auto op = llvm::cast<cnn::PreluOp>(call.op);
  call.finish("PRelu", {call.operand(0), call.perChannel(op.getSlope(), op.getType().getRank())});
}

void exporting::addActivations(Table &table) {
  table.add<cnn::ReluOp>(convertPlain, "Relu");
  table.add<cnn::SigmoidOp>(convertPlain, "Sigmoid");
  table.add<cnn::TanhOp>(convertPlain, "Tanh");
  table.add<cnn::SoftplusOp>(convertPlain, "Softplus");
  table.add<cnn::SoftsignOp>(convertPlain, "Softsign");
  table.add<cnn::MishOp>(convertPlain, "Mish");
  table.add<cnn::HardSwishOp>(convertPlain, "HardSwish");
  table.add<cnn::LeakyReluOp>(convertLeakyRelu);
  table.add<cnn::EluOp>(convertWithAlpha<cnn::EluOp>, "Elu");
  table.add<cnn::CeluOp>(convertWithAlpha<cnn::CeluOp>, "Celu");
  table.add<cnn::ThresholdedReluOp>(convertWithAlpha<cnn::ThresholdedReluOp>, "ThresholdedRelu");
  table.add<cnn::SeluOp>(convertSelu);
  table.add<cnn::HardSigmoidOp>(convertHardSigmoid);
  table.add<cnn::SwishOp>(convertSwish);
  table.add<cnn::GeluOp>(convertGelu);
  table.add<cnn::ClipOp>(convertClip);
  table.add<cnn::PreluOp>(convertPrelu);
}
