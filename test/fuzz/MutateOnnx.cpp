//===- MutateOnnx.cpp - changes ONNX files at random ----------------------===//
//
// mutate-onnx <count> <seed> <file for the input at work> <file.onnx>...
//
// Compiles `count` changed files; each is a function of the seed and its
// number. None may crash, take a second, need a GiB, or be refused without an
// error. What was at work when one does is in the file.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "frontends/onnx/Frontend.h"
#include "frontends/onnx/onnx.pb.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <ctime>
#include <random>
#include <sys/resource.h>

using Random = std::mt19937_64;

static size_t pick(Random &random, size_t below) { return below ? random() % below : 0; }

static int64_t number(Random &random) {
  static constexpr int64_t numbers[] = {0, 1, -1, 2, 3, 7, 64, 65536, INT32_MAX, int64_t(1) << 31, int64_t(1) << 40, INT64_MAX, INT64_MIN};
  return numbers[pick(random, std::size(numbers))];
}
static float real(Random &random) {
  static constexpr float reals[] = {0, 1, -1, 0.5, 1e38f, 1e-40f, __builtin_inff(), __builtin_nanf("")};
  return reals[pick(random, std::size(reals))];
}

/// Another element of the repeated field, or none where it is empty.
template <typename Field> static auto *any(Field *field, Random &random) { return field->empty() ? nullptr : field->Mutable(pick(random, field->size())); }

static void changeAttribute(onnx::AttributeProto &attribute, Random &random) {
  switch (pick(random, 5)) {
  case 0:
    attribute.set_i(number(random));
    break;
  case 1:
    attribute.set_f(real(random));
    break;
  case 2:
    if (auto *one = any(attribute.mutable_ints(), random))
      *one = number(random);
    break;
  case 3:
    attribute.add_ints(number(random));
    break;
  case 4:
    attribute.set_type(static_cast<onnx::AttributeProto::AttributeType>(1 + pick(random, 8)));
    break;
  }
}

static void changeTensor(onnx::TensorProto &tensor, Random &random) {
  switch (pick(random, 4)) {
  case 0:
    if (auto *one = any(tensor.mutable_dims(), random))
      *one = number(random);
    break;
  case 1:
    tensor.set_data_type(1 + pick(random, 23));
    break;
  case 2:
    if (tensor.dims_size() > 1)
      tensor.mutable_dims()->RemoveLast();
    break;
  case 3: {
    // Numbers of shapes and indices: the elements stay as many.
    std::string &bytes = *tensor.mutable_raw_data();
    if (bytes.size() >= sizeof(int64_t)) {
      int64_t value = number(random);
      std::memcpy(&bytes[pick(random, bytes.size() / sizeof value) * sizeof value], &value, sizeof value);
    }
    break;
  }
  }
}

static void changeNode(onnx::NodeProto &node, const onnx::GraphProto &graph, Random &random) {
  const onnx::NodeProto &other = graph.node(pick(random, graph.node_size()));
  switch (pick(random, 7)) {
  case 0: {
    static constexpr const char *ops[] = {"Conv", "Gemm", "MatMul", "Reshape", "Slice", "Pad", "Split", "Concat", "Gather", "Expand", "Squeeze", "Unsqueeze", "Transpose",
                                          "MaxPool", "AveragePool", "Softmax", "BatchNormalization", "Shape", "Range", "Tile", "Where", "Cast", "ReduceMean", "Mul", "Div"};
    node.set_op_type(ops[pick(random, std::size(ops))]);
    break;
  }
  case 1:
    if (auto *one = any(node.mutable_input(), random))
      *one = other.output_size() ? other.output(0) : "";
    break;
  case 2:
    if (auto *one = any(node.mutable_input(), random); one && graph.initializer_size())
      *one = graph.initializer(pick(random, graph.initializer_size())).name();
    break;
  case 3:
    if (node.input_size())
      node.mutable_input()->RemoveLast();
    break;
  case 4:
    *node.add_input() = graph.initializer_size() ? graph.initializer(pick(random, graph.initializer_size())).name() : graph.input(0).name();
    break;
  case 5:
    *node.mutable_attribute() = other.attribute();
    break;
  case 6:
    if (auto *one = any(node.mutable_attribute(), random))
      changeAttribute(*one, random);
    break;
  }
}

