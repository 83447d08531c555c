//===- Select.cpp - parts of constants that their elements choose ---------===//

#include "frontends/onnx/fold/Tables.h"
#include <numeric>

using namespace cnnc;
using namespace cnnc::onnx;

/// Rows of a constant along a dimension, or its elements where there is none.
struct Rows {
  Tensor tensor;
  size_t axis = 0;

  int64_t count() const { return tensor.shape()[axis]; }
  int64_t inner() const { return elementsOf(tensor.shape().drop_front(axis + 1)); }
  int64_t length() const { return count() ? tensor.elements() / count() : 0; }
  Scalar at(int64_t row, int64_t i) const { return tensor.at((i / inner() * count() + row) * inner() + i % inner()); }
  /// Those rows, in that order.
  Tensor take(llvm::ArrayRef<int64_t> rows) const;
};

Tensor Rows::take(llvm::ArrayRef<int64_t> rows) const {
  Shape shape(tensor.shape());
  shape[axis] = static_cast<int64_t>(rows.size());
  std::vector<Scalar> scalars;
  for (int64_t outer = 0, e = elementsOf(tensor.shape().take_front(axis)); outer < e; ++outer)
    for (int64_t row : rows)
      for (int64_t i = 0; i < inner(); ++i)
        scalars.push_back(at(row, outer * inner() + i));
  return Tensor(tensor.type(), shape, scalars);
}

/// The rows that the node works on; nothing after an error.
static std::optional<Rows> rowsOf(Call &call) {
  const Attribute *given = call.node.attribute("axis");
  int64_t wanted = call.integer("axis", 0);
  if (!call.ready())
    return std::nullopt;
  const Tensor &tensor = call.operand(0).constant;
  if (!isSmall(call, tensor.elements()))
    return std::nullopt;
  if (tensor.isSymbolic() || tensor.elements() == 0) {
    call.refuse("chooses from " + text(tensor.shape()) + (tensor.elements() ? " what depends on the batch" : ""),
                "there is at least one element, which is known");
    return std::nullopt;
  }
  if (!given)
    return Rows{tensor.reshaped({tensor.elements()}), 0};
  std::optional<size_t> axis = call.axis(wanted, tensor.rank());
  return axis ? std::optional(Rows{tensor, *axis}) : std::nullopt;
}

static void foldCompress(Call &call) {
  if (!call.ready(2))
    return;
  std::optional<Rows> rows = rowsOf(call);
  if (!rows)
    return;
  const Tensor &condition = call.operand(1).constant;
  if (condition.rank() != 1 || isReal(condition.type()) || condition.elements() > rows->count())
    return call.refuse("chooses by " + text(condition.shape()) + " of " + llvm::Twine(rows->count()),
                       "there is one truth for each of the first");
  std::vector<int64_t> chosen;
  for (int64_t i = 0; i < condition.elements(); ++i)
    if (condition.at(i).integer)
      chosen.push_back(i);
  call.set(0, rows->take(chosen));
}

/// Each row once, where it is first, which row each is, and how many are alike.
static void foldUnique(Call &call) {
  bool isSorted = call.flag("sorted", true);
  std::optional<Rows> rows = rowsOf(call);
  if (!rows)
    return;
  int64_t count = rows->count(), length = rows->length();
  bool real = isReal(rows->tensor.type());
  auto compare = [&](int64_t a, int64_t b) {
    for (int64_t i = 0; i < length; ++i) {
      Scalar x = rows->at(a, i), y = rows->at(b, i);
      if (real ? x.real != y.real : x.integer != y.integer)
        return (real ? x.real < y.real : x.integer < y.integer) ? -1 : 1;
    }
    return 0;
  };
  std::vector<int64_t> order(count), firsts, places(count), counts;
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](int64_t a, int64_t b) {
    int before = compare(a, b);
    return before ? before < 0 : a < b;
  });
  for (int64_t i = 0; i < count; ++i) {
    if (i == 0 || compare(order[i - 1], order[i]) != 0)
      firsts.push_back(order[i]), counts.push_back(0);
    places[order[i]] = static_cast<int64_t>(firsts.size()) - 1;
    ++counts.back();
  }
  if (!isSorted) {
    std::vector<int64_t> byPlace(firsts.size()), rank(firsts.size()), inOrder, countsInOrder;
    std::iota(byPlace.begin(), byPlace.end(), 0);
    llvm::sort(byPlace, [&](int64_t a, int64_t b) { return firsts[a] < firsts[b]; });
    for (auto [i, place] : llvm::enumerate(byPlace)) {
      rank[place] = static_cast<int64_t>(i);
      inOrder.push_back(firsts[place]);
      countsInOrder.push_back(counts[place]);
    }
    for (int64_t &place : places)
      place = rank[place];
    firsts = inOrder, counts = countsInOrder;
  }
  call.set(0, rows->take(firsts));
  call.set(1, Tensor::ofIntegers(firsts));
  call.set(2, Tensor::ofIntegers(places));
  call.set(3, Tensor::ofIntegers(counts));
}

void onnx::addSelectFolders(Table &table) {
  table["Compress"] = foldCompress;
  table["Unique"] = foldUnique;
}
