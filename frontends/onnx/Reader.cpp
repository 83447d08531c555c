//===- Reader.cpp - from an ONNX file to a graph --------------------------===//

#include "frontends/onnx/Reader.h"
#include "frontends/onnx/GraphReader.h"
#include "frontends/onnx/Skim.h"
#include "llvm/Support/Path.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::StringRef;

static constexpr int64_t maxFileBytes = int64_t(2) << 30;

std::optional<Graph> cnnc::onnx::readModel(File file, StringRef name, StringRef folder, DiagnosticSink &sink) {
  auto damaged = [&](const llvm::Twine &why) {
    sink.error(name, why).help("export or download the model again");
    return std::nullopt;
  };
  if (file->getBufferSize() > maxFileBytes)
    return damaged("the file has more than 2 GB, the most of an ONNX file; larger weights are external data");
  std::string why;
  std::optional<std::string> rest = skim(file->getBuffer(), why);
  if (!rest)
    return damaged(why);
  ::onnx::ModelProto model;
  if (!model.ParseFromString(*rest))
    return damaged("the file is damaged or no ONNX file");
  rest.reset();
  if (!model.has_graph())
    return damaged("the file has no graph");
  return readGraph(model, std::move(file), name, folder, sink);
}

std::optional<Graph> cnnc::onnx::readModel(StringRef path, DiagnosticSink &sink) {
  std::string why;
  if (File file = openFile(path, why))
    return readModel(std::move(file), path, llvm::sys::path::parent_path(path), sink);
  sink.error(path, "cannot be read: " + why).help("name an ONNX file");
  return std::nullopt;
}