static void change(onnx::ModelProto &model, Random &random) {
  onnx::GraphProto &graph = *model.mutable_graph();
  switch (pick(random, 6)) {
  case 0:
  case 1:
    if (auto *node = any(graph.mutable_node(), random))
      changeNode(*node, graph, random);
    break;
  case 2:
    if (auto *tensor = any(graph.mutable_initializer(), random))
      changeTensor(*tensor, random);
    break;
  case 3:
    if (auto *input = any(graph.mutable_input(), random))
      if (auto *dim = any(input->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(), random))
        dim->set_dim_value(number(random));
    break;
  case 4:
    if (auto *opset = any(model.mutable_opset_import(), random))
      opset->set_version(6 + pick(random, 24));
    break;
  case 5:
    if (graph.node_size())
      *graph.add_node() = graph.node(pick(random, graph.node_size()));
    break;
  }
}

/// A few changes of the messages, or of the bytes.
static std::string mutate(const std::string &file, Random &random) {
  std::string bytes = file;
  onnx::ModelProto model;
  if (pick(random, 4) != 0 && model.ParseFromString(file) && model.graph().node_size() && model.graph().input_size()) {
    for (size_t changes = 1 + pick(random, 4); changes > 0; --changes)
      change(model, random);
    model.SerializeToString(&bytes);
    return bytes;
  }
  for (size_t changes = 1 + pick(random, 4); changes > 0 && !bytes.empty(); --changes)
    bytes[pick(random, bytes.size())] ^= static_cast<char>(1 << pick(random, 8));
  if (pick(random, 4) == 0)
    bytes.resize(pick(random, bytes.size()));
  return bytes;
}

int main(int argc, char **argv) {
  unsigned count = 0;
  uint64_t seed = 0;
  if (argc < 5 || llvm::StringRef(argv[1]).getAsInteger(10, count) || llvm::StringRef(argv[2]).getAsInteger(10, seed)) {
    llvm::errs() << "usage: mutate-onnx <count> <seed> <file> <file.onnx>...\n";
    return 2;
  }
  rlimit limit{1u << 30, 1u << 30};
  setrlimit(RLIMIT_DATA, &limit);
  std::vector<std::string> files;
  for (int i = 4; i < argc; ++i) {
    auto buffer = llvm::MemoryBuffer::getFile(argv[i]);
    if (!buffer) {
      llvm::errs() << "cannot read " << argv[i] << '\n';
      return 2;
    }
    files.push_back((*buffer)->getBuffer().str());
  }
  double longest = 0;
  unsigned compiled = 0;
  for (unsigned i = 0; i < count; ++i) {
    Random random(seed + i);
    std::string bytes = mutate(files[pick(random, files.size())], random);
    // A file that is truncated and written again waits for the disk; a new one does not.
    llvm::sys::fs::remove(argv[3]);
    std::error_code error;
    llvm::raw_fd_ostream(argv[3], error) << bytes;
    std::clock_t start = std::clock(); // of the processor: the machine may be busy
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    context.loadDialect<cnnc::cnn::CnnDialect, mlir::func::FuncDialect>();
    cnnc::DiagnosticSink sink;
    cnnc::OnnxModel model = cnnc::compileOnnxBytes(bytes, "fuzz.onnx", "/nowhere", {}, context, sink);
    std::string errors;
    llvm::raw_string_ostream stream(errors);
    sink.print(stream);
    double time = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    longest = std::max(longest, time);
    bool good = static_cast<bool>(model.module), internal = llvm::StringRef(errors).contains("internal error");
    compiled += good;
    if (good == sink.hasErrors() || internal || time > 1) {
      llvm::outs() << "input " << i << (internal ? " makes an invalid module: " + errors : good == sink.hasErrors() ? " was refused without an error" : " took more than a second")
                   << '\n';
      return 1;
    }
  }
  llvm::outs() << count << " inputs, " << compiled << " compiled, the slowest in " << llvm::format("%.3f", longest) << " s\n";
  return compiled == 0 || compiled == count; // either would mean that nothing was tested
}
