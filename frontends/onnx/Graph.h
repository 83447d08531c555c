//===- Graph.h - an ONNX model, read and checked -----------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_GRAPH_H
#define CNNC_FRONTENDS_ONNX_GRAPH_H

#include "frontends/onnx/Tensor.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include <string>
#include <vector>

namespace cnnc::onnx {

struct Attribute {
  enum class Kind { Integer, Real, Text, Integers, Reals, Texts, Tensor, Other };
  std::string name;
  Kind kind = Kind::Other;
  std::vector<int64_t> integers; ///< one for Integer
  std::vector<double> reals;     ///< one for Real
  std::vector<std::string> texts;
  onnx::Tensor tensor;
};

/// A node of a branch of an If is at work where `condition` has that truth.
struct Guard {
  std::string condition;
  bool truth = true;
};

struct Graph;

/// An operator at work. Functions of the model are inlined, so that every node
/// is one of an operator set, and so are the branches of an If: its inputs are
/// the condition, the results of one branch, then those of the other.
struct Node {
  std::string name, op, domain;             ///< domain "" is ONNX's own
  int64_t version = 0;                      ///< of the operator set
  std::vector<std::string> inputs, outputs; ///< "" is one that is left out
  std::vector<Attribute> attributes;
  std::vector<Guard> guards;   ///< all of which hold
  std::shared_ptr<Graph> body; ///< of a Loop or a Scan; what it reads of the graph around it are its last inputs
  bool holdsNorm = false;      ///< the exporter says that it folded a batch norm into the node

  const Attribute *attribute(llvm::StringRef wanted) const {
    for (const Attribute &attribute : attributes)
      if (attribute.name == wanted)
        return &attribute;
    return nullptr;
  }
  /// What it reads, a body and the guards included.
  std::vector<llvm::StringRef> readNames() const;
  /// "node 'conv1' (Conv, version 13)"; one without a name shows its result. Without an operator "output 'y'".
  std::string str() const;
};

/// An input as the file declares it.
struct Input {
  struct Size {
    int64_t value = -1; ///< where `symbol` is empty and it is not negative
    std::string symbol; ///< such as "batch"
  };
  std::string name, doc;
  ElementType type = ElementType::Undefined;
  bool hasShape = false;
  std::vector<Size> shape;
};

/// Nodes are in topological order, names of values are unique, and every input
/// of a node is an input of the graph, a constant, or a result of an earlier node.
struct Graph {
  std::string name, doc, producer;
  int64_t version = 0;       ///< of ONNX's own operator set
  std::vector<Input> inputs; ///< those that are no constants
  size_t formals = 0;        ///< of a body: as many inputs are its own, and the others come from around it
  std::vector<std::string> outputs;
  std::vector<Node> nodes;
  llvm::StringMap<Tensor> constants; ///< initializers by name
};

/// Adds the values that a body reads and does not make to its inputs.
void addCaptures(Graph &body);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_GRAPH_H
