//===- Graph.cpp - an ONNX graph under construction -----------------------===//

#include "compiler/export/Graph.h"
#include "compiler/export/Converters.h"
#include "dialects/cnn/Images.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::exporting;
using llvm::ArrayRef;
using llvm::StringRef;
using llvm::Twine;

ArrayRef<int64_t> exporting::shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }

::onnx::TensorProto::DataType exporting::dataType(Type element) {
  if (element.isF32())
    return ::onnx::TensorProto::FLOAT;
  return element.isInteger(32) ? ::onnx::TensorProto::INT32 : ::onnx::TensorProto::UNDEFINED;
}

static std::string typeText(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

::onnx::AttributeProto &Node::attribute(StringRef name, ::onnx::AttributeProto::AttributeType type) {
  ::onnx::AttributeProto &attribute = *message.add_attribute();
  attribute.set_name(name.str());
  attribute.set_type(type);
  return attribute;
}

Node &Node::integer(StringRef name, int64_t value) {
  attribute(name, ::onnx::AttributeProto::INT).set_i(value);
  return *this;
}
Node &Node::number(StringRef name, double value) {
  attribute(name, ::onnx::AttributeProto::FLOAT).set_f(static_cast<float>(value));
  return *this;
}
Node &Node::text(StringRef name, StringRef value) {
  attribute(name, ::onnx::AttributeProto::STRING).set_s(value.str());
  return *this;
}
Node &Node::integers(StringRef name, ArrayRef<int64_t> values) {
  attribute(name, ::onnx::AttributeProto::INTS).mutable_ints()->Assign(values.begin(), values.end());
  return *this;
}

std::string Node::further(StringRef role) {
  message.add_output((message.output(0) + "/" + role).str());
  return message.output(message.output_size() - 1);
}

//===----------------------------------------------------------------------===//
// The graph
//===----------------------------------------------------------------------===//

Graph::Graph(ModuleOp module, func::FuncOp forward, DiagnosticSink &sink)
    : module(module), forward(forward), sink(sink), batch(cnn::fixedBatch(module)) {}

std::string Graph::unique(StringRef name) {
  std::string tried = name.str();
  for (size_t i = 2; !used.insert(tried).second; ++i)
    tried = (name + "_" + Twine(i)).str();
  return tried;
}

std::string Graph::parameter(StringRef name) {
  read.insert(name);
  return initializers.lookup(name);
}

void Graph::declare(::onnx::ValueInfoProto &value, StringRef name, Type type, DictionaryAttr attributes) {
  value.set_name(name.str());
  if (auto doc = attributes ? attributes.getAs<StringAttr>("cnn.doc") : StringAttr())
    value.set_doc_string(doc.str());
  auto tensor = cast<RankedTensorType>(type);
  ::onnx::TypeProto::Tensor &declared = *value.mutable_type()->mutable_tensor_type();
  declared.set_elem_type(dataType(tensor.getElementType()));
  ::onnx::TensorShapeProto &shape = *declared.mutable_shape();
  for (int64_t size : tensor.getShape()) {
    ::onnx::TensorShapeProto::Dimension &dimension = *shape.add_dim();
    if (ShapedType::isDynamic(size) && !batch)
      dimension.set_dim_param("N");
    else
      dimension.set_dim_value(ShapedType::isDynamic(size) ? batch : size);
  }
}

void Graph::buildOp(Operation *op) {
  const Entry *entry = converters().find(op->getName().getStringRef());
  Call call(*this, op, entry ? entry->text : "");
  if (!entry || !entry->convert)
    return call.refuse("has no form in ONNX: " + (entry ? entry->text : "it is no op of a network"),
                       "leave the layer out, or write it with others");
  for (Value result : op->getResults()) {
    Type element = getElementTypeOrSelf(result.getType());
    if (dataType(element) == ::onnx::TensorProto::UNDEFINED)
      return call.refuse("computes with elements of " + typeText(element), "elements of networks are of f32");
  }
  entry->convert(call);
}

/// The parameter that a value is a copy of, or null.
static cnn::ParameterOp copiedFrom(Value value, ModuleOp module) {
  auto copy = value.getDefiningOp<cnn::AffineOp>();
  if (copy && copy.getScale().isExactlyValue(1) && copy.getOffset().isZero())
    value = copy.getInput();
  auto read = value.getDefiningOp<cnn::ReadOp>();
  return read ? module.lookupSymbol<cnn::ParameterOp>(read.getParameter()) : cnn::ParameterOp();
}

void Graph::build() {
  auto text = [](DictionaryAttr attributes, StringRef fallback) {
    auto name = attributes ? attributes.getAs<StringAttr>("cnn.name") : StringAttr();
    return name ? name.str() : fallback.str();
  };
  for (auto [i, argument] : llvm::enumerate(forward.getArguments())) {
    named[argument] = unique(text(forward.getArgAttrDict(i), "input"));
    declare(*message.add_input(), named[argument], argument.getType(), forward.getArgAttrDict(i));
  }
  auto results = forward.front().getTerminator()->getOperands();
  std::vector<std::string> outputs;
  for (auto [i, result] : llvm::enumerate(results)) {
    outputs.push_back(unique(text(forward.getResultAttrDict(i), "output")));
    declare(*message.add_output(), outputs.back(), result.getType(), forward.getResultAttrDict(i));
    wanted.try_emplace(result, outputs.back());
    // An output that is a parameter of its name needs no node, and the parameter no other name.
    if (auto parameter = copiedFrom(result, module); parameter && parameter.getSymName() == outputs.back()) {
      initializers[outputs.back()] = named[result] = outputs.back();
      read.insert(outputs.back());
      done.insert(result.getDefiningOp());
    }
  }
  for (auto op : module.getOps<cnn::ParameterOp>())
    if (std::string &name = initializers[op.getSymName()]; name.empty())
      name = unique(op.getSymName());
  for (Operation &op : forward.front().without_terminator())
    if (!done.contains(&op))
      buildOp(&op);
  // Any other output is the result of a node, of one of its own.
  for (auto [i, result] : llvm::enumerate(results)) {
    if (named[result] == outputs[i])
      continue;
    ::onnx::NodeProto &node = *message.add_node();
    node.set_op_type("Identity");
    node.set_name(unique(outputs[i] + "/Identity"));
    node.add_input(named[result]);
    node.add_output(outputs[i]);
  }
  for (auto op : module.getOps<cnn::ParameterOp>())
    if (read.contains(op.getSymName()))
      parameters.push_back(op);
}

//===----------------------------------------------------------------------===//
// One op
//===----------------------------------------------------------------------===//

/// The scope that the text gave the op, or the name of the node it was.
static StringRef scopeOf(Operation *op) {
  auto name = dyn_cast<NameLoc>(op->getLoc());
  return name ? name.getName().getValue() : StringRef();
}

/// "layer1.0/Relu".
static std::string partOf(Operation *op, StringRef part) {
  StringRef scope = scopeOf(op);
  return scope.empty() ? part.str() : (scope + "/" + part).str();
}

static bool isParameter(Value value) {
  while (auto repeated = value.getDefiningOp<cnn::BroadcastOp>())
    value = repeated.getInput();
  return value.getDefiningOp<cnn::ReadOp>() != nullptr;
}

/// The layer's own name for the op that brings examples and parameters together,
/// and in other cases that of what it is part of with the type behind; a file's
/// own names stay.
static std::string layerOf(Operation *op, StringRef type) {
  StringRef scope = scopeOf(op), last = scope.substr(scope.rfind('/') + 1);
  size_t parameters = llvm::count_if(op->getOperands(), isParameter);
  bool isLayer = (parameters && parameters < op->getNumOperands()) || last.starts_with(type);
  return !scope.empty() && isLayer ? scope.str() : partOf(op, type);
}

std::string Call::value(Value value) {
  if (auto source = value.getDefiningOp<cnn::ReadOp>())
    return graph.parameter(source.getParameter());
  return graph.named.lookup(value);
}

Node Call::create(StringRef type, Names inputs, StringRef name, StringRef result) {
  ::onnx::NodeProto &node = *graph.message.add_node();
  node.set_op_type(type.str());
  node.set_name(name.str());
  for (const std::string &input : inputs)
    node.add_input(input);
  node.add_output(result.str());
  return Node(node);
}

Node Call::add(StringRef type, Names inputs) {
  std::string name = graph.unique(partOf(op, type));
  return create(type, inputs, name, name);
}

Node Call::finish(StringRef type, Names inputs, Operation *last) {
  last = last ? last : op;
  Value result = last->getResult(0);
  std::string name = graph.unique(layerOf(last, type)), value = graph.wanted.lookup(result);
  graph.named[result] = value.empty() ? name : value;
  return create(type, inputs, name, graph.named[result]);
}

std::string Call::constant(StringRef role, ::onnx::TensorProto::DataType type, ArrayRef<int64_t> shape, StringRef bytes) {
  ::onnx::TensorProto &tensor = *graph.message.add_initializer();
  tensor.set_name(graph.unique(partOf(op, role)));
  tensor.set_data_type(type);
  tensor.mutable_dims()->Assign(shape.begin(), shape.end());
  tensor.set_raw_data(bytes.data(), bytes.size());
  return tensor.name();
}

/// Elements as the file has them: little-endian, as the machine.
template <typename T> static StringRef bytesOf(ArrayRef<T> values) {
  return StringRef(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
}

std::string Call::integers(StringRef role, ArrayRef<int64_t> values) {
  return constant(role, ::onnx::TensorProto::INT64, {static_cast<int64_t>(values.size())}, bytesOf(values));
}

std::string Call::numbers(StringRef role, ArrayRef<double> values, ArrayRef<int64_t> shape) {
  std::vector<float> floats(values.begin(), values.end());
  return constant(role, ::onnx::TensorProto::FLOAT, shape, bytesOf(ArrayRef(floats)));
}

std::string Call::elements(StringRef role, ElementsAttr values) {
  ArrayRef<int64_t> shape = values.getShapedType().getShape();
  if (values.getElementType().isF32()) {
    std::vector<float> floats(values.value_begin<float>(), values.value_end<float>());
    return constant(role, ::onnx::TensorProto::FLOAT, shape, bytesOf(ArrayRef(floats)));
  }
  std::vector<int32_t> integers(values.value_begin<int32_t>(), values.value_end<int32_t>());
  return constant(role, ::onnx::TensorProto::INT32, shape, bytesOf(ArrayRef(integers)));
}

std::string Call::perChannel(Value value, int64_t rank) {
  if (rank <= 2)
    return this->value(value);
  Sizes axes = llvm::to_vector<8>(llvm::seq<int64_t>(1, rank - 1));
  return add("Unsqueeze", {this->value(value), integers("axes", axes)}).result();
}

/// A shape to reshape to; 0 is the size that the input has there.
Sizes Call::fileSizes(ArrayRef<int64_t> shape) const {
  Sizes sizes(shape);
  for (int64_t &size : sizes)
    size = ShapedType::isDynamic(size) ? graph.batch : size;
  return sizes;
}

std::string Call::reshape(std::string value, ArrayRef<int64_t> shape) {
  return add("Reshape", {value, integers("shape", fileSizes(shape))}).result();
}
void Call::finishReshape(std::string value, ArrayRef<int64_t> shape) {
  finish("Reshape", {value, integers("shape", fileSizes(shape))});
}

void Call::refuse(const Twine &what, const Twine &remedy) {
  StringRef scope = scopeOf(op);
  std::string layer = scope.empty() ? "a layer" : ("layer '" + scope + "'").str();
  auto source = graph.module->getAttrOfType<StringAttr>("cnn.source");
  graph.sink
      .error(source ? source.getValue() : StringRef("the module"), layer + " (" + op->getName().getStringRef() + ") " + what)
      .help(remedy);
}
