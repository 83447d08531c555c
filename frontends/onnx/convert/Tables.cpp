//===- Tables.cpp - the operators, by family ------------------------------===//

#include "frontends/onnx/convert/Tables.h"

using namespace cnnc::onnx;

Converter cnnc::onnx::findConverter(llvm::StringRef domain, llvm::StringRef op) {
  static const Table table = [] {
    Table all;
    addActivations(all);
    addArithmetic(all);
    addAttention(all);
    addBranches(all);
    addBroadcasts(all);
    addComparisons(all);
    addConvolutions(all);
    addDense(all);
    addEinsum(all);
    addElements(all);
    addImageNorms(all);
    addIndices(all);
    addLosses(all);
    addMoves(all);
    addNorms(all);
    addPads(all);
    addPools(all);
    addQuantized(all);
    addRecurrent(all);
    addReductions(all);
    addRegions(all);
    addResizes(all);
    addRowNorms(all);
    addShapes(all);
    addSignals(all);
    addSlices(all);
    addSpatial(all);
    addSumNorms(all);
    addTransposedConvolutions(all);
    return all;
  }();
  return domain.empty() ? table.lookup(op) : nullptr;
}
