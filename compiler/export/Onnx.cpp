//===- Onnx.cpp - a model becomes an ONNX file ----------------------------===//

#include "compiler/export/Onnx.h"
#include "compiler/export/File.h"
#include "compiler/export/Graph.h"

using namespace cnnc;
using namespace cnnc::exporting;

static std::string textOf(mlir::ModuleOp module, llvm::StringRef attribute) {
  auto text = module->getAttrOfType<mlir::StringAttr>(attribute);
  return text ? text.str() : "";
}

static Weight weightOf(cnn::ParameterOp parameter, const std::string &name, const ParameterValues &values) {
  Weight weight;
  weight.header.set_name(name);
  weight.header.set_data_type(::onnx::TensorProto::FLOAT);
  if (std::optional<llvm::StringRef> doc = parameter.getDoc())
    weight.header.set_doc_string(doc->str());
  for (int64_t size : parameter.getTensorType().getShape())
    weight.header.add_dims(size);
  weight.bytes = parameter.getTensorType().getNumElements() * sizeof(float);
  weight.read = values.lookup(parameter.getSymName());
  return weight;
}

llvm::Error cnnc::writeOnnx(mlir::ModuleOp module, const ParameterValues &values, const OnnxOutput &output,
                            DiagnosticSink &sink) {
  auto forward = module.lookupSymbol<mlir::func::FuncOp>("forward");
  Graph graph(module, forward, sink);
  graph.build();
  if (sink.hasErrors())
    return llvm::createStringError("");
  ::onnx::ModelProto model;
  model.set_ir_version(formatVersion);
  model.set_producer_name("cnnc");
  model.set_producer_version(output.version);
  model.add_opset_import()->set_version(operatorSet);
  std::string name = textOf(module, "cnn.name"), doc = textOf(module, "cnn.doc");
  graph.message.set_name(name.empty() ? "model" : name);
  if (!doc.empty())
    graph.message.set_doc_string(doc);
  model.mutable_graph()->Swap(&graph.message);
  std::vector<Weight> weights;
  for (cnn::ParameterOp parameter : graph.parameters)
    weights.push_back(weightOf(parameter, graph.initializer(parameter), values));
  return writeModel(model, std::move(weights), output.path, output.externalData);
}
