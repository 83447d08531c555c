//===- Interface.cpp - inputs and outputs as the user wants them ----------===//

#include "frontends/onnx/Interface.h"
#include "frontends/onnx/Npy.h"
#include "frontends/onnx/Order.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::StringRef;

static std::string inputNames(const Graph &graph) {
  std::string names;
  for (const Input &input : graph.inputs)
    names += (names.empty() ? "the inputs are " : ", ") + input.name;
  return names;
}

bool onnx::applyConstants(Graph &graph, llvm::ArrayRef<std::string> constants, DiagnosticSink &sink) {
  for (StringRef given : constants) {
    auto [name, file] = given.rsplit('=');
    auto input = llvm::find_if(graph.inputs, [name = name](const Input &one) { return one.name == name; });
    if (input == graph.inputs.end()) {
      sink.error("--const=" + given.str(), "the model has no input '" + name + "'").help(inputNames(graph));
      continue;
    }
    std::string why;
    File bytes = openFile(file, why);
    std::optional<Tensor> tensor = bytes ? readNpy(bytes, why) : std::nullopt;
    if (!tensor) {
      sink.error("--const=" + given.str(), "the value of '" + name + "' cannot be read: '" + file + "' " + why)
          .help("save it with numpy.save");
      continue;
    }
    tensor->name = name.str();
    graph.constants[name] = *tensor;
    graph.inputs.erase(input);
  }
  return !sink.hasErrors();
}

bool onnx::applyShapes(Graph &graph, llvm::ArrayRef<std::string> shapes, llvm::StringSet<> &givenBatches, DiagnosticSink &sink) {
  for (StringRef given : shapes) {
    auto [name, list] = given.rsplit('=');
    auto input = llvm::find_if(graph.inputs, [name = name](const Input &one) { return one.name == name; });
    if (input == graph.inputs.end()) {
      sink.error("--shape=" + given.str(), "the model has no input '" + name + "'").help(inputNames(graph));
      continue;
    }
    llvm::SmallVector<StringRef> sizes;
    list.split(sizes, ',');
    if (input->hasShape && sizes.size() != input->shape.size()) {
      sink.error("--shape=" + given.str(), "input '" + name + "' has " + llvm::Twine(input->shape.size()) + " dimensions, and " +
                                               llvm::Twine(sizes.size()) + " sizes are given")
          .help("write one size for each, N for the batch");
      continue;
    }
    input->shape.resize(sizes.size());
    input->hasShape = true;
    for (auto [size, meant] : llvm::zip(sizes, input->shape)) {
      int64_t value = -1;
      if (size != "N" && (size.getAsInteger(10, value) || value < 0)) {
        sink.error("--shape=" + given.str(), "'" + size + "' is no size").help("sizes are numbers, and N for the batch");
        break;
      }
      // A size that the file fixes can be named, but not changed.
      if (meant.symbol.empty() && meant.value > 0 && value >= 0 && meant.value != value) {
        sink.error("--shape=" + given.str(),
                   "input '" + name + "' has a fixed size of " + llvm::Twine(meant.value) + ", not " + llvm::Twine(value))
            .help("export the model with symbolic sizes");
        break;
      }
      if (value >= 0 && &meant == &input->shape[0])
        givenBatches.insert(input->name);
      meant.value = value;
      meant.symbol = size == "N" ? "N" : "";
    }
  }
  return !sink.hasErrors();
}

bool onnx::applyOutputs(Graph &graph, StringRef file, llvm::ArrayRef<std::string> names, DiagnosticSink &sink) {
  if (names.empty())
    return true;
  llvm::StringSet<> made;
  for (const Node &node : graph.nodes)
    made.insert(node.outputs.begin(), node.outputs.end());
  std::vector<std::string> wanted;
  for (StringRef list : names) {
    llvm::SmallVector<StringRef> parts{list};
    if (!made.contains(list)) // a name may have commas
      parts.clear(), list.split(parts, ',');
    for (StringRef name : parts)
      if (name.empty() || !made.contains(name))
        sink.error("--outputs=" + list.str(), "no node that the model's outputs need makes '" + name + "'")
            .help("name results of nodes, as the file spells them");
      else if (!llvm::is_contained(wanted, name))
        wanted.push_back(name.str());
  }
  if (sink.hasErrors())
    return false;
  graph.outputs = std::move(wanted);
  if (!orderNodes(graph, file, sink))
    return false;
  llvm::StringSet<> read;
  for (const Node &node : graph.nodes)
    for (StringRef name : node.readNames())
      read.insert(name);
  llvm::erase_if(graph.inputs, [&](const Input &input) { return !read.contains(input.name); });
  return true;
}

/// A size to show where the file has none: images are 224 wide, as in ImageNet.
static constexpr StringRef exampleSize = "224";

std::string onnx::shapeToGive(const Input &input, StringRef batch) {
  if (!input.hasShape)
    return "--shape=" + input.name + "=N,3,224,224, with one size for each dimension";
  std::string sizes, open;
  for (auto [i, size] : llvm::enumerate(input.shape)) {
    bool isOpen = !size.symbol.empty() || size.value < 0, isNamed = !size.symbol.empty();
    bool isBatch = isOpen && i > 0 && isNamed && (size.symbol == batch || size.symbol == "N");
    // The states of recurrent networks are [layers, batch, features].
    bool isState = input.shape.size() == 3 && i == 1 && input.shape[0].symbol.empty() && input.shape[0].value > 0;
    sizes += (i ? "," : "") + (!isOpen              ? std::to_string(size.value)
                               : i == 0             ? "N"
                               : isBatch || isState ? "1"
                                                    : exampleSize.str());
    if (isOpen && i > 0 && !isBatch)
      open += (open.empty() ? "" : " and ") +
              (size.symbol.empty() || size.symbol == "?" ? "dimension " + std::to_string(i) : "'" + size.symbol + "'");
  }
  return "--shape=" + input.name + "=" + sizes + (open.empty() ? "" : ", with your size for " + open);
}
