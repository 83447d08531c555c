//===- Graph.cpp - what nodes read, and what they are called --------------===//

#include "frontends/onnx/Graph.h"
#include "llvm/ADT/StringSet.h"

using namespace cnnc::onnx;

std::vector<llvm::StringRef> Node::readNames() const {
  std::vector<llvm::StringRef> names(inputs.begin(), inputs.end());
  for (const Guard &guard : guards)
    names.push_back(guard.condition);
  for (size_t i = body ? body->formals : 0; body && i < body->inputs.size(); ++i)
    names.push_back(body->inputs[i].name);
  return names;
}

std::string Node::str() const {
  if (op.empty())
    return "output '" + name + "'";
  std::string title = name;
  for (size_t i = 0; title.empty() && i < outputs.size(); ++i)
    title = outputs[i];
  return "node '" + title + "' (" + (domain.empty() ? "" : domain + ".") + op + ", version " + std::to_string(version) + ")";
}

void cnnc::onnx::addCaptures(Graph &body) {
  llvm::StringSet<> known;
  for (const Input &input : body.inputs)
    known.insert(input.name);
  for (const Node &node : body.nodes)
    known.insert(node.outputs.begin(), node.outputs.end());
  auto capture = [&](llvm::StringRef value) {
    if (!value.empty() && known.insert(value).second)
      body.inputs.emplace_back().name = value.str();
  };
  for (const Node &node : body.nodes)
    for (llvm::StringRef value : node.readNames())
      capture(value);
  for (const std::string &output : body.outputs)
    capture(output);
}
