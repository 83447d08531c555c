//===- Tables.cpp - the operators, by family ------------------------------===//

#include "frontends/onnx/convert/Tables.h"

using namespace cnnc::onnx;

Converter cnnc::onnx::findConverter(llvm::StringRef domain, llvm::StringRef op) {
  static const Table table = [] {
    Table all;
    addActivations(all);
    addArithmetic(all);
    addBroadcasts(all);
    addConvolutions(all);
    addDense(all);
    addElements(all);
    addImageNorms(all);
    addMoves(all);
    addNorms(all);
    addPads(all);
    addPools(all);
    addReductions(all);
    addResizes(all);
    addRowNorms(all);
    addShapes(all);
    addSlices(all);
    addTransposedConvolutions(all);
    return all;
  }();
  return domain.empty() ? table.lookup(op) : nullptr;
}
