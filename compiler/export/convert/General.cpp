//===- General.cpp - tensors of any rank, constants ---------------------------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

static void convertTranspose(Call &call) {
  call.finish("Transpose", {call.operand(0)}).integers("perm", llvm::cast<cnn::TransposeOp>(call.op).getPermutation());
}

template <typename Op> static void convertReduction(Call &call) {
  call.finish(call.type, {call.operand(0), call.integers("axes", llvm::cast<Op>(call.op).getAxes())}).integer("keepdims", 1);
}

/// The number of examples comes from an input.
static std::string shapeWithBatch(Call &call, llvm::ArrayRef<int64_t> sizes) {
  for (mlir::BlockArgument input : call.op->getBlock()->getArguments())
    if (mlir::ShapedType::isDynamic(shapeOf(input)[0])) {
      std::string batch = call.add("Shape", {call.value(input)}).integer("start", 0).integer("end", 1).result();
      return call.add("Concat", {batch, call.integers("sizes", sizes)}).integer("axis", 0).result();
    }
  return "";
}

/// Elementwise ops broadcast by themselves in ONNX; for other readers it is written.
static void convertBroadcast(Call &call) {
  auto op = llvm::cast<cnn::BroadcastOp>(call.op);
  if (isAbsorbed(op))
    return;
  llvm::ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getResult());
  bool hasBatch = in.size() == out.size() && in[0] == out[0];
  Sizes sizes(out);
  if (!mlir::ShapedType::isDynamic(out[0]) || hasBatch) {
    sizes[0] = hasBatch ? 1 : sizes[0];
    call.finish("Expand", {call.operand(0), call.integers("shape", sizes)});
  } else {
    call.finish("Expand", {call.operand(0), shapeWithBatch(call, llvm::ArrayRef(sizes).drop_front())});
  }
}

static void convertMatmul(Call &call) {
  auto op = llvm::cast<cnn::MatmulOp>(call.op);
  if (op.getTransposeLhs() || op.getSumProducts())
    return call.refuse("turns or adds up its products, as only gradients do", "export the network without its gradients");
  call.finish("MatMul", {call.operand(0), call.operand(1)});
}

static void convertCumsum(Call &call) {
  auto op = llvm::cast<cnn::CumsumOp>(call.op);
  call.finish("CumSum", {call.operand(0), call.integers("axis", {static_cast<int64_t>(op.getAxis())})})
      .integer("exclusive", op.getExclusive())
      .integer("reverse", op.getReverse());
}

static void convertConstant(Call &call) {
  mlir::ElementsAttr value = llvm::cast<cnn::ConstantOp>(call.op).getValue();
  call.forward(call.elements("constant", value));
}

/// Parameters are initializers: readers name them.
static void convertRead(Call &) {}

void exporting::addGeneral(Table &table) {
  table.add<cnn::TransposeOp>(convertTranspose);
  table.add<cnn::BroadcastOp>(convertBroadcast);
  table.add<cnn::ReduceSumOp>(convertReduction<cnn::ReduceSumOp>, "ReduceSum");
  table.add<cnn::ReduceProdOp>(convertReduction<cnn::ReduceProdOp>, "ReduceProd");
  table.add<cnn::ReduceMaxOp>(convertReduction<cnn::ReduceMaxOp>, "ReduceMax");
  table.add<cnn::ReduceMinOp>(convertReduction<cnn::ReduceMinOp>, "ReduceMin");
  table.add<cnn::MatmulOp>(convertMatmul);
  table.add<cnn::CumsumOp>(convertCumsum);
  table.add<cnn::ConstantOp>(convertConstant);
  table.add<cnn::ReadOp>(convertRead);
}
