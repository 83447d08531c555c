//===- Frontend.cpp - from an ONNX file to the cnn dialect ----------------===//

#include "frontends/onnx/Frontend.h"
#include "frontends/onnx/Conversion.h"
#include "frontends/onnx/Interface.h"
#include "frontends/onnx/OldSets.h"
#include "frontends/onnx/Reader.h"
#include "frontends/onnx/StochasticDepth.h"
#include "frontends/onnx/Training.h"
#include "frontends/onnx/Unroll.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::onnx;
using llvm::StringRef;

namespace {

class Compiler {
public:
  Compiler(onnx::Graph graph, StringRef path, const OnnxOptions &options, MLIRContext &context, DiagnosticSink &sink)
      : graph(std::move(graph)), path(path), options(options), sink(sink), conversion(context, path, sink) {}

  OnnxModel run();

private:
  void readBatch();
  StringRef batchName() const;
  std::optional<CheckedShape> shapeOfInput(const Input &input);
  bool convertInputs();
  void noteReads(const onnx::Graph &from);
  void convertNode(const Node &node);
  void release(StringRef name);
  void refuseOperator(Call &call);
  void explainRefusals();
  mlir::Value outputOf(StringRef name, const onnx::Value &value, llvm::ArrayRef<mlir::Value> others);
  void finish();

