//===- OnnxSubject.cpp - ONNX files, changed at random --------------------===//

#include "dialects/cnn/Cnn.h"
#include "frontends/onnx/Frontend.h"
#include "frontends/onnx/onnx.pb.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "test/fuzz/Subject.h"
#include "llvm/Support/raw_ostream.h"

using namespace cnnc;
using namespace cnnc::fuzz;

/// Compiles, and reads the first values of the parameters.
Outcome fuzz::compile(llvm::StringRef bytes) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<cnn::CnnDialect, mlir::func::FuncDialect>();
  DiagnosticSink sink;
  Outcome outcome;
  OnnxModel model = compileOnnxBytes(bytes, "fuzz.onnx", "/nowhere", {}, context, sink);
  outcome.compiled = static_cast<bool>(model.module);
  llvm::raw_string_ostream stream(outcome.errors);
  if (sink.hasErrors()) // else there are remarks at most
    sink.print(stream);
  if (model.module)
    for (auto parameter : model.module->getOps<cnn::ParameterOp>())
      if (auto value = model.values.find(parameter.getSymName()); value != model.values.end()) {
        std::vector<float> elements(std::min<int64_t>(parameter.getTensorType().getNumElements(), 1 << 16));
        value->second(0, elements);
      }
  return outcome;
}

static int64_t number(Random &random) {
  static constexpr int64_t numbers[] = {
      0, 1, -1, 2, 3, 7, 64, 65536, INT32_MAX, int64_t(1) << 31, int64_t(1) << 40, INT64_MAX, INT64_MIN};
  return numbers[pick(random, std::size(numbers))];
}
static float real(Random &random) {
  static constexpr float reals[] = {0, 1, -1, 0.5, 1e38f, 1e-40f, __builtin_inff(), __builtin_nanf("")};
  return reals[pick(random, std::size(reals))];
}

/// Another element of the repeated field, or none where it is empty.
template <typename Field> static auto *any(Field *field, Random &random) {
  return field->empty() ? nullptr : field->Mutable(pick(random, field->size()));
}

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
  switch (pick(random, 5)) {
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
  case 4: {
    std::string name = tensor.name();
    tensor.Clear();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::INT64);
    for (size_t count = pick(random, 9); count > 0; --count)
      tensor.add_int64_data(number(random));
    tensor.add_dims(tensor.int64_data_size());
    break;
  }
  }
}

static void changeNode(onnx::NodeProto &node, const onnx::GraphProto &graph, Random &random) {
  const onnx::NodeProto &other = graph.node(pick(random, graph.node_size()));
  switch (pick(random, 7)) {
  case 0: {
    static constexpr const char *ops[] = {"Add",
                                          "AveragePool",
                                          "BatchNormalization",
                                          "Cast",
                                          "Clip",
                                          "Concat",
                                          "ConstantOfShape",
                                          "Conv",
                                          "ConvTranspose",
                                          "DepthToSpace",
                                          "Div",
                                          "Equal",
                                          "Expand",
                                          "Flatten",
                                          "Gather",
                                          "Gemm",
                                          "GlobalAveragePool",
                                          "GroupNormalization",
                                          "Identity",
                                          "InstanceNormalization",
                                          "LRN",
                                          "LayerNormalization",
                                          "MatMul",
                                          "Max",
                                          "MaxPool",
                                          "Mod",
                                          "Mul",
                                          "PRelu",
                                          "Pad",
                                          "Pow",
                                          "Range",
                                          "ReduceMax",
                                          "ReduceMean",
                                          "ReduceSum",
                                          "Reshape",
                                          "Resize",
                                          "Shape",
                                          "Size",
                                          "Slice",
                                          "Softmax",
                                          "SpaceToDepth",
                                          "Split",
                                          "Squeeze",
                                          "Sum",
                                          "Tile",
                                          "Transpose",
                                          "Unsqueeze",
                                          "Upsample",
                                          "Where"};
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
    *node.add_input() =
        graph.initializer_size() ? graph.initializer(pick(random, graph.initializer_size())).name() : graph.input(0).name();
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

/// Adds a node of `other` behind a node of `graph`, with its constants.
static void graft(onnx::GraphProto &graph, const onnx::GraphProto &other, Random &random) {
  if (!graph.node_size() || !other.node_size())
    return;
  onnx::NodeProto node = other.node(pick(random, other.node_size()));
  onnx::NodeProto &before = *graph.mutable_node(pick(random, graph.node_size()));
  if (!node.input_size() || !node.output_size() || !before.output_size())
    return;
  for (std::string &input : *node.mutable_input())
    for (const onnx::TensorProto &constant : other.initializer())
      if (constant.name() == input) {
        input += "'";
        onnx::TensorProto &copy = *graph.add_initializer() = constant;
        copy.set_name(input);
      }
  // What read the first node's result reads the new one's.
  std::string between = before.output(0) + "'" + std::to_string(graph.node_size());
  node.set_input(0, between);
  node.set_output(0, before.output(0));
  before.set_output(0, between);
  *graph.add_node() = node;
}

static void change(onnx::ModelProto &model, const onnx::ModelProto &other, Random &random) {
  onnx::GraphProto &graph = *model.mutable_graph();
  switch (pick(random, 7)) {
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
  case 6:
    graft(graph, other.graph(), random);
    break;
  }
}

/// A few changes of the messages, or of the bytes.
std::string fuzz::mutate(const std::string &file, const std::string &other, Random &random) {
  std::string bytes = file;
  onnx::ModelProto model, second;
  second.ParseFromString(other);
  if (pick(random, 4) != 0 && model.ParseFromString(file) && model.graph().node_size() && model.graph().input_size()) {
    for (size_t changes = 1 + pick(random, 4); changes > 0; --changes)
      change(model, second, random);
    model.SerializeToString(&bytes);
    return bytes;
  }
  for (size_t changes = 1 + pick(random, 4); changes > 0 && !bytes.empty(); --changes)
    bytes[pick(random, bytes.size())] ^= static_cast<char>(1 << pick(random, 8));
  if (pick(random, 4) == 0)
    bytes.resize(pick(random, bytes.size()));
  return bytes;
}
