//===- Order.cpp - topological order of nodes -----------------------------===//

#include "frontends/onnx/Order.h"
#include <functional>
#include <queue>

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::StringRef;

namespace {
class Orderer {
public:
  Orderer(Graph &graph, StringRef file, DiagnosticSink &sink) : graph(graph), file(file), sink(sink) {}

  bool run() { return define() && resolve() && sort(); }

private:
  bool define();
  bool resolve();
  bool sort();

  Graph &graph;
  StringRef file;
  DiagnosticSink &sink;
  static constexpr size_t none = ~size_t(0); // an input or a constant
  llvm::StringMap<size_t> makers;
};

/// Finds which node makes each value.
bool Orderer::define() {
  for (const Input &input : graph.inputs)
    if (!makers.try_emplace(input.name, none).second)
      sink.error(file, "two inputs are named '" + input.name + "'").help("give one of them another name");
  for (const auto &constant : graph.constants)
    makers.try_emplace(constant.first(), none);
  for (auto [i, node] : llvm::enumerate(graph.nodes))
    for (const std::string &output : node.outputs)
      if (!output.empty() && !makers.try_emplace(output, i).second)
        sink.error(file,
                   node.str() + " makes '" + output + "', which is an input, a constant or the result of another node already")
            .help("give each value a name of its own");
  return !sink.hasErrors();
}

bool Orderer::resolve() {
  for (const Node &node : graph.nodes)
    for (StringRef input : node.readNames())
      if (!input.empty() && !makers.contains(input))
        sink.error(file, node.str() + " reads '" + input + "', which is no input, no constant and no node's result")
            .help("the file is not complete: export the model again");
  for (const std::string &output : graph.outputs)
    if (!makers.contains(output))
      sink.error(file, "output '" + output + "' is the result of no node")
          .help("the file is not complete: export the model again");
  return !sink.hasErrors();
}

bool Orderer::sort() {
  size_t count = graph.nodes.size();
  // Backwards from the outputs: what is needed.
  std::vector<bool> needed(count);
  std::vector<size_t> pending;
  auto need = [&](StringRef value) {
    size_t maker = value.empty() ? none : makers.lookup(value);
    if (maker == none || needed[maker])
      return;
    needed[maker] = true;
    pending.push_back(maker);
  };
  for (const std::string &output : graph.outputs)
    need(output);
  while (!pending.empty()) {
    const Node &node = graph.nodes[pending.back()];
    pending.pop_back();
    for (StringRef input : node.readNames())
      need(input);
  }
  // Forwards: a node is ready after all that it reads; of the ready ones the first of the file goes first.
  std::vector<std::vector<size_t>> users(count);
  std::vector<size_t> missing(count);
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t i = 0; i < count; ++i) {
    if (!needed[i])
      continue;
    for (StringRef input : graph.nodes[i].readNames())
      if (size_t maker = input.empty() ? none : makers.lookup(input); maker != none) {
        users[maker].push_back(i);
        ++missing[i];
      }
    if (!missing[i])
      ready.push(i);
  }
  std::vector<Node> sorted;
  while (!ready.empty()) {
    size_t i = ready.top();
    ready.pop();
    needed[i] = false;
    for (size_t user : users[i])
      if (--missing[user] == 0)
        ready.push(user);
    sorted.push_back(std::move(graph.nodes[i]));
  }
  for (size_t i = 0; i < count; ++i)
    if (needed[i]) {
      sink.error(file, graph.nodes[i].str() + " depends on its own result")
          .help("the nodes form a cycle: export the model again");
      return false;
    }
  graph.nodes = std::move(sorted);
  return true;
}
} // namespace

bool cnnc::onnx::orderNodes(Graph &graph, StringRef file, DiagnosticSink &sink) { return Orderer(graph, file, sink).run(); }
