//===- Tables.cpp - constant operators, by family -------------------------===//

#include "frontends/onnx/fold/Tables.h"
#include "frontends/onnx/convert/Compose.h"

using namespace cnnc::onnx;

Converter cnnc::onnx::findFolder(llvm::StringRef domain, llvm::StringRef op) {
  static const Table table = [] {
    Table all;
    addBitFolders(all);
    addConstants(all);
    addElementFolders(all);
    addFills(all);
    addJoinFolders(all);
    addNormFolders(all);
    addQuantizedFolders(all);
    addReduceFolders(all);
    addSelectFolders(all);
    addViewFolders(all);
    return all;
  }();
  return domain.empty() ? table.lookup(op) : nullptr;
}

bool cnnc::onnx::isArithmetic(llvm::StringRef op) {
  static const Table table = [] {
    Table some;
    addElementFolders(some);
    addReduceFolders(some);
    addNormFolders(some);
    some.erase("Cast");
    some.erase("CastLike");
    return some;
  }();
  return table.contains(op);
}

bool cnnc::onnx::isSmall(Call &call, int64_t elements) {
  int64_t &rest = call.conversion.foldable;
  if (elements <= maxFolded)
    return true;
  if (elements > rest) {
    call.refuse("computes a constant of " + llvm::Twine(elements) + " elements",
                "compute it where the model is made: up to 2^20 are folded, and " + llvm::Twine(foldsPerElement) +
                    " times what the file has");
    return false;
  }
  rest -= elements;
  return true;
}

std::optional<size_t> cnnc::onnx::batchIn(const Tensor &sizes) {
  std::optional<size_t> place;
  if (isReal(sizes.type()) || sizes.rank() != 1 || sizes.elements() > 8)
    return place;
  for (int64_t i = 0; i < sizes.elements(); ++i) {
    Scalar size = sizes.at(i);
    if (size.batch && (place || size != Scalar{1, 0, 0}))
      return std::nullopt;
    if (size.batch)
      place = i;
  }
  return place;
}

void cnnc::onnx::repeatForBatch(Call &call, const Tensor &one, size_t axis, llvm::ArrayRef<int64_t> repeats) {
  Shape front(one.shape()), whole(repeats);
  for (Shape *shape : {&front, &whole})
    shape->erase(shape->begin() + axis);
  front.insert(front.begin(), 1);
  whole.insert(whole.begin(), dynamic);
  Compose compose(call);
  call.set(0, compose.repeat(compose.constant(one.reshaped(front)), whole), one.type());
  call.results[0].batchAxis = call.results[0].runtime ? axis : 0;
}

std::optional<Shape> cnnc::onnx::broadcastShape(Call &call, llvm::ArrayRef<Shape> shapes) {
  Shape result;
  for (const Shape &shape : shapes) {
    std::optional<Shape> both = broadcast(result, shape);
    if (!both) {
      call.refuse("combines " + text(shapes[0]) + " and " + text(shape) + ", which do not broadcast", "export the model again");
      return std::nullopt;
    }
    result = *both;
  }
  if (!call.checkedElements(result))
    return std::nullopt;
  return result;
}
