//===- Tables.cpp - constant operators, by family -------------------------===//

#include "frontends/onnx/fold/Tables.h"
#include "frontends/onnx/convert/Broadcast.h"

using namespace cnnc::onnx;

Converter cnnc::onnx::findFolder(llvm::StringRef domain, llvm::StringRef op) {
  static const Table table = [] {
    Table all;
    addConstants(all);
    addElementFolders(all);
    addFills(all);
    addJoinFolders(all);
    addNormFolders(all);
    addReduceFolders(all);
    addViewFolders(all);
    return all;
  }();
  return domain.empty() ? table.lookup(op) : nullptr;
}

bool cnnc::onnx::isSmall(Call &call, int64_t elements) {
  int64_t &rest = call.conversion.foldable;
  if (elements <= maxFolded)
    return true;
  if (elements > rest) {
    call.refuse("computes a constant of " + llvm::Twine(elements) + " elements", "compute it where the model is made: up to 2^20 are folded, and " + llvm::Twine(foldsPerElement) + " times what the file has");
    return false;
  }
  rest -= elements;
  return true;
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
