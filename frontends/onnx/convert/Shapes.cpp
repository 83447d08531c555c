//===- Shapes.cpp - other shapes for the same elements --------------------===//

#include "frontends/onnx/convert/Broadcast.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// Elements of one example, or of a tensor without a batch.
static int64_t perExample(ArrayRef<int64_t> shape) { return elementsOf(shape.drop_front(!shape.empty() && shape[0] == dynamic)); }

/// The sizes that `wanted` lists: 0 copies one of `shape`, -1 is what remains. Nothing after an error.
static std::optional<Shape> readSizes(Call &call, ArrayRef<int64_t> shape, const Tensor &wanted, bool allowZero) {
  auto refuse = [&](const llvm::Twine &why) {
    call.refuse(why, "the batch stays the first dimension, and the number of elements the same");
    return std::nullopt;
  };
  Shape result;
  for (int64_t i = 0; i < wanted.elements(); ++i) {
    Scalar size = wanted.at(i);
    bool copies = size.batch == 0 && size.integer == 0 && !allowZero;
    if (copies && static_cast<size_t>(i) >= shape.size())
      return refuse("copies dimension " + llvm::Twine(i) + " of " + text(shape));
    if (size == Scalar{0, -1, 0}) {
      if (llvm::is_contained(result, -1))
        return refuse("has two sizes of -1");
      result.push_back(-1);
    } else if (size == Scalar{1, 0, 0}) {
      result.push_back(dynamic);
    } else if (size.batch != 0 || (size.integer < 1 && !copies)) {
      return refuse("makes a size of " + (size.batch ? llvm::Twine(size.batch) + "·N + " : llvm::Twine("")) +
                    llvm::Twine(size.integer));
    } else {
      result.push_back(copies ? shape[i] : size.integer);
    }
  }
  return result;
}

/// The shape that `wanted` means for an input of `shape`; a fixed batch is the batch. Nothing after an error.
static std::optional<Shape> resolve(Call &call, ArrayRef<int64_t> shape, const Tensor &wanted, bool allowZero) {
  std::optional<Shape> sizes = readSizes(call, shape, wanted, allowZero);
  if (!sizes)
    return std::nullopt;
  Shape &result = *sizes;
  bool isBatch = !shape.empty() && shape[0] == dynamic;
  auto free = llvm::find(result, -1);
  int64_t elements = perExample(shape), product = 1;
  for (int64_t size : result)
    if (size != dynamic && size != -1)
      product = product > INT64_MAX / size ? INT64_MAX : product * size;
  bool hasBatch = llvm::is_contained(result, dynamic);
  if (isBatch && !hasBatch && free != result.end() && product == elements) {
    *free = dynamic;
    hasBatch = true;
    free = result.end();
  }
  // The file's own number for the batch stands for any.
  if (isBatch && !hasBatch && !result.empty() && !call.conversion.isBatchOpen && result[0] == call.conversion.fixedBatch) {
    product /= result[0];
    result[0] = dynamic;
    hasBatch = true;
  }
  if (hasBatch == isBatch && free != result.end() && product > 0 && elements % product == 0) {
    *free = elements / product;
    product = elements;
  }
  bool isInPlace = !isBatch || (llvm::count(result, dynamic) == 1 && result[0] == dynamic);
  if (hasBatch == isBatch && isInPlace && product == elements && !llvm::is_contained(result, -1))
    return result;
  call.refuse("turns " + text(shape) + " into " + text(result),
              "the batch stays the first dimension, and the number of elements the same");
  return std::nullopt;
}

static void convertReshape(Call &call) {
  bool allowZero = call.flag("allowzero", false);
  if (!call.ready(2))
    return;
  const Tensor *wanted = call.constant(1, "a shape");
  mlir::Value input = wanted ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  if (isReal(wanted->type()) || wanted->rank() != 1 || wanted->elements() > 8) {
    call.refuse("has a shape that is no list of at most 8 integers", "export the model again");
    return;
  }
  if (std::optional<Shape> shape = resolve(call, shapeOf(input), *wanted, allowZero))
    call.set(0, call.reshape(input, *shape));
}

