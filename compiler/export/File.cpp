//===- File.cpp - ONNX files, with weights as they are read ---------------===//

#include "compiler/export/File.h"
#include "compiler/link/Link.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace cnnc;
using namespace cnnc::exporting;

/// Small weights stay in the model even where others lie beside it.
static constexpr uint64_t leastExternal = 1024;
static constexpr uint64_t alignment = 64;

/// The bytes that lead a field of protocol buffers whose content has a length.
static std::string fieldHead(unsigned field, uint64_t length) {
  std::string head;
  raw_string_ostream stream(head);
  encodeULEB128(field << 3 | 2, stream);
  encodeULEB128(length, stream);
  return head;
}

static void writeElements(raw_ostream &stream, const Weight &weight) {
  std::vector<float> chunk(1 << 16);
  int64_t elements = weight.bytes / sizeof(float);
  for (int64_t first = 0; first < elements; first += chunk.size()) {
    MutableArrayRef<float> part = MutableArrayRef(chunk).take_front(std::min<int64_t>(chunk.size(), elements - first));
    weight.read(first, part);
    stream.write(reinterpret_cast<const char *>(part.data()), part.size() * sizeof(float));
  }
}

/// A message is the concatenation of its parts: the graph's, then the weights.
namespace {
struct Pieces {
  std::string model, graph;
  std::vector<std::string> weights; // everything of an initializer up to its elements
  uint64_t graphBytes = 0, bytes = 0;
};
} // namespace

static Pieces piecesOf(const ::onnx::ModelProto &model, ArrayRef<Weight> weights) {
  Pieces pieces;
  ::onnx::ModelProto outer = model;
  outer.clear_graph();
  pieces.model = outer.SerializeAsString();
  pieces.graph = model.graph().SerializeAsString();
  pieces.graphBytes = pieces.graph.size();
  for (const Weight &weight : weights) {
    std::string content = weight.header.SerializeAsString() + fieldHead(::onnx::TensorProto::kRawDataFieldNumber, weight.bytes);
    std::string head = fieldHead(::onnx::GraphProto::kInitializerFieldNumber, content.size() + weight.bytes) + content;
    pieces.graphBytes += head.size() + weight.bytes;
    pieces.weights.push_back(std::move(head));
  }
  pieces.model += fieldHead(::onnx::ModelProto::kGraphFieldNumber, pieces.graphBytes);
  pieces.bytes = pieces.model.size() + pieces.graphBytes;
  return pieces;
}

/// Moves the large weights to a file beside the model; what remains of them in
/// the graph says where.
static Error writeBeside(::onnx::GraphProto &graph, std::vector<Weight> &weights, StringRef path) {
  std::string data = (path + ".data").str();
  std::vector<Weight> inside, outside;
  for (Weight &weight : weights)
    (weight.bytes >= leastExternal ? outside : inside).push_back(std::move(weight));
  weights = std::move(inside);
  if (outside.empty())
    return Error::success();
  uint64_t offset = 0;
  std::vector<uint64_t> offsets;
  for (const Weight &weight : outside) {
    offsets.push_back(offset);
    ::onnx::TensorProto &tensor = *graph.add_initializer();
    tensor = weight.header;
    tensor.set_data_location(::onnx::TensorProto::EXTERNAL);
    auto add = [&](const char *key, const std::string &value) {
      ::onnx::StringStringEntryProto &entry = *tensor.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    };
    add("location", sys::path::filename(data).str());
    add("offset", std::to_string(offset));
    add("length", std::to_string(weight.bytes));
    offset = alignTo(offset + weight.bytes, alignment);
  }
  return writeFile(data, [&](raw_ostream &stream) {
    uint64_t at = 0;
    for (auto [weight, offset] : zip_equal(outside, offsets)) {
      stream.write_zeros(offset - at);
      writeElements(stream, weight);
      at = offset + weight.bytes;
    }
  });
}

Error exporting::writeModel(::onnx::ModelProto &model, std::vector<Weight> weights, StringRef path, bool external) {
  external |= piecesOf(model, weights).bytes > mostBytes;
  if (external)
    if (Error error = writeBeside(*model.mutable_graph(), weights, path))
      return error;
  Pieces pieces = piecesOf(model, weights);
  return writeFile(path, [&](raw_ostream &stream) {
    stream << pieces.model << pieces.graph;
    for (auto [head, weight] : zip_equal(pieces.weights, weights)) {
      stream << head;
      writeElements(stream, weight);
    }
  });
}
