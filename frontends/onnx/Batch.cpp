//===- Batch.cpp - the batch as N, or as the number that the file says ----===//

#include "dialects/cnn/Images.h"
#include "frontends/onnx/Conversion.h"
#include "frontends/onnx/Moved.h"
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
    if (form == BatchForm::Dynamic && i == 0 && value.kind == onnx::Value::Kind::Constant && shape(0).size() > 2 &&
        shape(0)[0] == batch)
      if (mlir::Value parameter = runtime(0))
        value = onnx::Value::atRuntime(parameter, type(0));
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

void Call::use(size_t i, mlir::Value value) {
  if (formed.empty())
    use(BatchForm::AsIs);
  formed[i].runtime = value;
}

void Call::useWhole(size_t i) {
  if (!has(i) || operand(i).kind != onnx::Value::Kind::Runtime || !hasBatch(shapeOf(operand(i).runtime)))
    return;
  Shape shape(shapeOf(operand(i).runtime));
  shape[0] = conversion.fixedBatch;
  if (mlir::Value whole = reshape(operand(i).runtime, shape)) {
    use(i, whole);
    conversion.isBatchFixed = true;
  }
}

void Call::settle() {
  for (size_t i = 0; i < operands(); ++i) {
    if (!has(i) || !operand(i).isMoved())
      continue;
    onnx::Value &value = conversion.named[node.inputs[i]];
    int64_t batch = conversion.fixedBatch, all = batch * value.parts;
    Shape inside = shape(i), front(shapeOf(value.runtime)), order;
    inside[value.batchAxis] = all, front[0] = batch;
    for (size_t d = 0; d < inside.size(); ++d)
      order.push_back(d == value.batchAxis ? 0 : d < value.batchAxis ? d + 1 : d);
    value.runtime = reshape(value.runtime, front);
    if (value.parts > 1) {
      front.erase(front.begin() + 1);
      front[0] = all;
      value.runtime = reshape(value.runtime, front);
    }
    if (value.runtime && all == 1)
      value.runtime = reshape(value.runtime, inside);
    else if (value.runtime && value.batchAxis)
      value.runtime = emit<cnn::TransposeOp>(inside, value.runtime, order);
    if (!value.runtime) { // which has been reported
      value = onnx::Value();
      continue;
    }
    value.batchAxis = 0, value.parts = 1;
    conversion.isBatchFixed = true;
    if (conversion.fixedBy.empty())
      conversion.fixedBy = node.str();
  }
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
  void convertMoved();
  void check(Operation *op);
  bool mapsElements(ArrayRef<int64_t> shape);
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
  bool isAny = !fusible || fusible.getFusionKind() == cnn::FusionKind::General ||
               fusible.getFusionKind() == cnn::FusionKind::Reshape || fusible.repeatsElements() || op->getNumOperands() == 0;
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
  for (Operation *op = last            ? last->getNextNode()
                       : block.empty() ? nullptr
                                       : &block.front();
       op && !hasFailed(); op = op->getNextNode())
    check(op);
}

