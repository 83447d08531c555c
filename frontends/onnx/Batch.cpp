//===- Batch.cpp - the batch as N, or as the number that the file says ----===//

#include "dialects/cnn/Images.h"
#include "frontends/onnx/Conversion.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::onnx;

static bool hasBatch(ArrayRef<int64_t> shape) { return !shape.empty() && shape[0] == dynamic; }

/// Without N, which is `batch`.
static Tensor numbered(const Tensor &tensor, int64_t batch) {
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < tensor.elements(); ++i) {
    Scalar scalar = tensor.at(i);
    scalars.push_back({0, scalar.batch * batch + scalar.integer, scalar.real});
  }
  Tensor result(tensor.type(), tensor.shape(), scalars);
  result.name = tensor.name;
  return result;
}

void Call::use(BatchForm form) {
  formed.clear();
  int64_t batch = conversion.fixedBatch;
  std::vector<onnx::Value> values;
  for (size_t i = 0; i < operands(); ++i) {
    onnx::Value value = operand(i);
    Shape shape = value.kind == onnx::Value::Kind::Runtime ? Shape(shapeOf(value.runtime)) : Shape();
    bool changes = form == BatchForm::Fixed ? hasBatch(shape) : form == BatchForm::Dynamic && !shape.empty() && shape[0] == batch;
    if (changes) {
      shape[0] = form == BatchForm::Fixed ? batch : dynamic;
      value.runtime = reshape(value.runtime, shape);
      conversion.isBatchFixed = true;
    }
    if (form == BatchForm::Fixed && value.kind == onnx::Value::Kind::Constant && value.constant.isSymbolic()) {
      value.constant = numbered(value.constant, batch);
      conversion.isBatchFixed = true;
    }
    values.push_back(std::move(value));
  }
  formed = std::move(values);
}

void Call::check(Operation *op) {
  auto fusible = dyn_cast<cnn::FusionInterface>(op);
  bool isAny = !fusible || fusible.getFusionKind() == cnn::FusionKind::General || isa<cnn::ReshapeOp, cnn::BroadcastOp>(op) || op->getNumOperands() == 0;
  if (isAny && !isa<cnn::BatchnormOp>(op))
    return;
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  bool isSame = llvm::all_of(op->getOperandTypes(), [&](Type type) {
    return cast<RankedTensorType>(type).getShape() == result.getShape() || cast<RankedTensorType>(type).getRank() == 0;
  });
  if (fusible && fusible.getFusionKind() == cnn::FusionKind::Elementwise && isSame)
    return;
  auto first = cast<RankedTensorType>(op->getOperand(0).getType());
  if (!cnn::isImages(first) || !cnn::isImages(result))
    refuse("works on batches of images or vectors, got " + text(first.getShape()), "the batch is the first dimension there");
}
