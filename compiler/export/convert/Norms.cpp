//===- Norms.cpp - batch norm, dropout, softmax, layer norm -------------------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

/// Mode-neutral here as there: a runtime normalises by the running statistics.
/// ONNX's momentum is what stays of the old ones.
static void convertBatchnorm(Call &call) {
  auto op = llvm::cast<cnn::BatchnormOp>(call.op);
  call.finish("BatchNormalization", {call.operand(0), call.operand(1), call.operand(2), call.parameter(op.getMeanAttr()),
                                     call.parameter(op.getVarianceAttr())})
      .number("epsilon", op.getEpsilon().convertToDouble())
      .number("momentum", 1 - op.getMomentum().convertToDouble());
}
static void convertBatchnormInfer(Call &call) {
  auto op = llvm::cast<cnn::BatchnormInferOp>(call.op);
  call.finish("BatchNormalization", {call.operand(0), call.operand(1), call.operand(2), call.operand(3), call.operand(4)})
      .number("epsilon", op.getEpsilon().convertToDouble());
}

/// Without a training mode it is the identity, and says what training does.
static void convertDropout(Call &call) {
  call.finish("Dropout",
              {call.operand(0), call.scalar("ratio", llvm::cast<cnn::DropoutOp>(call.op).getRatio().convertToDouble())});
}

static void convertSoftmax(Call &call) { call.finish("Softmax", {call.operand(0)}).integer("axis", 1); }
static void convertRowSoftmax(Call &call) { call.finish("Softmax", {call.operand(0)}).integer("axis", -1); }

/// The parameter [K] by which `op`, a product or a sum, continues `value`, whose
/// rows have K elements.
template <typename Op> static mlir::Value vectorOf(mlir::Value value, Op &op) {
  op = value.hasOneUse() ? llvm::dyn_cast<Op>(*value.user_begin()) : Op();
  if (!op)
    return {};
  mlir::Value other = op.getLhs() == value ? op.getRhs() : op.getLhs();
  auto repeated = other.getDefiningOp<cnn::BroadcastOp>();
  mlir::Value source = repeated ? repeated.getInput() : mlir::Value();
  return source && source.getDefiningOp<cnn::ReadOp>() && shapeOf(source) == shapeOf(value).take_back(1) ? source : mlir::Value();
}

/// ONNX's operator multiplies by a vector and adds another, which follow here
/// as ops of their own.
static void convertLayernorm(Call &call) {
  auto op = llvm::cast<cnn::LayernormOp>(call.op);
  double epsilon = op.getEpsilon().convertToDouble();
  std::vector<std::string> inputs{call.operand(0)};
  mlir::Operation *last = op;
  cnn::MulOp product;
  cnn::AddOp sum;
  if (mlir::Value scale = vectorOf(op.getResult(), product)) {
    inputs.push_back(call.value(scale));
    last = product;
    call.takeIn(product);
    if (mlir::Value shift = vectorOf(product.getResult(), sum)) {
      inputs.push_back(call.value(shift));
      last = sum;
      call.takeIn(sum);
    }
  } else {
    int64_t size = shapeOf(op.getResult()).back();
    inputs.push_back(call.numbers("ones", std::vector<double>(size, 1), {size}));
  }
  call.finish("LayerNormalization", inputs, last).integer("axis", -1).number("epsilon", epsilon);
}

void exporting::addNorms(Table &table) {
  table.add<cnn::BatchnormOp>(convertBatchnorm);
  table.add<cnn::BatchnormInferOp>(convertBatchnormInfer);
  table.add<cnn::DropoutOp>(convertDropout);
  table.add<cnn::SoftmaxOp>(convertSoftmax);
  table.add<cnn::RowSoftmaxOp>(convertRowSoftmax);
  table.add<cnn::LayernormOp>(convertLayernorm);
}
