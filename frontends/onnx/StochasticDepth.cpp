//===- StochasticDepth.cpp - whole examples that training leaves out ------===//

#include "frontends/onnx/StochasticDepth.h"
#include "llvm/ADT/StringSet.h"
#include <optional>

using namespace cnnc::onnx;
using llvm::StringRef;

namespace {
class Joiner {
public:
  explicit Joiner(Graph &graph) : graph(graph) {
    for (Node &node : graph.nodes) {
      for (const std::string &input : node.inputs)
        ++readers[input];
      for (const std::string &output : node.outputs)
        makers[output] = &node;
    }
    for (const std::string &output : graph.outputs)
      ++readers[output];
  }

  void run() {
    for (Node &node : graph.nodes)
      if (node.op == "Mul" && node.inputs.size() == 2 && !join(node, 1))
        join(node, 0);
    llvm::erase_if(graph.nodes, [&](const Node &node) { return joined.contains(node.outputs.empty() ? "" : node.outputs[0]); });
  }

private:
  bool join(Node &product, size_t mask);
  std::optional<double> number(StringRef name);

  /// The node that makes `name`, if it is an `op` and nothing else reads it.
  const Node *maker(StringRef name, StringRef op) {
    const Node *node = makers.lookup(name);
    return node && node->op == op && node->domain.empty() && !node->inputs.empty() && readers.lookup(name) == 1 ? node : nullptr;
  }

  Graph &graph;
  llvm::StringMap<const Node *> makers;
  llvm::StringMap<int> readers;
  llvm::StringSet<> joined; // first results of nodes that are now part of another
};
} // namespace

/// A constant of one real number.
std::optional<double> Joiner::number(StringRef name) {
  const Node *node = makers.lookup(name);
  auto initializer = graph.constants.find(name);
  const Attribute *value = node && node->op == "Constant" ? node->attribute("value") : nullptr;
  const Tensor *tensor = initializer != graph.constants.end()              ? &initializer->second
                         : value && value->kind == Attribute::Kind::Tensor ? &value->tensor
                                                                           : nullptr;
  if (!tensor || tensor->elements() != 1 || !isReal(tensor->type()))
    return std::nullopt;
  return tensor->at(0).real;
}

bool Joiner::join(Node &product, size_t mask) {
  auto operand = [](const Node *node, size_t i) {
    return node && i < node->inputs.size() ? StringRef(node->inputs[i]) : StringRef();
  };
  const Node *scaled = maker(product.inputs[mask], "Div");
  const Node *cast = scaled ? maker(operand(scaled, 0), "Cast") : nullptr;
  const Node *chosen = cast ? maker(operand(cast, 0), "Less") : nullptr;
  const Node *random = chosen ? maker(operand(chosen, 0), "RandomUniformLike") : nullptr;
  const Node *shape = random ? maker(operand(random, 0), "ConstantOfShape") : nullptr;
  std::optional<double> kept = shape ? number(operand(chosen, 1)) : std::nullopt,
                        divisor = kept ? number(operand(scaled, 1)) : std::nullopt;
  if (!divisor || *kept != *divisor || !(*kept > 0 && *kept <= 1))
    return false;
  auto bound = [&](StringRef name, double fallback) {
    const Attribute *attribute = random->attribute(name);
    return attribute && attribute->kind == Attribute::Kind::Real ? attribute->reals[0] : fallback;
  };
  if (bound("low", 0) != 0 || bound("high", 1) != 1)
    return false;
  for (const Node *part : {scaled, cast, chosen, random, shape})
    joined.insert(part->outputs[0]);
  product.op = "StochasticDepth";
  product.inputs = {product.inputs[1 - mask], shape->inputs[0]};
  Attribute ratio;
  ratio.name = "ratio";
  ratio.kind = Attribute::Kind::Real;
  ratio.reals = {1 - *kept};
  product.attributes = {ratio};
  return true;
}

void cnnc::onnx::joinStochasticDepth(Graph &graph) { Joiner(graph).run(); }