static void convertFlatten(Call &call) {
  int64_t given = call.integer("axis", 1);
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  ArrayRef<int64_t> shape = shapeOf(input);
  int64_t rank = shape.size(), axis = given < 0 ? given + rank : given;
  bool isBatch = rank > 0 && shape[0] == dynamic, isAlone = axis >= 1;
  for (int64_t i = 1; i < axis && i < rank; ++i)
    isAlone &= shape[i] == 1;
  if (axis < 0 || axis > rank || (isBatch && !isAlone))
    call.refuse("flattens " + text(shape) + " at dimension " + llvm::Twine(given),
                "the batch stays a dimension of its own: axis = 1");
  else
    call.set(0, call.reshape(input, {isBatch ? dynamic : elementsOf(shape.take_front(axis)),
                                     isBatch ? perExample(shape) : elementsOf(shape.drop_front(axis))}));
}

static void convertUnsqueeze(Call &call) {
  std::optional<Shape> attribute = call.integers("axes");
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input));
  bool isBatch = !shape.empty() && shape[0] == dynamic;
  size_t count = call.has(1) ? call.operand(1).constant.elements() : attribute.value_or(Shape()).size();
  std::optional<Shape> axes = call.axes(attribute, shape.size() + std::min<size_t>(count, 8));
  if (!axes)
    return;
  for (int64_t axis : *axes)
    shape.insert(shape.begin() + std::min<size_t>(axis, shape.size()), 1);
  if (isBatch && shape[0] != dynamic)
    call.refuse("puts a dimension in front of the batch: " + text(shape), "the batch stays the first dimension");
  else
    call.set(0, call.reshape(input, shape));
}

static void convertSqueeze(Call &call) {
  std::optional<Shape> attribute = call.integers("axes");
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input)), result;
  std::optional<Shape> axes = call.axes(attribute, shape.size());
  if (!axes)
    return;
  bool all = !call.has(1) && !attribute;
  // A batch that the file fixes to 1 goes with the other sizes of 1.
  bool isOne = !shape.empty() && shape[0] == dynamic && !call.conversion.isBatchOpen && call.conversion.fixedBatch == 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    bool goes = all ? shape[i] == 1 || (i == 0 && isOne) : llvm::is_contained(*axes, static_cast<int64_t>(i));
    if (goes && shape[i] != 1) {
      call.refuse("removes dimension " + llvm::Twine(i) + " of " + text(shape) + ", which is not 1",
                  "only sizes of 1 can be removed, and never the batch");
      return;
    }
    if (!goes)
      result.push_back(shape[i]);
  }
  call.set(0, call.reshape(input, result));
}

/// A permutation that moves only dimensions of size 1 moves no element.
static void convertTranspose(Call &call) {
  std::optional<Shape> attribute = call.integers("perm");
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input)), permutation = attribute.value_or(Shape()), result;
  for (size_t i = shape.size(); !attribute && i-- > 0;)
    permutation.push_back(i);
  Shape sorted(permutation);
  llvm::sort(sorted);
  bool valid = sorted.size() == shape.size();
  for (size_t i = 0; valid && i < sorted.size(); ++i)
    valid = sorted[i] == static_cast<int64_t>(i);
  if (!valid) {
    call.refuse("has a perm " + text(permutation) + " for " + text(shape), "perm holds each dimension once");
    return;
  }
  bool moves = false;
  int64_t last = -1;
  for (int64_t from : permutation) {
    result.push_back(shape[from]);
    if (shape[from] == 1)
      continue;
    moves |= from < last;
    last = from;
  }
  if (!shape.empty() && shape[0] == dynamic && result[0] != dynamic)
    call.refuse("transposes " + text(shape) + " by " + text(permutation), "the batch stays the first dimension");
  else if (moves)
    call.set(0, call.emit<cnn::TransposeOp>(result, input, permutation));
  else
    call.set(0, call.reshape(input, result));
}