  onnx::Graph graph;
  StringRef path;
  const OnnxOptions &options;
  DiagnosticSink &sink;
  Conversion conversion;
  func::FuncOp forward;
  std::vector<cnnc::Diagnostic *> refused; // operators that are not supported
  llvm::StringSet<> givenBatches;          // the inputs whose first size is given as a number
};

/// True where some size is 0.
static bool isEmpty(const Input &input) {
  return llvm::any_of(input.shape, [](const Input::Size &size) { return size.symbol.empty() && size.value == 0; });
}

/// The first dimension of the first tensor that has one, and elements.
void Compiler::readBatch() {
  for (const Input &input : graph.inputs) {
    if (input.shape.empty() || isEmpty(input))
      continue;
    conversion.isBatchOpen = !input.shape[0].symbol.empty() || input.shape[0].value < 0;
    conversion.fixedBatch = conversion.isBatchOpen ? 1 : input.shape[0].value;
    conversion.isBatchFixed = givenBatches.contains(input.name);
    return;
  }
}

/// What the file calls the first dimension of the first input; "" where it has no name.
StringRef Compiler::batchName() const {
  const Input &first = graph.inputs.front();
  return first.shape.empty() ? StringRef() : StringRef(first.shape[0].symbol);
}

/// The first dimension is the batch, even where the file fixes it, unless it is another number than that of the first
/// input, or the tensor has no elements; the others are numbers.
std::optional<CheckedShape> Compiler::shapeOfInput(const Input &input) {
  if (widthOf(input.type) == 0) {
    sink.error(path, "input '" + input.name + "' has elements of " + nameOf(input.type) + ", and inputs are of numbers")
        .help("export the model with inputs of float or of integers, or give it a value with --const=" + input.name +
              "=<file.npy>");
    return std::nullopt;
  }
  llvm::SmallVector<int64_t> sizes;
  std::string open;
  for (auto [i, size] : llvm::enumerate(input.shape)) {
    bool isOpen = !size.symbol.empty() || size.value < 0;
    bool isBatch =
        i == 0 && !isEmpty(input) &&
        (isOpen || (!conversion.isBatchOpen && size.value == conversion.fixedBatch && size.value <= CheckedShape::maxDimension));
    open += (i ? ", " : "") + (isOpen ? size.symbol.empty() ? "?" : size.symbol : std::to_string(size.value));
    sizes.push_back(isBatch ? dynamic : isOpen ? -1 : size.value);
  }
  if (!input.hasShape || llvm::is_contained(sizes, -1)) {
    sink.error(path, "input '" + input.name + "' has sizes that are not known: [" + open + "]")
        .help("give them with " + shapeToGive(input, batchName()));
    return std::nullopt;
  }
  std::string why;
  std::optional<CheckedShape> shape = CheckedShape::get(sizes, why, isEmpty(input) ? 0 : 1);
  if (!shape)
    sink.error(path, "input '" + input.name + "' does not fit: " + why)
        .help("inputs are tensors of at most 8 dimensions, [N, …]");
  return shape;
}

bool Compiler::convertInputs() {
  if (graph.inputs.empty())
    sink.error(path, "the graph has no input").help("a network has an input; initializers are none");
  OpBuilder &builder = conversion.builder;
  llvm::SmallVector<Type> types;
  readBatch();
  for (const Input &input : graph.inputs)
    if (std::optional<CheckedShape> shape = shapeOfInput(input)) {
      RankedTensorType type = shape->type(builder.getContext());
      types.push_back(isReal(input.type) ? type : type.clone(builder.getI32Type()));
    }
  if (sink.hasErrors())
    return false;
  builder.setInsertionPointToEnd(conversion.module->getBody());
  Location place = FileLineColLoc::get(builder.getContext(), path, 0, 0);
  forward = func::FuncOp::create(builder, place, "forward", builder.getFunctionType(types, {}));
  builder.setInsertionPointToEnd(forward.addEntryBlock());
  for (auto [i, input] : llvm::enumerate(graph.inputs)) {
    mlir::Value value = forward.getArgument(i);
    if (!isReal(input.type))
      value = cnn::CastOp::create(builder, place, cast<RankedTensorType>(value.getType()).clone(builder.getF32Type()), value);
    if (isEmpty(input))
      conversion.named[input.name] = onnx::Value::ofConstant(Tensor(input.type, shapeOf(value), llvm::ArrayRef<Scalar>()));
    else
      conversion.named[input.name] = onnx::Value::atRuntime(value, input.type);
    forward.setArgAttr(i, "cnn.name", builder.getStringAttr(input.name));
    if (!input.doc.empty())
      forward.setArgAttr(i, "cnn.doc", builder.getStringAttr(input.doc));
  }
  return true;
}

/// Says why an operator cannot be: some will be one day, some never.
void Compiler::refuseOperator(Call &call) {
  static constexpr StringRef dependent[] = {"NonMaxSuppression", "NonZero", "Unique", "Compress"};
  bool depends = llvm::is_contained(dependent, call.node.op);
  refused.push_back(&call.refuse(llvm::Twine("is not supported") +
                                 (depends ? ": what it computes has a size or a place that depends on the data" : "")));
}

/// True for a node of a branch that is not taken, or of which that is not known: the If says so.
static bool isIdle(const Node &node, Conversion &conversion) {
  return llvm::any_of(node.guards, [&](const Guard &guard) {
    const onnx::Value &value = conversion.named[guard.condition];
    return value.kind != onnx::Value::Kind::Constant || value.constant.elements() != 1 ||
           (value.constant.at(0).integer != 0) != guard.truth;
  });
}

/// Says at each operator that is not supported how the model can end before all of them: with what they read.
void Compiler::explainRefusals() {
  std::string names;
  llvm::StringSet<> seen;
  for (const Input &input : graph.inputs)
    seen.insert(input.name);
  auto add = [&](StringRef name) {
    if (!name.empty() && conversion.named[name].kind == onnx::Value::Kind::Runtime && seen.insert(name).second)
      names += (names.empty() ? "" : ",") + name.str();
  };
  for (const Node &node : graph.nodes)
    if (!isIdle(node, conversion) && llvm::any_of(node.outputs, [&](StringRef name) {
          return !name.empty() && conversion.named[name].kind == onnx::Value::Kind::Unknown;
        }))
      for (const std::string &input : node.inputs)
        add(input);
  for (const std::string &output : graph.outputs)
    add(output);
  for (cnnc::Diagnostic *one : refused)
    one->help(names.empty() ? "replace it where the model is made"
                            : "end the model before it with --outputs=" + names + ", and do this step in the program");
}

void Compiler::convertNode(const Node &node) {
  if (isIdle(node, conversion))
    return;
  Call call(conversion, node);
  bool constant = true;
  for (size_t i = 0; i < call.operands(); ++i)
    constant &= !call.has(i) || call.isConstant(i) || call.operand(i).isKnown;
  size_t errors = sink.count();
  Converter folder = findFolder(node.domain, node.op), converter = findConverter(node.domain, node.op);
  // A constant that cannot be folded is computed at run time.
  if (node.body)
    unroll(call, [&](Node &inner) { convertNode(inner); });
  else if (constant && folder && converter && isLearned(call, graph))
    convertLearned(call, folder, converter);
  else if (constant && folder)
    convertInSomeForm(call, folder);
  else if (converter)
    convertInSomeForm(call, converter);
  else if (!folder || call.ready())
    refuseOperator(call);
  bool unknown = llvm::any_of(
      node.inputs, [&](StringRef name) { return !name.empty() && conversion.named[name].kind == onnx::Value::Kind::Unknown; });
  for (auto [i, name] : llvm::enumerate(node.outputs)) {
    onnx::Value &value = call.results[i];
    if (value.kind == onnx::Value::Kind::Unknown && sink.count() == errors && !unknown)
      value.missing = "result " + std::to_string(i + 1) + " of " + node.str() + ", which is not computed";
    if (value.kind == onnx::Value::Kind::Constant && value.constant.name.empty())
      value.constant.name = name;
    if (!name.empty())
      conversion.named[name] = std::move(value);
  }
}

/// Forgets the elements of a large constant that was computed and that no node reads any more.
void Compiler::release(StringRef name) {
  auto found = conversion.named.find(name);
  if (found == conversion.named.end() || graph.constants.count(name) || llvm::is_contained(graph.outputs, name))
    return;
  onnx::Value &value = found->second;
  if (value.constant.elements() <= conversion.largeConstant)
    return;
  value.constant = {};
  value.isKnown = false;
}

/// A whole tensor without elements: nothing writes it. Null after an error.
static mlir::Value emptyOutput(OpBuilder &builder, Call &call) {
  if (!call.checkedElements(call.shape(0)))
    return {};
  bool real = isReal(call.type(0));
  auto type = RankedTensorType::get(call.shape(0), real ? Type(builder.getF32Type()) : builder.getI32Type());
  return cnn::ConstantOp::create(builder, call.location(), DenseElementsAttr::get(type, llvm::ArrayRef<mlir::Attribute>()));
}

/// Whole numbers of which one is too large for f32; null where none is, or where they are too many for a part of the
/// code, and for matrices and images, which do not lie as they are written.
static mlir::Value largeIntegers(OpBuilder &builder, Call &call) {
  constexpr int64_t exact = 1 << 24, most = 1 << 16;
  const Tensor &tensor = call.operand(0).constant;
  if (!call.isConstant(0) || isReal(tensor.type()) || tensor.isSymbolic() || tensor.elements() > most || tensor.rank() == 2 ||
      tensor.rank() == 4)
    return {};
  llvm::SmallVector<int32_t> numbers;
  bool isLarge = false;
  for (int64_t i = 0; i < tensor.elements(); ++i) {
    int64_t integer = tensor.at(i).integer;
    isLarge |= integer < -exact || integer > exact;
    if (integer < INT32_MIN || integer > INT32_MAX)
      return {}; // which is reported where it is read
    numbers.push_back(static_cast<int32_t>(integer));
  }
  if (!isLarge || !call.checkedElements(tensor.shape()))
    return {};
  auto type = RankedTensorType::get(tensor.shape(), builder.getI32Type());
  return cnn::ConstantOp::create(builder, call.location(), DenseElementsAttr::get(type, llvm::ArrayRef<int32_t>(numbers)));
}

/// What the library gives for an output: integers and truth as i32, a constant too, and a value of its own even where
/// two outputs are the same. Null after an error.
mlir::Value Compiler::outputOf(StringRef name, const onnx::Value &value, ArrayRef<mlir::Value> others) {
  OpBuilder &builder = conversion.builder;
  Location place = forward.getLoc();
  Node node;
  node.name = name.str(), node.inputs = {name.str()}; // without an operator it is an output
  Call call(conversion, node);
  if (value.kind == onnx::Value::Kind::Constant && value.constant.elements() == 0)
    return emptyOutput(builder, call);
  if (mlir::Value large = largeIntegers(builder, call))
    return large;
  call.settle();
  if (!call.ready())
    return {};
  if (value.kind == onnx::Value::Kind::Constant && value.constant.isSymbolic())
    call.use(BatchForm::Fixed);
  mlir::Value result = call.runtime(0);
  if (!result)
    return result;
  Shape shape(shapeOf(result));
  if (conversion.isBatchFixed && !shape.empty() && shape[0] == conversion.fixedBatch) {
    shape[0] = dynamic; // an example for each of the input
    result = call.reshape(result, shape);
  }
  auto type = cast<RankedTensorType>(result.getType());
  if (!isReal(call.type(0))) {
    // What was i32 before it became a number in f32 is still exact.
    auto cast = result.getDefiningOp<cnn::CastOp>();
    bool isExact = cast && cast.getInput().getType().getElementType().isInteger(32);
    return cnn::CastOp::create(builder, place, type.clone(builder.getI32Type()), isExact ? cast.getInput() : result);
  }
  bool isOwn = result.getDefiningOp() && !result.getDefiningOp<cnn::ReadOp>() && !llvm::is_contained(others, result);
  return isOwn ? result : cnn::AffineOp::create(builder, place, type, result, llvm::APFloat(1.0), llvm::APFloat(0.0)).getResult();
}

void Compiler::finish() {
  OpBuilder &builder = conversion.builder;
  llvm::SmallVector<mlir::Value> results;
  for (const std::string &name : graph.outputs) {
    const onnx::Value &value = conversion.named[name];
    std::string missing = value.missing.empty() ? "not computed" : value.missing;
    if (value.kind == onnx::Value::Kind::Unknown)
      sink.error(path, "output '" + name + "' is " + missing).help("remove it from the outputs");
    else
      results.push_back(outputOf(name, value, results));
  }
  if (sink.hasErrors())
    return;
  func::ReturnOp::create(builder, forward.getLoc(), results);
  forward.setFunctionType(builder.getFunctionType(forward.getArgumentTypes(), TypeRange(ValueRange(results))));
  for (auto [i, name] : llvm::enumerate(graph.outputs))
    forward.setResultAttr(i, "cnn.name", builder.getStringAttr(name));
  ModuleOp module = *conversion.module;
  conversion.pruneParameters(forward);
  if (conversion.isBatchFixed)
    module->setAttr("cnn.batch", builder.getI64IntegerAttr(conversion.fixedBatch));
  if (conversion.isBatchFixed && conversion.isBatchOpen) {
    // An output without an operator comes last: where it is the first, nothing mixes.
    StringRef by = conversion.fixedBy;
    std::string why = by.starts_with("output ")
                          ? by.str() + " does not have the batch first"
                          : "the network mixes the examples of its batch" + (by.empty() ? "" : ", in " + by.str());
    sink.remark(path, why + ": the library takes batches of exactly 1; --shape=" + graph.inputs[0].name + "=8,… makes it 8");
  }
  module->setAttr("cnn.name", builder.getStringAttr(graph.name));
  module->setAttr("cnn.source", builder.getStringAttr(llvm::sys::path::filename(path)));
  module->setAttr("cnn.doc", builder.getStringAttr(graph.doc));
  std::string wrong;
  ScopedDiagnosticHandler handler(builder.getContext(), [&](mlir::Diagnostic &diagnostic) { wrong += diagnostic.str(); });
  if (failed(verify(module)))
    sink.error(path, "internal error: the module is invalid: " + wrong).help("report this with the file");
}

/// Notes the values that nodes of a graph read, and those of bodies in it.
void Compiler::noteReads(const onnx::Graph &from) {
  conversion.read.insert(from.outputs.begin(), from.outputs.end());
  for (const Node &node : from.nodes) {
    conversion.read.insert(node.inputs.begin(), node.inputs.end());
    for (const Input &input : node.body ? llvm::ArrayRef<Input>(node.body->inputs) : llvm::ArrayRef<Input>())
      conversion.read.insert(input.name);
    if (node.body)
      noteReads(*node.body);
  }
}

OnnxModel Compiler::run() {
  if (!applyOutputs(graph, path, options.outputs, sink) || !applyConstants(graph, options.constants, sink) ||
      !applyShapes(graph, options.shapes, givenBatches, sink) || !convertInputs())
    return {};
  conversion.trains = options.train;
  joinStochasticDepth(graph);
  if (options.train)
    dropStatistics(graph, path, sink);
  bool holdsParameters = options.train && isTrainingExport(graph);
  for (auto &constant : graph.constants) {
    onnx::Value &value = conversion.named[constant.first()] = onnx::Value::ofConstant(constant.second);
    value.trained = holdsParameters && isReal(constant.second.type());
    conversion.foldable += foldsPerElement * constant.second.elements();
  }
  noteReads(graph);
  llvm::StringMap<size_t> readers;
  for (const Node &node : graph.nodes)
    for (StringRef name : node.readNames())
      ++readers[name];
  for (Node &node : graph.nodes) {
    std::vector<std::string> read;
    for (StringRef name : node.readNames())
      read.push_back(name.str());
    if (modernize(node, conversion))
      convertNode(node);
    for (const std::string &name : read)
      if (--readers[name] == 0)
        release(name);
  }
  explainRefusals();
  if (!sink.hasErrors())
    finish();
  if (!sink.hasErrors() && options.train)
    prepareTraining(graph, conversion);
  if (!sink.hasErrors())
    return {std::move(conversion.module), std::move(conversion.values)};
  conversion.module->getOperation()->dropAllReferences();
  return {};
}

} // namespace

static OnnxModel compileGraph(std::optional<onnx::Graph> graph, StringRef path, const OnnxOptions &options, MLIRContext &context,
                              DiagnosticSink &sink) {
  if (!graph)
    return {};
  return Compiler(std::move(*graph), path, options, context, sink).run();
}

OnnxModel cnnc::compileOnnx(StringRef path, const OnnxOptions &options, MLIRContext &context, DiagnosticSink &sink) {
  return compileGraph(readModel(path, sink), path, options, context, sink);
}

OnnxModel cnnc::compileOnnxBytes(StringRef bytes, StringRef name, StringRef folder, const OnnxOptions &options,
                                 MLIRContext &context, DiagnosticSink &sink) {
  File file = llvm::MemoryBuffer::getMemBuffer(bytes, name, /*RequiresNullTerminator=*/false);
  return compileGraph(readModel(std::move(file), name, folder, sink), name, options, context, sink);
}
