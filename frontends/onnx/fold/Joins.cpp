//===- Joins.cpp - constants put together ---------------------------------===//

#include "frontends/onnx/fold/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// The product of the sizes before and behind an axis.
static std::pair<int64_t, int64_t> around(ArrayRef<int64_t> shape, size_t axis) {
  return {elementsOf(shape.take_front(axis)), elementsOf(shape.drop_front(axis + 1))};
}

static void foldConcat(Call &call) {
  int64_t given = call.integer("axis", 0);
  if (!call.ready())
    return;
  Shape result = call.shape(0);
  std::optional<size_t> axis = call.axis(given, result.size());
  if (!axis)
    return;
  for (size_t i = 1; i < call.operands(); ++i) {
    Shape next = call.shape(i);
    for (size_t d = 0; d < std::max(next.size(), result.size()); ++d)
      if (next.size() != result.size() || (d != *axis && next[d] != result[d]))
        return call.refuse("joins " + text(result) + " and " + text(next) + " along dimension " + llvm::Twine(*axis),
                           "all other sizes are equal");
    result[*axis] += next[*axis];
    if (!call.checkedElements(result))
      return;
  }
  if (!isSmall(call, elementsOf(result)))
    return;
  auto [outer, inner] = around(result, *axis);
  std::vector<Scalar> scalars;
  for (int64_t o = 0; o < outer && elementsOf(result) != 0; ++o)
    for (size_t i = 0; i < call.operands(); ++i) {
      const Tensor &tensor = call.operand(i).constant;
      int64_t chunk = tensor.shape()[*axis] * inner;
      for (int64_t k = 0; k < chunk; ++k)
        scalars.push_back(tensor.at(o * chunk + k));
    }
  call.set(0, Tensor(call.operand(0).constant.type(), result, scalars));
}

static void foldGather(Call &call) {
  int64_t given = call.integer("axis", 0);
  if (!call.ready(2))
    return;
  const Tensor &tensor = call.operand(0).constant, &indices = call.operand(1).constant;
  std::optional<size_t> axis = call.axis(given, tensor.rank());
  if (!axis)
    return;
  int64_t size = tensor.shape()[*axis];
  Shape result(tensor.shape().take_front(*axis));
  result.append(indices.shape().begin(), indices.shape().end());
  result.append(tensor.shape().begin() + *axis + 1, tensor.shape().end());
  if (!call.checkedElements(result) || !isSmall(call, elementsOf(result)))
    return;
  auto [outer, inner] = around(tensor.shape(), *axis);
  std::vector<Scalar> scalars;
  for (int64_t o = 0; o < outer && elementsOf(result) != 0; ++o)
    for (int64_t i = 0; i < indices.elements(); ++i) {
      Scalar index = indices.at(i);
      int64_t place = index.integer < 0 ? index.integer + size : index.integer;
      if (isReal(indices.type()) || index.batch || place < 0 || place >= size)
        return call.refuse("takes element " + llvm::Twine(index.integer) + " of " + llvm::Twine(size), "export the model again");
      for (int64_t k = 0; k < inner; ++k)
        scalars.push_back(tensor.at((o * size + place) * inner + k));
    }
  call.set(0, Tensor(tensor.type(), result, scalars));
}

static void foldTile(Call &call) {
  if (!call.ready(2))
    return;
  const Tensor &tensor = call.operand(0).constant, &counts = call.operand(1).constant;
  std::optional<size_t> axis =
      isReal(tensor.type()) && counts.elements() == static_cast<int64_t>(tensor.rank()) ? batchIn(counts) : std::nullopt;
  bool isOnce = axis && tensor.shape()[*axis] == 1;
  for (size_t i = 0; isOnce && i < tensor.rank(); ++i)
    isOnce = i == *axis || counts.at(i).integer == 1;
  if (isOnce)
    return repeatForBatch(call, tensor, *axis, tensor.shape());
  std::optional<Shape> repeats = call.constantIntegers(1, "repeats");
  if (!repeats)
    return;
  Shape result(tensor.shape());
  for (size_t i = 0; i < result.size(); ++i) {
    if (repeats->size() != result.size() || (*repeats)[i] < 0 || (*repeats)[i] > maxFolded)
      return call.refuse("repeats " + text(tensor.shape()) + " by " + text(*repeats), "there is one number for each dimension");
    result[i] *= (*repeats)[i];
  }
  if (!call.checkedElements(result) || !isSmall(call, elementsOf(result)))
    return;
  std::vector<Scalar> scalars;
  for (int64_t i = 0, e = elementsOf(result); i < e; ++i) {
    int64_t rest = i, place = 0, stride = 1;
    for (size_t d = result.size(); d-- > 0; rest /= result[d]) {
      place += rest % result[d] % tensor.shape()[d] * stride;
      stride *= tensor.shape()[d];
    }
    scalars.push_back(tensor.at(place));
  }
  call.set(0, Tensor(tensor.type(), result, scalars));
}

void onnx::addJoinFolders(Table &table) {
  table["Concat"] = foldConcat;
  table["Gather"] = foldGather;
  table["Tile"] = foldTile;
}
