//===- GraphReader.cpp - from the messages of a file to a graph -----------===//

#include "frontends/onnx/GraphReader.h"
#include "frontends/onnx/Messages.h"
#include "frontends/onnx/Order.h"
#include "frontends/onnx/Reader.h"
#include "llvm/Support/JSON.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::StringRef;
using ::onnx::AttributeProto;
using ::onnx::FunctionProto;
using ::onnx::ModelProto;
using ::onnx::NodeProto;

namespace {

constexpr size_t maxNodes = 100000, maxNesting = 32;
// Of all nodes together, after functions are inlined.
constexpr size_t maxNodeBytes = size_t(512) << 20;

/// What the names inside a function or a branch of an If stand for; the graph
/// itself is the outermost scope and changes nothing.
struct Scope {
  const Scope *outer = nullptr;
  const FunctionProto *function = nullptr;
  bool isBranch = false;                              // sees the values of the scopes around it
  llvm::StringMap<std::string> values;                // of the function's formal inputs and outputs, or what the branch makes
  llvm::StringMap<const AttributeProto *> attributes; // of the call, then the function's defaults
  llvm::StringMap<int64_t> versions;
  std::string suffix; // of values that the function has for itself
};

class GraphReader {
public:
  GraphReader(const ModelProto &model, File file, StringRef name, StringRef folder, DiagnosticSink &sink)
      : model(model), messages(std::move(file), folder), name(name), sink(sink) {}

  std::optional<Graph> run();

private:
  bool readVersions();
  /// Nothing after an error.
  std::optional<Tensor> readInitializer(const ::onnx::TensorProto &message);
  bool readConstants();
  bool readInputs();
  bool readNode(const NodeProto &message, Scope &scope);
  bool inlineFunction(const NodeProto &message, const FunctionProto &function, const Scope &scope);
  bool inlineBranches(const NodeProto &message, const Scope &scope);
  std::optional<std::vector<std::string>> inlineBranch(const ::onnx::GraphProto &branch, const Scope &scope,
                                                       Graph *body = nullptr);
  bool readBody(const NodeProto &message, const Scope &scope, Node &node);
  bool readAttributes(const NodeProto &message, const Scope &scope, Node &node);
  std::string resolve(StringRef value, const Scope &scope);
  bool isText(StringRef text);

