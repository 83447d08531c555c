//===- MovedShapes.cpp - other orders and parts of inner batches ----------===//

#include "frontends/onnx/Mover.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// The product of sizes that a file may give; -1 where one is not known or they are too large.
static int64_t productOf(ArrayRef<int64_t> sizes) {
  constexpr int64_t most = int64_t(1) << 40;
  int64_t product = 1;
  for (int64_t size : sizes) {
    if (size < 1 || size > most / product)
      return -1;
    product *= size;
  }
  return product;
}

bool Mover::transpose() {
  std::optional<Shape> order = integersOf(1, "perm");
  if (!order && !call.node.attribute("perm")) {
    order.emplace();
    for (size_t i = rank; i-- > 0;)
      order->push_back(i);
  }
  if (!order || order->size() != rank)
    return false;
  Shape places{0};
  if (hasParts())
    places.push_back(1);
  size_t inside = rank;
  for (auto [i, dimension] : llvm::enumerate(*order)) {
    if (dimension == static_cast<int64_t>(batch) && inside == rank) {
      inside = i;
      continue;
    }
    std::optional<int64_t> place = placeOf(dimension);
    if (!place || dimension < 0 || llvm::is_contained(places, *place))
      return false;
    places.push_back(*place);
  }
  setAttribute("perm", places, Attribute::Kind::Integers);
  setResults(inside);
  return inside < rank;
}

bool Mover::unsqueeze() {
  std::optional<Shape> axes = integersOf(1, "axes");
  if (!axes || rank + axes->size() > 8)
    return false;
  int64_t count = rank + axes->size();
  llvm::SmallVector<bool, 8> isNew(count);
  for (int64_t &axis : *axes) {
    axis = axis < 0 ? axis + count : axis;
    if (axis < 0 || axis >= count || isNew[axis])
      return false;
    isNew[axis] = true;
  }
  int64_t inside = 0;
  for (size_t left = batch; isNew[inside] || left > 0; ++inside)
    left -= !isNew[inside];
  for (int64_t &axis : *axes)
    axis += (axis < inside) + hasParts();
  setAxes(*axes, 1);
  setResults(inside);
  return true;
}

bool Mover::squeeze() {
  std::optional<Shape> axes = integersOf(1, "axes");
  std::optional<size_t> inside = axes ? removeAt(*axes) : std::nullopt;
  if (!inside)
    return false;
  setAxes(*axes, 1);
  setResults(*inside);
  return true;
}

bool Mover::gather() {
  std::optional<int64_t> axis = integerOf("axis", 0), place = axis ? placeOf(*axis) : axis;
  if (!place || !isAt(1))
    return false;
  setAttribute("axis", {*place}, Attribute::Kind::Integer);
  bool isBefore = *place <= static_cast<int64_t>(batch + hasParts());
  setResults(isBefore ? batch - 1 + call.operand(1).constant.rank() : batch);
  return true;
}

/// The whole batch may be taken.
bool Mover::slice() {
  bool isOld = call.node.version < 10;
  std::optional<Shape> starts = integersOf(1, "starts"), axes = integersOf(3, "axes");
  if (!starts || (!axes && (call.has(3) || call.node.attribute("axes"))))
    return false;
  if (!axes) {
    axes.emplace();
    for (size_t i = 0; i < starts->size(); ++i)
      axes->push_back(i);
  }
  int64_t count = rank, inside = batch;
  for (int64_t &axis : *axes)
    if (std::optional<int64_t> place = placeOf(axis))
      axis = *place;
    else if (!hasParts() && (axis == inside || axis + count == inside))
      axis = 0;
    else
      return false;
  if (isOld)
    setAttribute("axes", *axes, Attribute::Kind::Integers);
  else
    setOperand(3, Tensor::ofIntegers(*axes));
  setResults(batch);
  return true;
}

