//===- Reductions.cpp - constants over dimensions -------------------------===//

#include "frontends/onnx/fold/Tables.h"
#include <cmath>
#include <limits>

using namespace cnnc;
using namespace cnnc::onnx;

namespace {
enum class Kind { Sum, Mean, L1, L2, SumSquare, Prod, Max, Min, Log };
}

/// What is added up of an element; nothing where that is not known for every N.
static std::optional<Scalar> termOf(Kind kind, Scalar element) {
  if (kind != Kind::L1 && kind != Kind::L2 && kind != Kind::SumSquare)
    return element;
  if (element.batch)
    return std::nullopt;
  if (kind == Kind::L1)
    return Scalar{0, element.integer < 0 ? times(element.integer, -1) : element.integer, std::fabs(element.real)};
  return Scalar{0, times(element.integer, element.integer), element.real * element.real};
}

/// One more element; false where the result would not be a·N + b.
static bool accumulate(Kind kind, Scalar &total, Scalar next, bool first) {
  if (first) {
    total = next;
    return true;
  }
  switch (kind) {
  case Kind::Sum:
  case Kind::Mean:
  case Kind::L1:
  case Kind::L2:
  case Kind::SumSquare:
  case Kind::Log:
    total = {add(total.batch, next.batch), add(total.integer, next.integer), total.real + next.real};
    return true;
  case Kind::Prod:
    if (total.batch && next.batch)
      return false;
    if (next.batch)
      std::swap(total, next);
    if (total.batch && next.real != 0)
      return false;
    total = {times(total.batch, next.integer), times(total.integer, next.integer), total.real * next.real};
    return true;
  case Kind::Max:
  case Kind::Min: {
    if (total.batch || next.batch)
      return false;
    bool less = next.integer < total.integer || next.real < total.real;
    bool more = next.integer > total.integer || next.real > total.real;
    total = (kind == Kind::Max ? more : less) ? next : total;
    return true;
  }
  }
  return false;
}

template <Kind kind> static void foldReduce(Call &call) {
  std::optional<Shape> axes = call.integers("axes");
  bool keeps = call.flag("keepdims", true), noop = call.flag("noop_with_empty_axes", false);
  if (!call.ready())
    return;
  const Tensor &tensor = call.operand(0).constant;
  if (call.has(1)) {
    axes = call.constantIntegers(1, "axes");
    if (!axes)
      return;
  }
  if (noop && (!axes || axes->empty()))
    return call.set(0, tensor);
  if (!isSmall(call, tensor.elements()))
    return;
  llvm::SmallVector<bool> goes(tensor.rank(), !axes || axes->empty());
  for (int64_t one : axes.value_or(Shape())) {
    std::optional<size_t> axis = call.axis(one, tensor.rank());
    if (!axis)
      return;
    goes[*axis] = true;
  }
  Shape kept, result;
  for (size_t i = 0; i < tensor.rank(); ++i) {
    kept.push_back(goes[i] ? 1 : tensor.shape()[i]);
    if (!goes[i] || keeps)
      result.push_back(kept.back());
  }
  if (!isSmall(call, elementsOf(kept)))
    return;
  std::vector<Scalar> totals(elementsOf(kept));
  std::vector<int64_t> counts(totals.size());
  for (int64_t i = 0; i < tensor.elements(); ++i) {
    int64_t rest = i, place = 0, stride = 1;
    for (size_t d = tensor.rank(); d-- > 0; rest /= tensor.shape()[d]) {
      place += goes[d] ? 0 : rest % tensor.shape()[d] * stride;
      stride *= kept[d];
    }
    std::optional<Scalar> term = termOf(kind, tensor.at(i));
    if (!term || !accumulate(kind, totals[place], *term, counts[place]++ == 0))
      return call.refuse("computes with the size of the batch what only holds for some sizes",
                         "export the model for inputs of a fixed size");
  }
  for (size_t i = 0; i < totals.size(); ++i) {
    if (counts[i] == 0 && kind == Kind::Log)
      totals[i].real = -std::numeric_limits<double>::infinity();
    if (counts[i] == 0 && kind == Kind::Prod)
      totals[i] = {0, 1, 1};
    if (counts[i] == 0 && (kind == Kind::Max || kind == Kind::Min)) {
      // The least number of all, or the largest; of truth these are 0 and 1.
      constexpr double infinity = std::numeric_limits<double>::infinity();
      bool isTruth = tensor.type() == ElementType::Bool;
      totals[i] =
          kind == Kind::Max ? Scalar{0, isTruth ? 0 : INT64_MIN, -infinity} : Scalar{0, isTruth ? 1 : INT64_MAX, infinity};
    }
    if (kind == Kind::L2)
      totals[i] = {0, static_cast<int64_t>(std::sqrt(static_cast<double>(totals[i].integer))), std::sqrt(totals[i].real)};
    if (kind == Kind::Mean && counts[i])
      totals[i] = {totals[i].batch / counts[i], totals[i].integer / counts[i], totals[i].real / static_cast<double>(counts[i])};
  }
  call.set(0, Tensor(tensor.type(), result, totals));
}

/// Of no elements; those of others are computed at run time.
template <Kind kind> static void foldEmpty(Call &call) {
  if (call.operand(0).constant.elements() == 0)
    foldReduce<kind>(call);
  else
    findConverter("", call.node.op)(call);
}

void onnx::addReduceFolders(Table &table) {
  table["ReduceSum"] = foldReduce<Kind::Sum>;
  table["ReduceMean"] = foldReduce<Kind::Mean>;
  table["ReduceProd"] = foldReduce<Kind::Prod>;
  table["ReduceMax"] = foldReduce<Kind::Max>;
  table["ReduceMin"] = foldReduce<Kind::Min>;
  table["ReduceL1"] = foldReduce<Kind::L1>;
  table["ReduceL2"] = foldReduce<Kind::L2>;
  table["ReduceSumSquare"] = foldReduce<Kind::SumSquare>;
  table["ReduceLogSum"] = table["ReduceLogSumExp"] = foldEmpty<Kind::Log>;
}
