//===- Training.h - what training makes of a file ----------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_TRAINING_H
#define CNNC_FRONTENDS_ONNX_TRAINING_H

#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// True where batch norm or dropout is in training mode. All initializers of
/// real numbers are parameters then, those of one element too; elsewhere
/// exporters keep the constants of nodes among them.
bool isTrainingExport(const Graph &graph);

/// Takes the statistics of batch norms off the graph's outputs, and says so:
/// they are buffers of the library.
void dropStatistics(Graph &graph, llvm::StringRef file, DiagnosticSink &sink);

/// Freezes the parameters of a converted graph that are no initializers, such
/// as the results of Constant nodes, unless all are. Remarks say what is not
/// trained, and that the file is an inference export where its batch norms are
/// folded or switched to inference.
void prepareTraining(const Graph &graph, Conversion &conversion);

/// True where training has to compute a constant again: it is made of initializers, which change.
bool isLearned(const Call &call, const Graph &graph);

/// Converts a node on constants to what computes its results, and what they are before training.
void convertLearned(Call &call, Converter folder, Converter converter);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_TRAINING_H
