//===- Training.cpp - what training makes of a file -----------------------===//

#include "frontends/onnx/Training.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::onnx;
using llvm::StringRef;

/// "'a', 'b', 'c', …".
static std::string someOf(llvm::ArrayRef<StringRef> names) {
  std::string text;
  for (StringRef name : names.take_front(3))
    text += (text.empty() ? "'" : ", '") + name.str() + "'";
  return text + (names.size() > 3 ? ", …" : "");
}

static bool isSet(const Node &node, StringRef name) {
  const onnx::Attribute *attribute = node.attribute(name);
  return attribute && attribute->kind == onnx::Attribute::Kind::Integer && attribute->integers[0];
}

/// An attribute since version 14; before, results beyond the first asked for it.
static bool normsInTraining(const Node &node) {
  return node.version >= 14 ? isSet(node, "training_mode") : node.outputs.size() > 1 && !node.outputs[1].empty();
}

bool onnx::isTrainingExport(const Graph &graph) {
  return llvm::any_of(graph.nodes, [](const Node &node) {
    return (node.op == "BatchNormalization" && normsInTraining(node)) ||
           (node.op == "Dropout" && node.inputs.size() > 2 && !node.inputs[2].empty());
  });
}

void onnx::dropStatistics(Graph &graph, StringRef file, DiagnosticSink &sink) {
  llvm::StringSet<> statistics;
  for (const Node &node : graph.nodes)
    if (node.op == "BatchNormalization")
      for (const std::string &output : llvm::drop_begin(node.outputs))
        statistics.insert(output);
  llvm::SmallVector<StringRef> dropped;
  for (StringRef output : graph.outputs)
    if (statistics.contains(output))
      dropped.push_back(output);
  if (dropped.empty() || dropped.size() == graph.outputs.size())
    return;
  sink.remark(file, counted(dropped.size(), "output") + " (" + someOf(dropped) +
                        ") are statistics of batch norms: the library keeps them as buffers, not as outputs");
  llvm::erase_if(graph.outputs, [&](StringRef output) { return statistics.contains(output); });
}

/// True where the exporter folded a batch norm into a convolution: PyTorch's
/// newer one says so, its older one calls the new bias onnx::Conv_123, and
/// tf2onnx lets it end in fused_bn.
static bool isFolded(const Node &node) {
  if (node.op != "Conv" || node.inputs.size() < 3)
    return false;
  StringRef bias = node.inputs[2];
  return node.holdsNorm || bias.starts_with("onnx::Conv_") || bias.ends_with("fused_bn");
}

static void remarkOnExport(const Graph &graph, size_t trainable, Conversion &conversion) {
  const std::string remedy = "; torch.onnx.export(…, training=TrainingMode.TRAINING, do_constant_folding=False, dynamo=False) "
                             "keeps batch norm and dropout as they train";
  size_t norms = llvm::count_if(graph.nodes, [](const Node &node) { return node.op == "BatchNormalization"; });
  auto folded = llvm::find_if(graph.nodes, isFolded);
  if (folded != graph.nodes.end())
    conversion.sink.remark(conversion.file, "this ONNX is an inference export: batch norm is folded (" +
                                                counted(llvm::count_if(graph.nodes, isFolded), "convolution") +
                                                " with the bias of a batch norm, such as '" + folded->inputs[2] + "'), " +
                                                counted(trainable, "trainable tensor") + remedy);
  else if (norms && !isTrainingExport(graph))
    conversion.sink.remark(conversion.file, "this ONNX is an inference export: " + counted(norms, "batch norm") +
                                                " in inference mode, trained by the statistics of each batch nevertheless, " +
                                                counted(trainable, "trainable tensor") + remedy);
}

void onnx::prepareTraining(const Graph &graph, Conversion &conversion) {
  llvm::StringSet<> computed;
  for (const Node &node : graph.nodes)
    for (StringRef output : node.outputs)
      computed.insert(output);
  llvm::SmallVector<cnn::ParameterOp> trainable, constants, own;
  for (cnn::ParameterOp parameter : conversion.module->getOps<cnn::ParameterOp>()) {
    std::string tensor = conversion.tensorOf(parameter);
    if (parameter.getKind() == cnn::ParameterKind::Weight)
      (graph.constants.contains(tensor) ? trainable : computed.contains(tensor) ? constants : own).push_back(parameter);
  }
  // A file without initializers has its weights in Constant nodes.
  if (trainable.empty())
    std::swap(trainable, constants);
  llvm::SmallVector<StringRef> frozen;
  for (cnn::ParameterOp parameter : constants)
    frozen.push_back(parameter.getSymName());
  for (cnn::ParameterOp parameter : llvm::concat<cnn::ParameterOp>(constants, own))
    parameter.setFrozen(true);
  // Operators whose further operands say what they do.
  static constexpr StringRef instructed[] = {"Clip", "Dropout", "Pad", "Resize", "Upsample"};
  llvm::SetVector<StringRef> folded;
  for (const Node &node : graph.nodes)
    for (StringRef input :
         llvm::ArrayRef(node.inputs).take_front(llvm::is_contained(instructed, node.op) ? 1 : node.inputs.size()))
      if (auto constant = graph.constants.find(input);
          constant != graph.constants.end() && isReal(constant->second.type()) && !conversion.isParameter(input))
        folded.insert(input);
  remarkOnExport(graph, trainable.size(), conversion);
  if (!frozen.empty())
    conversion.sink.remark(conversion.file,
                           counted(frozen.size(), "tensor") + " not trained, constant and no initializer: " + someOf(frozen));
  if (!folded.empty())
    conversion.sink.remark(conversion.file, counted(folded.size(), "initializer") +
                                                " not trained, part of what reads it: " + someOf(folded.getArrayRef()));
}

bool onnx::isLearned(const Call &call, const Graph &graph) {
  return call.conversion.trains && call.node.domain.empty() && llvm::any_of(llvm::seq(call.operands()), [&](size_t i) {
           if (!call.has(i))
             return false;
           const onnx::Value &value = call.operand(i);
           bool isWeight = isReal(call.type(i)) && (value.trained || value.constant.elements() > 1) &&
                           graph.constants.contains(value.constant.name);
           // A table is looked up in, as for relative positions; other views of weights are parameters themselves.
           bool isComputed = isArithmetic(call.node.op) || (call.node.op == "Gather" && i == 0);
           return value.isKnown || (isWeight && isComputed);
         });
}

void onnx::convertLearned(Call &call, Converter folder, Converter converter) {
  Call computed(call.conversion, call.node);
  if (!convertAsIs(computed, converter))
    return convertInSomeForm(call, folder);
  Call folded(call.conversion, call.node);
  bool isFolded = convertAsIs(folded, folder);
  call.results = std::move(computed.results);
  for (auto [result, before] : llvm::zip_equal(call.results, folded.results))
    if (isFolded && result.kind == onnx::Value::Kind::Runtime && before.kind == onnx::Value::Kind::Constant) {
      result.constant = std::move(before.constant);
      result.isKnown = true;
    }
}