/// The sizes that are wanted, the batch `dynamic`, its parts in `found`: 0 where they are still open. Nothing where there
/// is no such shape.
std::optional<Shape> Mover::wantedSizes(int64_t &found) const {
  const Tensor &wanted = call.operand(1).constant;
  if (isReal(wanted.type()) || wanted.rank() != 1 || wanted.elements() > 8)
    return std::nullopt;
  Shape shape = call.shape(0), result;
  for (int64_t i = 0; i < wanted.elements(); ++i) {
    Scalar size = wanted.at(i);
    bool isCopy = size == Scalar() && i < static_cast<int64_t>(rank), isBatch = size.batch > 0 && size.integer == 0;
    if (!isCopy && !isBatch && (size.batch || size.integer == 0 || size.integer < -1))
      return std::nullopt;
    result.push_back(isCopy ? shape[i] : isBatch ? dynamic : size.integer);
    if (result.back() == dynamic)
      found = isCopy ? parts : size.batch;
  }
  if (llvm::count(result, dynamic) > 1 || llvm::count(result, -1) > 1)
    return std::nullopt;
  return result;
}

/// What stands before the batch stays before it, and what stands behind it behind; nothing before it, parts of examples
/// may be counted with it or no longer.
bool Mover::reshapeTo(Shape result, int64_t found) {
  Shape shape = call.shape(0);
  int64_t before = elementsOf(ArrayRef(shape).take_front(batch)),
          behind = elementsOf(ArrayRef(shape).drop_front(batch + 1)) * parts;
  // The batch itself may be the size that is left free, or the file's own number.
  for (size_t place = 0; !found && place < result.size(); ++place) {
    int64_t size = result[place], rest = productOf(ArrayRef(result).drop_front(place + 1));
    if (rest < 1 || behind % rest || productOf(ArrayRef(result).take_front(place)) != before)
      continue;
    int64_t number = call.conversion.fixedBatch;
    if (size == -1 || (number > 0 && size % number == 0 && size / number == behind / rest))
      found = behind / rest, result[place] = dynamic;
  }
  if (found < 1 || behind % found || (before > 1 && found != parts))
    return false;
  behind /= found;
  size_t inside = llvm::find(result, dynamic) - result.begin();
  for (auto [begin, end, elements] : {std::tuple(size_t(0), inside, before), std::tuple(inside + 1, result.size(), behind)}) {
    llvm::MutableArrayRef<int64_t> part = llvm::MutableArrayRef<int64_t>(result).slice(begin, end - begin);
    if (int64_t *open = llvm::find(part, -1); open != part.end()) {
      *open = 1;
      int64_t others = productOf(part);
      *open = others > 0 ? elements / others : 1;
    }
    if (productOf(part) != elements)
      return false;
  }
  std::vector<Scalar> sizes{{1, 0, 0}};
  if (found > 1)
    sizes.push_back({0, found, 0});
  for (size_t i = 0; i < result.size(); ++i)
    if (i != inside)
      sizes.push_back({0, result[i], 0});
  setOperand(1, Tensor(ElementType::I64, {static_cast<int64_t>(sizes.size())}, sizes));
  setResults(inside);
  moved.parts = found;
  return true;
}

bool Mover::reshape() {
  std::optional<int64_t> allowZero = integerOf("allowzero", 0);
  if (!isAt(1) || allowZero != 0)
    return false;
  int64_t found = 0;
  std::optional<Shape> result = wantedSizes(found);
  return result && reshapeTo(*result, found);
}

/// All before a dimension counts with the batch.
bool Mover::flatten() {
  Shape shape = call.shape(0);
  int64_t axis = integerOf("axis", 1).value_or(0), count = rank;
  axis += axis < 0 ? count : 0;
  if (batch != 0 || axis < 1 || axis > count)
    return false;
  ArrayRef<int64_t> joined = ArrayRef(shape).take_front(axis).drop_front();
  moved.node.op = "Reshape", moved.node.version = 13;
  moved.node.attributes.clear();
  return reshapeTo({dynamic, productOf(ArrayRef(shape).drop_front(axis))}, productOf(joined) * parts);
}
