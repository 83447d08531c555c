//===- Interface.h - inputs and outputs as the user wants them ---*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_INTERFACE_H
#define CNNC_FRONTENDS_ONNX_INTERFACE_H

#include "frontends/Diagnostics.h"
#include "frontends/onnx/Graph.h"
#include "llvm/ADT/StringSet.h"

namespace cnnc::onnx {

/// Makes inputs constants: each of `constants` is `input=file.npy`. False after errors.
bool applyConstants(Graph &graph, llvm::ArrayRef<std::string> constants, DiagnosticSink &sink);

/// Gives inputs their sizes: each of `shapes` is `input=N,3,320,480`. Adds those whose first size is a number to
/// `givenBatches`. False after errors.
bool applyShapes(Graph &graph, llvm::ArrayRef<std::string> shapes, llvm::StringSet<> &givenBatches, DiagnosticSink &sink);

/// Makes the values that `names` lists, separated by commas, the outputs of the graph, and drops the nodes and inputs
/// that these do not need. False after errors.
bool applyOutputs(Graph &graph, llvm::StringRef file, llvm::ArrayRef<std::string> names, DiagnosticSink &sink);

/// How to give the sizes that `input` leaves open: "--shape=x=N,3,224,224, with your size for 'height' and 'width'".
/// A size that has the name `batch` is 1 for one example at a time.
std::string shapeToGive(const Input &input, llvm::StringRef batch);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_INTERFACE_H
