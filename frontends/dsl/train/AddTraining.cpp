//===- AddTraining.cpp - how any front end's module is trained ------------===//

#include "frontends/dsl/train/AddTraining.h"
#include "frontends/dsl/Parser.h"
#include "frontends/dsl/train/Train.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Options as expressions
//===----------------------------------------------------------------------===//

namespace {
/// Reads the options as the expressions of a train block.
class OptionReader {
public:
  OptionReader(llvm::BumpPtrAllocator &arena, DiagnosticSink &sink) : arena(arena), sink(sink) {}

  /// The expression `text`, which the user gave as `option`; null after an error.
  const Expr *read(StringRef text, StringRef option);
  /// One list of several.
  const Expr *list(llvm::ArrayRef<const Expr *> elements);
  /// `expr` with an argument `name` where its signature needs one and it has none.
  const Expr *withDefault(const Expr *expr, const Vocabulary &vocabulary, StringRef name, double value, bool &used);

private:
  template <typename T> T *make(StringRef text) {
    auto *node = new (arena.Allocate<T>()) T();
    node->range = {llvm::SMLoc::getFromPointer(text.begin()), llvm::SMLoc::getFromPointer(text.end())};
    return node;
  }
  template <typename T> llvm::ArrayRef<T> copy(llvm::ArrayRef<T> items) {
    T *data = arena.Allocate<T>(items.size());
    std::uninitialized_copy(items.begin(), items.end(), data);
    return {data, items.size()};
  }
  const Expr *readValue(StringRef text);

  llvm::BumpPtrAllocator &arena;
  DiagnosticSink &sink;
};
} // namespace

