//===- Batch.cpp - the batch as N, or as the number that the file says ----===//

#include "dialects/cnn/Images.h"
#include "frontends/onnx/Conversion.h"
#include "frontends/onnx/convert/Slice.h"
#include "frontends/onnx/fold/Tables.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::onnx;

static bool hasBatch(ArrayRef<int64_t> shape) { return !shape.empty() && shape[0] == dynamic; }

/// Without N, which is `batch`.
static Tensor numbered(const Tensor &tensor, int64_t batch) {
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < tensor.elements(); ++i) {
    Scalar scalar = tensor.at(i);
    scalars.push_back({0, add(times(scalar.batch, batch), scalar.integer), scalar.real});
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
    // What works on images may be asked for those of a constant.
    if (form == BatchForm::Dynamic && i == 0 && value.kind == onnx::Value::Kind::Constant && shape(0).size() > 2 && shape(0)[0] == batch)
      if (mlir::Value parameter = runtime(0))
        value = onnx::Value::atRuntime(parameter, type(0));
    Shape shape = value.kind == onnx::Value::Kind::Runtime ? Shape(shapeOf(value.runtime)) : Shape();
    bool changes = form == BatchForm::Fixed ? hasBatch(shape) : form == BatchForm::Dynamic && !shape.empty() && shape[0] == batch;
    if (changes) {
      shape[0] = form == BatchForm::Fixed ? batch : dynamic;
      value.runtime = reshape(value.runtime, shape);
      conversion.isBatchFixed = true;
    }
    if (form == BatchForm::Fixed && !value.order.empty()) {
      Shape ordered;
      for (int64_t from : value.order)
        ordered.push_back(shape[from]);
      value.runtime = emit<cnn::TransposeOp>(ordered, value.runtime, value.order);
      value.order.clear();
    }
    if (form == BatchForm::Fixed && value.kind == onnx::Value::Kind::Constant && value.constant.isSymbolic()) {
      value.constant = numbered(value.constant, batch);
      conversion.isBatchFixed = true;
    }
    values.push_back(std::move(value));
  }
  formed = std::move(values);
}

void Call::use(size_t i, mlir::Value value) {
  use(BatchForm::AsIs);
  formed[i].runtime = value;
  formed[i].order.clear();
}

namespace {

/// One way to convert a node; what it has made goes again where it fails.
class Attempt {
public:
  Attempt(Call &call, Converter converter)
      : call(call), converter(converter), conversion(call.conversion), block(*conversion.builder.getInsertionBlock()),
        last(block.empty() ? nullptr : &block.back()), errors(conversion.sink.count()), wasFixed(conversion.isBatchFixed),
        dropouts(conversion.dropouts) {}

  bool run(BatchForm form);

private:
  void convert();
  void convertPieces();
  void check(Operation *op);
  bool hasFailed() const { return conversion.sink.count() != errors; }

  Call &call;
  Converter converter;
  Conversion &conversion;
  Block &block;
  Operation *last;
  size_t errors;
  bool wasFixed;
  int64_t dropouts;
};

} // namespace

/// Reports an op that works on images or vectors of the batch and whose operand has no batch.
void Attempt::check(Operation *op) {
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
    call.refuse("works on batches of images or vectors, got " + text(first.getShape()), "the batch is the first dimension there");
}

void Attempt::convert() {
  converter(call);
  for (Operation *op = last ? last->getNextNode() : block.empty() ? nullptr : &block.front(); op && !hasFailed(); op = op->getNextNode())
    check(op);
}

/// The first operand has dimension 0 of several batches: the frames of videos, parts of a signal.
void Attempt::convertPieces() {
  mlir::Value whole = call.runtime(0);
  Shape shape(shapeOf(whole)), piece(shape);
  int64_t batch = conversion.fixedBatch;
  SliceRange range{Shape(shape.size(), 0), Shape(shape.size(), 1), shape};
  range.count[0] = batch, piece[0] = dynamic;
  SmallVector<mlir::Value> results;
  ElementType type = ElementType::F32;
  for (; range.start[0] < shape[0] && !hasFailed(); range.start[0] += batch) {
    Call part(conversion, call.node);
    if (mlir::Value images = part.reshape(takeRange(part, whole, range), piece)) {
      part.use(0, images);
      Attempt(part, converter).convert();
    }
    if (hasFailed() || part.results[0].kind != onnx::Value::Kind::Runtime || !hasBatch(shapeOf(part.results[0].runtime)))
      return call.refuse("works on batches of images or vectors, got " + text(shape), "the batch is the first dimension there");
    piece = Shape(shapeOf(part.results[0].runtime));
    piece[0] = batch;
    type = part.results[0].type;
    results.push_back(part.reshape(part.results[0].runtime, piece));
    piece = shape, piece[0] = dynamic;
  }
  Shape joined(shapeOf(results[0]));
  joined[0] = shape[0];
  conversion.isBatchFixed = true;
  call.set(0, call.emit<cnn::ConcatOp>(joined, mlir::ValueRange(results), uint64_t(0)), type);
}

bool Attempt::run(BatchForm form) {
  if (form == BatchForm::Dynamic || form == BatchForm::Fixed)
    call.use(form);
  form == BatchForm::Pieces ? convertPieces() : convert();
  if (!hasFailed())
    return true;
  conversion.sink.rewind(errors);
  while (!block.empty() && &block.back() != last)
    block.back().erase();
  conversion.isBatchFixed = wasFixed;
  conversion.dropouts = dropouts;
  return false;
}

/// True for a first operand of several batches, but not many.
static bool hasPieces(const Call &call) {
  constexpr int64_t most = 64;
  const onnx::Value &first = call.operand(0);
  if (call.conversion.trains || first.kind != onnx::Value::Kind::Runtime || call.results.size() != 1 || shapeOf(first.runtime).size() < 3)
    return false;
  int64_t size = shapeOf(first.runtime)[0], batch = call.conversion.fixedBatch;
  return size != dynamic && size > batch && size % batch == 0 && size / batch <= most;
}

void onnx::convertInSomeForm(Call &call, Converter converter) {
  if (call.operands() && convertDeferred(call, converter))
    return;
  bool batches = false, numbers = false, symbols = false, waits = false;
  for (size_t i = 0; i < call.operands(); ++i) {
    const onnx::Value &value = call.operand(i);
    symbols |= value.kind == onnx::Value::Kind::Constant && value.constant.isSymbolic();
    waits |= !value.order.empty();
    numbers |= i == 0 && value.kind == onnx::Value::Kind::Constant && value.constant.rank() > 2 && value.constant.shape()[0] == call.conversion.fixedBatch;
    if (value.kind != onnx::Value::Kind::Runtime || shapeOf(value.runtime).empty())
      continue;
    (shapeOf(value.runtime)[0] == dynamic ? batches : numbers) = true;
  }
  SmallVector<BatchForm, 4> forms;
  if (!waits)
    forms.push_back(BatchForm::AsIs);
  if (numbers && !waits)
    forms.push_back(BatchForm::Dynamic);
  if (batches || symbols)
    forms.push_back(BatchForm::Fixed);
  if (hasPieces(call))
    forms.push_back(BatchForm::Pieces);
  for (BatchForm form : forms) {
    Call trial(call.conversion, call.node);
    if (Attempt(trial, converter).run(form)) {
      call.results = std::move(trial.results);
      return;
    }
  }
  // Again, for what there is to say.
  size_t errors = call.conversion.sink.count();
  converter(call);
  if (call.conversion.sink.count() == errors)
    call.refuse("works on batches of images or vectors, got " + text(call.shape(0)), "the batch is the first dimension there");
}
