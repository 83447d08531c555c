//===- Tables.h - the operators, by family -----------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERT_TABLES_H
#define CNNC_FRONTENDS_ONNX_CONVERT_TABLES_H

#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

void addActivations(Table &table);
void addArithmetic(Table &table);
void addAttention(Table &table);
void addBranches(Table &table);
void addBroadcasts(Table &table);
void addComparisons(Table &table);
void addConvolutions(Table &table);
void addDense(Table &table);
void addEinsum(Table &table);
void addElements(Table &table);
void addImageNorms(Table &table);
void addIndices(Table &table);
void addLosses(Table &table);
void addMoves(Table &table);
void addNorms(Table &table);
void addPads(Table &table);
void addPools(Table &table);
void addQuantized(Table &table);
void addRecurrent(Table &table);
void addReductions(Table &table);
void addRegions(Table &table);
void addResizes(Table &table);
void addRowNorms(Table &table);
void addShapes(Table &table);
void addSignals(Table &table);
void addSlices(Table &table);
void addSpatial(Table &table);
void addSumNorms(Table &table);
void addTransposedConvolutions(Table &table);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERT_TABLES_H
