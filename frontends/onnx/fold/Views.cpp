//===- Views.cpp - constants in other shapes ------------------------------===//
//
// None of these moves an element, so that they work on weights of any size.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/convert/Slice.h"
#include "frontends/onnx/fold/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

static void setReshaped(Call &call, ArrayRef<int64_t> shape) {
  const Tensor &tensor = call.operand(0).constant;
  if (!call.checkedElements(shape))
    return;
  if (elementsOf(shape) != tensor.elements())
    call.refuse("turns " + text(tensor.shape()) + " into " + text(shape), "the number of elements stays the same");
  else
    call.set(0, tensor.reshaped(shape));
}

static void foldReshape(Call &call) {
  bool allowZero = call.flag("allowzero", false);
  if (!call.ready(2))
    return;
  std::optional<Shape> wanted = call.constantIntegers(1, "a shape");
  if (!wanted)
    return;
  Shape shape = call.shape(0);
  int64_t *free = nullptr, product = 1;
  for (size_t i = 0; i < wanted->size(); ++i) {
    int64_t &size = (*wanted)[i];
    if (size == 0 && !allowZero && i < shape.size())
      size = shape[i];
    if (size == -1 && !free)
      free = &size;
    else if (size < 0 || (size && product > (int64_t(1) << 40) / size))
      return call.refuse("has a size of " + llvm::Twine(size) + " in its shape", "one size may be -1");
    else
      product *= size;
  }
  if (free)
    *free = product ? call.operand(0).constant.elements() / product : 0;
  setReshaped(call, *wanted);
}

static void foldFlatten(Call &call) {
  int64_t given = call.integer("axis", 1);
  if (!call.ready())
    return;
  Shape shape = call.shape(0);
  int64_t rank = shape.size(), axis = given < 0 ? given + rank : given;
  if (axis < 0 || axis > rank)
    return call.refuse("flattens " + text(shape) + " at dimension " + llvm::Twine(given), "export the model again");
  setReshaped(call, {elementsOf(ArrayRef(shape).take_front(axis)), elementsOf(ArrayRef(shape).drop_front(axis))});
}

static void foldUnsqueeze(Call &call) {
  if (!call.ready())
    return;
  Shape shape = call.shape(0);
  size_t count = call.has(1) ? call.operand(1).constant.elements() : call.integers("axes").value_or(Shape()).size();
  std::optional<Shape> axes = call.axes(call.integers("axes"), shape.size() + std::min<size_t>(count, 8));
  if (!axes)
    return;
  for (int64_t axis : *axes)
    shape.insert(shape.begin() + std::min<size_t>(axis, shape.size()), 1);
  setReshaped(call, shape);
}

static void foldSqueeze(Call &call) {
  if (!call.ready())
    return;
  Shape shape = call.shape(0), result;
  std::optional<Shape> axes = call.axes(call.integers("axes"), shape.size());
  bool all = !call.has(1) && !call.node.attribute("axes");
  for (size_t i = 0; axes && i < shape.size(); ++i)
    if (!(all ? shape[i] == 1 : llvm::is_contained(*axes, static_cast<int64_t>(i))))
      result.push_back(shape[i]);
  if (axes)
    setReshaped(call, result);
}

static void foldTranspose(Call &call) {
  std::optional<Shape> attribute = call.integers("perm");
  if (!call.ready())
    return;
  Shape shape = call.shape(0), permutation = attribute.value_or(Shape()), sorted;
  for (size_t i = shape.size(); !attribute && i-- > 0;)
    permutation.push_back(i);
  sorted = permutation;
  llvm::sort(sorted);
  for (size_t i = 0; i < std::max(shape.size(), sorted.size()); ++i)
    if (shape.size() != sorted.size() || sorted[i] != static_cast<int64_t>(i))
      return call.refuse("has a perm " + text(permutation) + " for " + text(shape), "perm holds each dimension once");
  call.set(0, call.operand(0).constant.transposed(permutation));
}

static void foldExpand(Call &call) {
  if (!call.ready(2))
    return;
  // A constant in every example of the batch, such as a class token, is computed at run time.
  if (call.operand(1).constant.isSymbolic())
    return findConverter("", "Expand")(call);
  std::optional<Shape> wanted = call.constantIntegers(1, "a shape");
  std::optional<Shape> shape = wanted ? broadcastShape(call, {call.shape(0), *wanted}) : std::nullopt;
  const Tensor &tensor = call.operand(0).constant;
  bool isFree = tensor.isSplat() && !tensor.isSymbolic(); // takes no memory, whatever becomes of it
  if (shape && (isFree || elementsOf(*shape) == tensor.elements() || isSmall(call, elementsOf(*shape))))
    call.set(0, tensor.broadcast(*shape));
}

static void foldSlice(Call &call) {
  SliceAttributes attributes = readSlice(call);
  if (!call.ready())
    return;
  Tensor tensor = call.operand(0).constant;
  std::optional<SliceRange> range = sliceRange(call, attributes, tensor.shape());
  for (size_t i = 0; range && i < tensor.rank(); ++i)
    tensor = tensor.sliced(i, range->start[i], range->step[i], range->count[i]);
  if (range)
    call.set(0, tensor);
}

static void foldSplit(Call &call) {
  int64_t given = call.integer("axis", 0), parts = std::max<int64_t>(call.integer("num_outputs", call.node.outputs.size()), 1);
  std::optional<Shape> sizes = call.integers("split");
  if (!call.ready())
    return;
  const Tensor &tensor = call.operand(0).constant;
  std::optional<size_t> axis = call.axis(given, tensor.rank());
  if (axis && call.has(1))
    sizes = call.constantIntegers(1, "sizes of parts");
  if (!axis || call.failed())
    return;
  int64_t size = tensor.shape()[*axis], start = 0;
  for (size_t i = 0; i < call.results.size(); ++i) {
    int64_t each = sizes ? (i < sizes->size() ? (*sizes)[i] : -1) : std::min((size + parts - 1) / parts, size - start);
    if (each < 0 || each > size - start)
      return call.refuse("splits " + llvm::Twine(size) + " elements into more", "the sizes add up to that of the dimension");
    call.set(i, tensor.sliced(*axis, start, 1, each));
    start += each;
  }
}

void onnx::addViewFolders(Table &table) {
  table["Reshape"] = foldReshape;
  table["Flatten"] = foldFlatten;
  table["Unsqueeze"] = foldUnsqueeze;
  table["Squeeze"] = foldSqueeze;
  table["Transpose"] = foldTranspose;
  table["Expand"] = foldExpand;
  table["Slice"] = foldSlice;
  table["Split"] = foldSplit;
}
