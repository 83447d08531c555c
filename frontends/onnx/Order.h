//===- Order.h - topological order of nodes ----------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_ORDER_H
#define CNNC_FRONTENDS_ONNX_ORDER_H

#include "frontends/Diagnostics.h"
#include "frontends/onnx/Graph.h"

namespace cnnc::onnx {

/// Brings the nodes into topological order, changing as little as possible, and
/// drops those that no output of the graph needs. False, and errors in `sink`,
/// where a value is defined twice, is defined nowhere, or depends on itself.
bool orderNodes(Graph &graph, llvm::StringRef file, DiagnosticSink &sink);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_ORDER_H
