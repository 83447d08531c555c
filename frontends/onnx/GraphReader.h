//===- GraphReader.h - from the messages of a file to a graph ----*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_GRAPHREADER_H
#define CNNC_FRONTENDS_ONNX_GRAPHREADER_H

#include "frontends/Diagnostics.h"
#include "frontends/onnx/Files.h"
#include "frontends/onnx/Graph.h"
#include "frontends/onnx/onnx.pb.h"

namespace cnnc::onnx {

/// The graph of a model that was skimmed from `file` (Skim.h), called `name`; weights outside of it lie in `folder`.
/// Functions and branches are inlined. Nothing after an error.
std::optional<Graph> readGraph(const ::onnx::ModelProto &model, File file, llvm::StringRef name, llvm::StringRef folder,
                               DiagnosticSink &sink);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_GRAPHREADER_H
