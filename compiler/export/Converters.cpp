//===- Converters.cpp - how ONNX says each op -----------------------------===//

#include "compiler/export/Converters.h"

using namespace cnnc::exporting;

const Table &cnnc::exporting::converters() {
  static const Table table = [] {
    Table all;
    addActivations(all);
    addArithmetic(all);
    addContractions(all);
    addFunctions(all);
    addGeneral(all);
    addImageNorms(all);
    addIndices(all);
    addNorms(all);
    addPools(all);
    addRearrangements(all);
    addResampling(all);
    addShapes(all);
    addTraining(all);
    return all;
  }();
  return table;
}