/// Splits `text` at the commas that stand in no bracket.
static llvm::SmallVector<StringRef> splitArguments(StringRef text) {
  llvm::SmallVector<StringRef> parts;
  int depth = 0;
  size_t start = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '[' || text[i] == '(' ? 1 : text[i] == ']' || text[i] == ')' ? -1 : 0;
    if (text[i] == ',' && depth == 0) {
      parts.push_back(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push_back(text.drop_front(start));
  return parts;
}

/// A value as the language has it; any other word is a text: `decay_on=*.weight`.
const Expr *OptionReader::readValue(StringRef text) {
  bool isValue =
      text.empty() || llvm::isDigit(text[0]) || StringRef("-.[(\"").contains(text[0]) || text == "true" || text == "false";
  if (isValue)
    return Parser(text, arena, sink).parseOnlyExpression();
  auto *word = make<StringExpr>(text);
  word->parts = copy(llvm::ArrayRef<StringExpr::Part>({text, nullptr}));
  return word;
}

const Expr *OptionReader::read(StringRef given, StringRef option) {
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(given, option);
  StringRef text = buffer->getBuffer();
  sink.sources().AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  if (size_t first = text.find_first_of("(,="); first == StringRef::npos || text[first] == '(')
    return Parser(text, arena, sink).parseOnlyExpression();
  llvm::SmallVector<StringRef> parts = splitArguments(text);
  auto *call = make<CallExpr>(text);
  call->callee = parts[0].trim();
  call->calleeRange = {llvm::SMLoc::getFromPointer(call->callee.begin()), llvm::SMLoc::getFromPointer(call->callee.end())};
  llvm::SmallVector<CallExpr::Argument> arguments;
  for (StringRef part : llvm::drop_begin(parts)) {
    auto [left, right] = part.split('=');
    bool isNamed = left.size() != part.size();
    StringRef name = isNamed ? left.trim() : StringRef();
    const Expr *value = readValue((isNamed ? right : part).trim());
    if (!value)
      return nullptr;
    arguments.push_back(
        {name, {llvm::SMLoc::getFromPointer(part.begin()), llvm::SMLoc::getFromPointer(part.begin() + left.size())}, value});
    call->depth = std::max(call->depth, value->depth + 1);
  }
  call->arguments = copy(llvm::ArrayRef(arguments));
  return call;
}

const Expr *OptionReader::list(llvm::ArrayRef<const Expr *> elements) {
  auto *list = make<ListExpr>("");
  list->range = elements.front()->range;
  list->elements = copy(elements);
  for (const Expr *element : elements)
    list->depth = std::max(list->depth, element->depth + 1);
  return list;
}

const Expr *OptionReader::withDefault(const Expr *expr, const Vocabulary &vocabulary, StringRef name, double value, bool &used) {
  auto *call = llvm::dyn_cast<CallExpr>(expr);
  auto *alone = llvm::dyn_cast<NameExpr>(expr);
  const Signature *signature = call || alone ? vocabulary.lookup(call ? call->callee : alone->name) : nullptr;
  if (!signature)
    return expr;
  auto wanted = llvm::find_if(signature->parameters, [&](const SignatureParameter &parameter) { return parameter.name == name; });
  if (wanted == signature->parameters.end() || wanted->defaultValue)
    return expr;
  llvm::SmallVector<CallExpr::Argument> arguments;
  if (call)
    arguments.assign(call->arguments.begin(), call->arguments.end());
  if (llvm::any_of(arguments, [&](const CallExpr::Argument &argument) { return argument.name.empty() || argument.name == name; }))
    return expr;
  auto *number = make<FloatExpr>("");
  number->range = expr->range;
  number->value = value;
  arguments.push_back({wanted->name, expr->range, number});
  auto *changed = make<CallExpr>("");
  if (call)
    *changed = *call;
  changed->range = expr->range;
  changed->callee = signature->name;
  changed->calleeRange = call ? call->calleeRange : expr->range;
  changed->arguments = copy(llvm::ArrayRef(arguments));
  changed->depth = std::max(changed->depth, 2u);
  used = true;
  return changed;
}

//===----------------------------------------------------------------------===//
// The train block
//===----------------------------------------------------------------------===//

/// What a train block can say about a network that is written in the language only.
static constexpr StringRef networkKeys[] = {"model", "init", "normalize"};

static std::optional<TrainBlock> makeBlock(StringRef name, const TrainingOptions &options, llvm::BumpPtrAllocator &arena,
                                           DiagnosticSink &sink) {
  auto missing = [&](StringRef option, const Vocabulary &vocabulary, StringRef example) {
    sink.error("--train", "there is no " + option)
        .help("give --" + option + "=" + example + "; there are " + llvm::join(vocabulary.names(), ", "));
  };
  if (options.losses.empty())
    missing("loss", losses(), "softmax_cross_entropy");
  if (options.optimizer.empty())
    missing("optimizer", optimizers(), "sgd,lr=0.01,momentum=0.9");
  if (sink.hasErrors())
    return std::nullopt;
  OptionReader reader(arena, sink);
  llvm::SmallVector<const Expr *> terms;
  for (StringRef text : options.losses)
    if (const Expr *term = reader.read(text, "--loss"))
      terms.push_back(term);
  const Expr *optimizer = reader.read(options.optimizer, "--optimizer");
  if (sink.hasErrors() || !optimizer)
    return std::nullopt;
  // PyTorch's SGD has this default; the language asks for a number.
  constexpr double rate = 0.001;
  bool isDefault = false;
  optimizer = reader.withDefault(optimizer, optimizers(), "lr", rate, isDefault);
  if (isDefault)
    sink.remark("--optimizer", "the learning rate is " + numberText(rate) +
                                   " unless --optimizer=…,lr=… or cnnrt train --set optimizer.lr=… says another");

  TrainBlock block{name, optimizer->range, {}};
  block.entries["loss"] = {"loss", terms.front()->range, terms.size() == 1 ? terms.front() : reader.list(terms)};
  block.entries["optimizer"] = {"optimizer", optimizer->range, optimizer};
  for (const std::string &text : options.overrides)
    applyOverride(block, text, arena, sink);
  for (StringRef key : networkKeys)
    if (auto entry = block.entries.find(key); entry != block.entries.end())
      sink.error(entry->second.keyRange, "'" + key + "' is about a network in the language, and this one is finished")
          .help("change it where the network is made");
  return block;
}

/// The results of @forward, as the loss takes them; nothing after an error.
static std::optional<std::vector<Tensor>> outputsOf(func::FuncOp forward, DiagnosticSink &sink) {
  std::vector<Tensor> outputs;
  for (auto [i, value] : llvm::enumerate(forward.front().getTerminator()->getOperands())) {
    auto type = cast<RankedTensorType>(value.getType());
    auto name = forward.getResultAttrOfType<StringAttr>(i, "cnn.name");
    std::string why;
    std::optional<CheckedShape> shape = CheckedShape::get(type.getShape(), why);
    if (!shape || !type.getElementType().isF32() || type.getRank() == 0 || !type.isDynamicDim(0)) {
      sink.error("--train", "output '" + (name ? name.getValue() : "") + "' is no batch of numbers that a loss could take")
          .help("end the network in one tensor [N, …] of float");
      return std::nullopt;
    }
    outputs.push_back({value, *shape, {"output '" + (name ? name.str() : "") + "'", llvm::SMLoc()}});
  }
  return outputs;
}

/// True for a softmax over the classes of `value`, also one that only lost sizes of 1 since.
static bool isProbability(mlir::Value value) {
  auto classes = [](mlir::Value of) { return cast<RankedTensorType>(of.getType()).getShape().take_front(2); };
  mlir::Value source = value;
  while (auto reshape = source.getDefiningOp<cnn::ReshapeOp>())
    source = reshape.getInput();
  return source.getDefiningOp<cnn::SoftmaxOp>() && classes(source) == classes(value);
}

/// Cross entropy takes logits: where the network ends in a softmax it gets the
/// logarithms of the probabilities, which are logits up to an addend per row.
static void takeLogits(ModuleOp module, func::FuncOp forward, DiagnosticSink &sink) {
  auto loss = module.lookupSymbol<func::FuncOp>("loss");
  for (cnn::SoftmaxCrossEntropyOp op : loss.getOps<cnn::SoftmaxCrossEntropyOp>()) {
    auto prediction = dyn_cast<BlockArgument>(op.getPrediction());
    mlir::Value output = prediction ? forward.front().getTerminator()->getOperand(prediction.getArgNumber()) : mlir::Value();
    if (!output || !isProbability(output))
      continue;
    OpBuilder builder(op);
    op.getPredictionMutable().assign(cnn::LogOp::create(builder, op.getLoc(), output.getType(), prediction));
    auto name = forward.getResultAttrOfType<StringAttr>(prediction.getArgNumber(), "cnn.name");
    sink.remark("--loss", "output '" + (name ? name.getValue() : "") +
                              "' is a softmax, and softmax_cross_entropy takes logits: training computes the loss from what goes "
                              "into the softmax, inference gives its probabilities");
  }
}

OwningOpRef<ModuleOp> cnnc::addTraining(OwningOpRef<ModuleOp> module, const TrainingOptions &options, DiagnosticSink &sink) {
  auto forward = module->lookupSymbol<func::FuncOp>("forward");
  if (!forward)
    sink.error("--train", "the module has no @forward").help("give what --emit=cnn writes");
  else if (module->lookupSymbol("loss"))
    sink.error("--train", "the file has a train block").help("leave out --train; --set changes the block");
  if (sink.hasErrors())
    return {};
  llvm::BumpPtrAllocator arena;
  auto source = module.get()->getAttrOfType<StringAttr>("cnn.source");
  std::optional<TrainBlock> block = makeBlock(source ? llvm::sys::path::stem(source.getValue()) : "train", options, arena, sink);
  std::optional<std::vector<Tensor>> outputs = block && !sink.hasErrors() ? outputsOf(forward, sink) : std::nullopt;
  if (!outputs)
    return {};
  ModelBuilder model(std::move(module), sink);
  Program program;
  Elaborator elaborator(program, model, sink);
  TrainValues values = evaluateTrain(*block, elaborator);
  if (!sink.hasErrors())
    addOptimizer(*block, values, model, sink);
  if (!sink.hasErrors())
    addLoss(*block, values, *outputs, model, sink);
  if (sink.hasErrors()) {
    model.module()->dropAllReferences();
    return {};
  }
  takeLogits(model.module(), forward, sink);
  model.module()->setAttr("cnn.recipe", model.ops().getStringAttr(recipeJson(*block, values)));
  return model.release();
}