  const ModelProto &model;
  MessageReader messages;
  StringRef name;
  DiagnosticSink &sink;
  Graph graph;
  Scope root;
  llvm::StringMap<const FunctionProto *> functions; // by functionKey
  std::vector<Guard> guards;                        // of the branch that is read
  size_t inlined = 0, nodeBytes = 0;
};

/// "" for ONNX's own domain, however it is spelled.
StringRef plainDomain(StringRef domain) { return domain == "ai.onnx" ? "" : domain; }

std::string functionKey(StringRef domain, StringRef name, StringRef overload) {
  return (plainDomain(domain) + "\n" + name + "\n" + overload).str();
}

template <typename Imports> void addVersions(const Imports &imports, llvm::StringMap<int64_t> &versions) {
  for (const auto &import : imports)
    versions[plainDomain(import.domain())] = import.version();
}

/// Names become strings of C and of JSON.
bool GraphReader::isText(StringRef text) {
  if (llvm::json::isUTF8(text) && !text.contains('\0'))
    return true;
  sink.error(name, "the name '" + llvm::json::fixUTF8(text.take_front(60)) + "' is no UTF-8 text")
      .help("the file is damaged: export the model again");
  return false;
}

bool GraphReader::readVersions() {
  if (model.ir_version() < 3 || model.ir_version() > ::onnx::IR_VERSION) {
    sink.error(name, "the file has version " + llvm::Twine(model.ir_version()) + " of ONNX's format; versions 3 to " +
                         llvm::Twine(int(::onnx::IR_VERSION)) + " are read")
        .help("export the model again, for another version");
    return false;
  }
  addVersions(model.opset_import(), root.versions);
  auto found = root.versions.find("");
  graph.version = found == root.versions.end() ? 0 : found->second;
  bool foreign = found == root.versions.end() && !root.versions.empty();
  if (!foreign && (graph.version < oldestOpset || graph.version > newestOpset)) {
    sink.error(name, "the model uses version " + llvm::Twine(graph.version) + " of ONNX's operators; versions " +
                         llvm::Twine(oldestOpset) + " to " + llvm::Twine(newestOpset) + " are supported")
        .help("export the model again with another opset_version");
    return false;
  }
  return true;
}

std::optional<Tensor> GraphReader::readInitializer(const ::onnx::TensorProto &message) {
  if (!isText(message.name()))
    return std::nullopt;
  std::string why;
  std::optional<Tensor> tensor = messages.tensor(message, why);
  if (!tensor)
    sink.error(name, "initializer '" + message.name() + "' " + why).help("export the model again, in float and with its weights");
  return tensor;
}

bool GraphReader::readConstants() {
  for (const auto &message : model.graph().initializer()) {
    std::optional<Tensor> tensor = readInitializer(message);
    if (tensor && !graph.constants.try_emplace(message.name(), std::move(*tensor)).second)
      sink.error(name, "two initializers are named '" + message.name() + "'").help("give one of them another name");
  }
  for (const auto &message : model.graph().sparse_initializer())
    sink.error(name, "initializer '" + message.values().name() + "' is sparse, which is not supported")
        .help("store it as a dense tensor");
  return !sink.hasErrors();
}

bool GraphReader::readInputs() {
  for (const auto &message : model.graph().input()) {
    // A constant that is listed as an input is the input's default.
    if (!isText(message.name()) || graph.constants.contains(message.name()))
      continue;
    Input input;
    input.name = message.name();
    input.doc = llvm::json::fixUTF8(message.doc_string());
    if (!message.type().has_tensor_type()) {
      sink.error(name, "input '" + input.name + "' is no tensor").help("only tensors are inputs of a network");
      continue;
    }
    const auto &type = message.type().tensor_type();
    input.type = static_cast<ElementType>(type.elem_type());
    input.hasShape = type.has_shape();
    for (const auto &dim : type.shape().dim())
      input.shape.push_back(
          {dim.dim_value() > 0 ? dim.dim_value() : -1, dim.dim_param()}); // some exporters write 0 for a size that is not known
    graph.inputs.push_back(std::move(input));
  }
  for (const auto &message : model.graph().output())
    if (isText(message.name()))
      graph.outputs.push_back(message.name());
  if (!sink.hasErrors() && graph.outputs.empty())
    sink.error(name, "the graph has no output").help("the file is not complete: export the model again");
  return !sink.hasErrors();
}

std::string GraphReader::resolve(StringRef value, const Scope &scope) {
  if (value.empty())
    return value.str();
  if (auto found = scope.values.find(value); found != scope.values.end())
    return found->second;
  return scope.isBranch ? resolve(value, *scope.outer) : (value + scope.suffix).str();
}

bool GraphReader::readAttributes(const NodeProto &message, const Scope &scope, Node &node) {
  for (const AttributeProto &written : message.attribute()) {
    const AttributeProto *meant = &written;
    if (!written.ref_attr_name().empty()) {
      meant = scope.attributes.lookup(written.ref_attr_name());
      if (!meant)
        continue; // the function's caller leaves it out
    }
    std::string why;
    std::optional<Attribute> attribute = messages.attribute(*meant, why);
    if (!attribute) {
      sink.error(name, node.str() + " has an attribute '" + written.name() + "' that " + why)
          .help("export the model again, in float");
      return false;
    }
    attribute->name = written.name();
    node.attributes.push_back(std::move(*attribute));
  }
  return true;
}

bool GraphReader::inlineFunction(const NodeProto &message, const FunctionProto &function, const Scope &outer) {
  size_t depth = 0;
  for (const Scope *scope = &outer; scope; scope = scope->outer, ++depth)
    if (scope->function == &function || depth > maxNesting) {
      sink.error(name, "function '" + function.name() + "' calls itself")
          .help("functions of a model are inlined, and cannot be recursive");
      return false;
    }
  // Each call copies what the function declares.
  nodeBytes += 64 * static_cast<size_t>(function.input_size() + function.output_size() + function.attribute_proto_size() +
                                        function.opset_import_size());
  Scope scope;
  scope.outer = &outer;
  scope.function = &function;
  scope.suffix = "#" + std::to_string(++inlined);
  addVersions(function.opset_import(), scope.versions);
  for (const AttributeProto &attribute : function.attribute_proto())
    scope.attributes[attribute.name()] = &attribute;
  for (const AttributeProto &attribute : message.attribute()) {
    const AttributeProto *meant =
        attribute.ref_attr_name().empty() ? &attribute : outer.attributes.lookup(attribute.ref_attr_name());
    if (meant)
      scope.attributes[attribute.name()] = meant;
  }
  for (int i = 0; i < function.input_size(); ++i)
    scope.values[function.input(i)] = i < message.input_size() ? resolve(message.input(i), outer) : "";
  for (int i = 0; i < function.output_size(); ++i)
    if (i < message.output_size() && !message.output(i).empty())
      scope.values[function.output(i)] = resolve(message.output(i), outer);
  for (const NodeProto &inner : function.node())
    if (!readNode(inner, scope))
      return false;
  return true;
}

/// The nodes of a branch, under names of their own; what its results are called, or nothing after an error. Of a body the
/// inputs are its own too.
std::optional<std::vector<std::string>> GraphReader::inlineBranch(const ::onnx::GraphProto &branch, const Scope &outer,
                                                                  Graph *body) {
  // Each branch copies what the function around it has been called with.
  nodeBytes += 64 * static_cast<size_t>(outer.attributes.size() + outer.versions.size());
  Scope scope;
  scope.outer = &outer;
  scope.isBranch = true;
  scope.function = outer.function;
  scope.attributes = outer.attributes;
  scope.versions = outer.versions;
  std::string suffix = "#" + std::to_string(++inlined);
  for (const auto &constant : branch.initializer()) {
    std::string own = constant.name() + suffix;
    std::optional<Tensor> tensor = readInitializer(constant);
    if (!tensor)
      return std::nullopt;
    scope.values[constant.name()] = own;
    graph.constants[own] = std::move(*tensor);
  }
  for (const auto &input : branch.input())
    if (body && isText(input.name())) {
      scope.values[input.name()] = input.name() + suffix;
      body->inputs.emplace_back().name = input.name() + suffix;
    }
  for (const NodeProto &inner : branch.node())
    for (const std::string &output : inner.output())
      if (!output.empty())
        scope.values[output] = output + suffix;
  for (const NodeProto &inner : branch.node())
    if (!readNode(inner, scope))
      return std::nullopt;
  std::vector<std::string> results;
  for (const auto &output : branch.output())
    results.push_back(resolve(output.name(), scope));
  return results;
}

bool GraphReader::inlineBranches(const NodeProto &message, const Scope &scope) {
  std::string condition = message.input_size() ? resolve(message.input(0), scope) : "";
  Node node;
  node.name = message.name(), node.op = message.op_type(), node.version = root.versions.lookup("");
  node.inputs = {condition};
  node.guards = guards;
  for (const std::string &output : message.output())
    node.outputs.push_back(resolve(output, scope));
  if (condition.empty()) {
    sink.error(name, node.str() + " has no condition").help("export the model again");
    return false;
  }
  for (StringRef which : {"then_branch", "else_branch"}) {
    auto branch = llvm::find_if(message.attribute(),
                                [&](const AttributeProto &attribute) { return attribute.name() == which && attribute.has_g(); });
    guards.push_back({condition, which == "then_branch"});
    std::optional<std::vector<std::string>> results;
    if (branch != message.attribute().end())
      results = inlineBranch(branch->g(), scope);
    else
      sink.error(name, node.str() + " has no " + which).help("export the model again");
    guards.pop_back();
    if (!results)
      return false;
    if (results->size() != node.outputs.size()) {
      sink.error(name, node.str() + " has " + llvm::Twine(node.outputs.size()) + " results, and its " + which + " " +
                           llvm::Twine(results->size()))
          .help("export the model again");
      return false;
    }
    llvm::append_range(node.inputs, *results);
  }
  graph.nodes.push_back(std::move(node));
  return true;
}

/// The body of a Loop or a Scan, in order, with what it reads of the values around it as further inputs.
bool GraphReader::readBody(const NodeProto &message, const Scope &scope, Node &node) {
  auto written = llvm::find_if(message.attribute(),
                               [](const AttributeProto &attribute) { return attribute.name() == "body" && attribute.has_g(); });
  if (written == message.attribute().end()) {
    sink.error(name, node.str() + " has no body").help("export the model again");
    return false;
  }
  auto body = std::make_shared<Graph>();
  std::vector<Node> outerNodes = std::exchange(graph.nodes, {});
  std::vector<Guard> outerGuards = std::exchange(guards, {});
  inlined += outerNodes.size();
  std::optional<std::vector<std::string>> results = inlineBranch(written->g(), scope, body.get());
  inlined -= outerNodes.size();
  body->nodes = std::exchange(graph.nodes, std::move(outerNodes));
  guards = std::move(outerGuards);
  if (!results)
    return false;
  inlined += body->nodes.size();
  body->outputs = std::move(*results);
  body->formals = body->inputs.size();
  addCaptures(*body);
  node.body = body;
  return orderNodes(*body, name, sink);
}

bool GraphReader::readNode(const NodeProto &message, Scope &scope) {
  nodeBytes += message.ByteSizeLong();
  if (graph.nodes.size() + inlined > maxNodes || nodeBytes > maxNodeBytes) {
    sink.error(name, "the model has more than " + llvm::Twine(maxNodes) + " nodes, or more than 512 MB of them")
        .help("split it into several models");
    return false;
  }
  StringRef domain = plainDomain(message.domain());
  if (const FunctionProto *function = functions.lookup(functionKey(domain, message.op_type(), message.overload())))
    return inlineFunction(message, *function, scope);
  if (domain.empty() && message.op_type() == "If")
    return inlineBranches(message, scope);
  Node node;
  node.guards = guards;
  node.name = message.name();
  node.op = message.op_type();
  node.domain = domain.str();
  // A function that imports nothing uses the model's operators.
  const llvm::StringMap<int64_t> &versions = scope.versions.contains(domain) ? scope.versions : root.versions;
  node.version = versions.lookup(domain);
  // PyTorch's newer exporter writes the rules that made a node.
  node.holdsNorm = llvm::any_of(message.metadata_props(),
                                [](const auto &entry) { return StringRef(entry.value()).contains("FuseBatchNorm"); });
  for (const std::string &input : message.input())
    node.inputs.push_back(resolve(input, scope));
  for (const std::string &output : message.output())
    node.outputs.push_back(resolve(output, scope));
  if (!isText(node.name) || !isText(node.op) || !llvm::all_of(node.inputs, [&](StringRef text) { return isText(text); }) ||
      !llvm::all_of(node.outputs, [&](StringRef text) { return isText(text); }) || !readAttributes(message, scope, node))
    return false;
  if (domain.empty() && (node.op == "Loop" || node.op == "Scan") && !readBody(message, scope, node))
    return false;
  graph.nodes.push_back(std::move(node));
  return true;
}

std::optional<Graph> GraphReader::run() {
  if (!isText(model.graph().name()) || !readVersions() || !readConstants() || !readInputs())
    return std::nullopt;
  graph.name = model.graph().name();
  graph.doc = llvm::json::fixUTF8(model.graph().doc_string());
  graph.producer = llvm::json::fixUTF8(model.producer_name());
  for (const FunctionProto &function : model.functions())
    functions[functionKey(function.domain(), function.name(), function.overload())] = &function;
  for (const NodeProto &node : model.graph().node())
    if (!readNode(node, root))
      return std::nullopt;
  if (!orderNodes(graph, name, sink))
    return std::nullopt;
  return std::move(graph);
}

} // namespace

std::optional<Graph> cnnc::onnx::readGraph(const ModelProto &model, File file, StringRef name, StringRef folder,
                                           DiagnosticSink &sink) {
  return GraphReader(model, std::move(file), name, folder, sink).run();
}
