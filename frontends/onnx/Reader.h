//===- Reader.h - from an ONNX file to a graph -------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_READER_H
#define CNNC_FRONTENDS_ONNX_READER_H

#include "frontends/Diagnostics.h"
#include "frontends/onnx/Files.h"
#include "frontends/onnx/Graph.h"
#include <optional>

namespace cnnc::onnx {

/// The operator sets of ONNX's own domain that are read.
constexpr int64_t oldestOpset = 1, newestOpset = 28;

/// Reads the model at `path`; nothing after errors, which are in `sink`.
std::optional<Graph> readModel(llvm::StringRef path, DiagnosticSink &sink);

/// The same for bytes in memory. `name` stands in diagnostics, external data
/// lie below `folder`.
std::optional<Graph> readModel(File file, llvm::StringRef name, llvm::StringRef folder, DiagnosticSink &sink);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_READER_H