/// The shape of what runs is constant, but for the batch.
static void convertShape(Call &call) {
  int64_t start = call.integer("start", 0), end = call.integer("end", 8);
  if (!call.ready())
    return;
  Shape shape = call.shape(0);
  int64_t rank = shape.size();
  auto clamp = [&](int64_t place) { return std::clamp<int64_t>(place < 0 ? place + rank : place, 0, rank); };
  std::vector<Scalar> sizes;
  for (int64_t i = clamp(start); i < clamp(end); ++i)
    sizes.push_back(shape[i] == dynamic ? Scalar{call.operand(0).parts, 0, 0} : Scalar{0, shape[i], 0});
  call.set(0, Tensor(ElementType::I64, {static_cast<int64_t>(sizes.size())}, sizes));
}

static void convertSize(Call &call) {
  if (!call.ready())
    return;
  Scalar product{0, 1, 0};
  for (int64_t size : call.shape(0))
    if (size == dynamic)
      product = {product.integer * call.operand(0).parts, 0, 0};
    else
      product = {product.batch * size, product.integer * size, 0};
  call.set(0, Tensor(ElementType::I64, {}, product));
}

static void convertIdentity(Call &call) {
  if (!call.ready())
    return;
  if (call.isConstant(0))
    call.set(0, call.operand(0).constant);
  else
    call.set(0, call.runtime(0), call.type(0));
}

/// Real numbers are f32 here, whatever the file calls them; integers and truth are whole numbers.
static void castTo(Call &call, ElementType to) {
  if (widthOf(to) == 0)
    call.refuse("turns numbers into " + nameOf(to), "numbers are float, integers or bool");
  mlir::Value value = call.ready() ? call.runtime(0) : mlir::Value();
  if (!value)
    return;
  bool isWhole = !isReal(call.type(0));
  if (to == ElementType::Bool && call.type(0) != ElementType::Bool) {
    mlir::Value isZero = call.emit<cnn::LogicalNotOp>(shapeOf(value), value);
    value = isZero ? call.emit<cnn::LogicalNotOp>(shapeOf(value), isZero) : isZero;
  } else if (!isReal(to) && !isWhole) {
    value = truncate(call, value);
  }
  call.set(0, value, to);
}

static void convertCast(Call &call) { castTo(call, static_cast<ElementType>(call.integer("to", 1))); }

/// The second operand says the type.
static void convertCastLike(Call &call) {
  if (!call.ready(2))
    return;
  if (call.isConstant(0) && call.operand(0).constant.elements() == 0)
    call.set(0, Tensor(call.type(1), call.shape(0), llvm::ArrayRef<Scalar>()));
  else
    castTo(call, call.type(1));
}

/// The largest matrix that is made of a shape.
constexpr int64_t maxMatrix = int64_t(1) << 20;

/// Ones on a diagonal: a constant once the shape is known.
static void convertEyeLike(Call &call) {
  int64_t k = call.integer("k", 0);
  const Attribute *given = call.node.attribute("dtype");
  auto written = static_cast<ElementType>(call.integer("dtype", 1));
  if (!call.ready())
    return;
  ElementType type = given ? written : call.type(0);
  Shape shape = call.shape(0);
  if (shape.size() != 2 || llvm::is_contained(shape, dynamic) || elementsOf(shape) > maxMatrix || !widthOf(type))
    return call.refuse("makes a diagonal of " + text(shape),
                       "it is a matrix of numbers of a size that does not depend on the batch, of at most 2^20 elements");
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < elementsOf(shape); ++i) {
    bool one = i % shape[1] - i / shape[1] == k;
    scalars.push_back({0, one, one ? 1.0 : 0.0});
  }
  call.set(0, Tensor(type, shape, scalars));
}

void onnx::addShapes(Table &table) {
  table["Reshape"] = convertReshape;
  table["Flatten"] = convertFlatten;
  table["Unsqueeze"] = convertUnsqueeze;
  table["Squeeze"] = convertSqueeze;
  table["Transpose"] = convertTranspose;
  table["Shape"] = convertShape;
  table["Size"] = convertSize;
  table["Identity"] = convertIdentity;
  table["Cast"] = convertCast;
  table["CastLike"] = convertCastLike;
  table["EyeLike"] = convertEyeLike;
}