/// The first operand has dimension 0 of several batches: the frames of videos, parts of a signal. What is missing from
/// a whole batch are its first elements again, of which nothing is taken.
void Attempt::convertPieces() {
  mlir::Value whole = call.runtime(0);
  int64_t batch = conversion.fixedBatch, size = shapeOf(whole)[0], wanted = (size + batch - 1) / batch * batch;
  Shape shape(shapeOf(whole)), piece(shape);
  if (wanted != size) {
    SmallVector<mlir::Value> copies((wanted + size - 1) / size, whole);
    shape[0] = size * static_cast<int64_t>(copies.size());
    whole = call.emit<cnn::ConcatOp>(shape, mlir::ValueRange(copies), uint64_t(0));
    if (!whole)
      return;
  }
  SliceRange range{Shape(shape.size(), 0), Shape(shape.size(), 1), shape};
  range.count[0] = batch, piece[0] = dynamic;
  SmallVector<mlir::Value> results;
  ElementType type = ElementType::F32;
  for (; range.start[0] < wanted && !hasFailed(); range.start[0] += batch) {
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
  joined[0] = wanted;
  conversion.isBatchFixed = true;
  mlir::Value value = call.emit<cnn::ConcatOp>(joined, mlir::ValueRange(results), uint64_t(0));
  SliceRange own{Shape(joined.size(), 0), Shape(joined.size(), 1), joined};
  own.count[0] = size;
  call.set(0, value && wanted != size ? takeRange(call, value, own) : value, type);
}

/// True if what has been made of tensors of the batch has been made element by element, of `shape`.
bool Attempt::mapsElements(ArrayRef<int64_t> shape) {
  for (Operation *op = last ? last->getNextNode() : block.empty() ? nullptr : &block.front(); op; op = op->getNextNode()) {
    auto isOfBatch = [](Type type) { return hasBatch(cast<RankedTensorType>(type).getShape()); };
    if (llvm::none_of(op->getOperandTypes(), isOfBatch))
      continue;
    auto fusible = dyn_cast<cnn::FusionInterface>(op);
    if (!fusible || fusible.getFusionKind() != cnn::FusionKind::Elementwise ||
        llvm::any_of(op->getOperandTypes(),
                     [&](Type type) { return isOfBatch(type) && cast<RankedTensorType>(type).getShape() != shape; }))
      return false;
  }
  return true;
}

/// The batch in front, though the file has it elsewhere in an operand or a result.
void Attempt::convertMoved() {
  std::optional<MovedNode> moved = moveBatch(call);
  if (!moved)
    return call.refuse("works along a batch that is not the first dimension of " + text(call.shape(0)),
                       "the batch stays as it is");
  auto first = llvm::find_if(moved->operands, [](const onnx::Value &value) {
    return value.kind == onnx::Value::Kind::Runtime && hasBatch(shapeOf(value.runtime));
  });
  Shape shape(shapeOf(first->runtime));
  Call inner(conversion, moved->node);
  inner.use(std::move(moved->operands));
  Attempt(inner, moved->node.op == call.node.op ? converter : findConverter("", moved->node.op)).convert();
  if (hasFailed())
    return;
  for (auto [result, axis] : llvm::zip(inner.results, moved->batchAxes)) {
    bool isBatch = result.kind == onnx::Value::Kind::Runtime && hasBatch(shapeOf(result.runtime));
    isBatch =
        isBatch && (moved->parts == 1 || (shapeOf(result.runtime).size() > 1 && shapeOf(result.runtime)[1] == moved->parts));
    if (result.kind != onnx::Value::Kind::Unknown && !isBatch)
      return call.refuse("makes no batch of " + text(shape), "the batch stays as it is");
    result.batchAxis = isBatch ? axis : 0;
    result.parts = isBatch ? moved->parts : 1;
  }
  if (moved->mapsElements && !mapsElements(shape))
    return call.refuse("works along a batch that is not the first dimension of " + text(call.shape(0)),
                       "the batch stays as it is");
  call.results = std::move(inner.results);
}

bool Attempt::run(BatchForm form) {
  if (form == BatchForm::Dynamic || form == BatchForm::Fixed)
    call.use(form);
  if (!hasFailed())
    form == BatchForm::Pieces ? convertPieces() : form == BatchForm::Moved ? convertMoved() : convert();
  if (!hasFailed())
    return true;
  conversion.sink.rewind(errors);
  while (!block.empty() && &block.back() != last)
    block.back().erase();
  conversion.isBatchFixed = wasFixed;
  conversion.dropouts = dropouts;
  return false;
}

/// True for a first operand of another number of examples than the batch has, but not of many batches.
static bool hasPieces(const Call &call) {
  constexpr int64_t most = 64;
  const onnx::Value &first = call.operand(0);
  if (call.conversion.trains || first.kind != onnx::Value::Kind::Runtime || call.results.size() != 1 ||
      shapeOf(first.runtime).size() < 3)
    return false;
  int64_t size = shapeOf(first.runtime)[0], batch = call.conversion.fixedBatch;
  return size >= 1 && batch >= 1 && size != batch && size / batch <= most && batch / size <= most;
}

/// True for an operand whose batch is not the first dimension, or not the whole of it.
static bool hasMoved(const Call &call) {
  for (size_t i = 0; i < call.operands(); ++i)
    if (call.has(i) && call.operand(i).isMoved())
      return true;
  return false;
}

bool onnx::convertAsIs(Call &call, Converter converter) { return Attempt(call, converter).run(BatchForm::AsIs); }

void onnx::convertInSomeForm(Call &call, Converter converter) {
  StringRef op = call.node.op;
  if (hasMoved(call)) {
    bool asksShape = op == "Shape" || op == "Size", passesOn = op == "If";
    if (asksShape || passesOn)
      return converter(call);
    Call trial(call.conversion, call.node);
    if (Attempt(trial, converter).run(BatchForm::Moved)) {
      call.results = std::move(trial.results);
      return;
    }
    call.settle();
  }
  bool batches = false, numbers = false, symbols = false;
  // What folds constants takes no images that one of them has become.
  bool asksImages = converter != findFolder(call.node.domain, op);
  for (size_t i = 0; i < call.operands(); ++i) {
    const onnx::Value &value = call.operand(i);
    symbols |= value.kind == onnx::Value::Kind::Constant && value.constant.isSymbolic();
    bool isConstant = value.kind == onnx::Value::Kind::Constant;
    numbers |= i == 0 && isConstant && asksImages && value.constant.rank() > 2 &&
               value.constant.shape()[0] == call.conversion.fixedBatch;
    if (value.kind != onnx::Value::Kind::Runtime || shapeOf(value.runtime).empty())
      continue;
    (shapeOf(value.runtime)[0] == dynamic ? batches : numbers) = true;
  }
  SmallVector<BatchForm, 4> forms{BatchForm::AsIs};
  if (numbers)
    forms.push_back(BatchForm::Dynamic);
  if (batches && (op == "Transpose" || op == "Unsqueeze" || op == "Reshape" || op == "Flatten"))
    forms.push_back(BatchForm::Moved);
  if (batches || symbols)
    forms.push_back(BatchForm::Fixed);
  if (hasPieces(call))
    forms.push_back(BatchForm::Pieces);
  for (BatchForm form : forms) {
    Call trial(call.conversion, call.node);
    if (Attempt(trial, converter).run(form)) {
      call.results = std::move(trial.results);
      if (call.conversion.isBatchFixed && call.conversion.fixedBy.empty())
        call.conversion.fixedBy = call.node.str();
      return;
    }
  }
  // Again, for what there is to say.
  size_t errors = call.conversion.sink.count();
  converter(call);
  if (call.conversion.sink.count() == errors)
    call.refuse("works on batches of images or vectors, got " + text(call.shape(0)), "the batch is the first dimension there");
}
