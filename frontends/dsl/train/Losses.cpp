//===- Losses.cpp - the losses of the language ----------------------------===//

#include "frontends/dsl/train/Losses.h"
#include "frontends/dsl/train/Train.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

static RankedTensorType scalarType(OpBuilder &builder) { return RankedTensorType::get({}, builder.getF32Type()); }

template <typename Op>
static mlir::Value buildPlain(OpBuilder &builder, Location loc, const Record &, mlir::Value prediction, mlir::Value target) {
  return Op::create(builder, loc, scalarType(builder), prediction, target);
}

static mlir::Value buildBinary(OpBuilder &builder, Location loc, const Record &args, mlir::Value prediction, mlir::Value target) {
  return cnn::BinaryCrossEntropyOp::create(builder, loc, scalarType(builder), prediction, target,
                                           *args["from_logits"].as<bool>());
}

static llvm::SmallVector<double> numbersOf(const dsl::Value &value) {
  llvm::SmallVector<double> numbers;
  if (const List *list = value.list())
    for (const dsl::Value &element : list->elements)
      numbers.push_back(*element.as<double>());
  return numbers;
}

using Complaint = std::pair<std::string, std::string>;

static Complaint checkNothing(const Record &, const CheckedShape &) { return {}; }

static Complaint checkSoftmax(const Record &args, const CheckedShape &shape) {
  if (shape.rank() != 2 && shape.rank() != 4)
    return {"'softmax_cross_entropy' needs classes in a 2-d tensor [N, classes] or a 4-d one [N, classes, H, W]",
            "end the model in 'flatten' or 'reshape([classes, H, W])'"};
  size_t weights = numbersOf(args["class_weights"]).size();
  if (weights && static_cast<int64_t>(weights) != shape[1])
    return {"'softmax_cross_entropy' has " + std::to_string(weights) + " class weights for " + std::to_string(shape[1]) +
                " classes",
            "give one per class"};
  return {};
}

static mlir::Value buildSoftmax(OpBuilder &builder, Location loc, const Record &args, mlir::Value prediction,
                                mlir::Value target) {
  return cnn::SoftmaxCrossEntropyOp::create(
      builder, loc, scalarType(builder), prediction, target, llvm::APFloat(*args["label_smoothing"].as<double>()),
      ArrayRef<double>(numbersOf(args["class_weights"])), static_cast<uint64_t>(*args["ignore_label"].as<int64_t>()));
}

const Table<Loss> &dsl::losses() {
  static const Table<Loss> table = [] {
    Table<Loss> table("a loss");
    SignatureParameter weight("weight", types::number(0), 1.0);
    table.add({{"mean_squared_error", "mean (y - t)²", {weight}}, false, checkNothing, buildPlain<cnn::MeanSquaredErrorOp>});
    table.add({{"softmax_cross_entropy",
                "-log softmax(y)[label]",
                {{"label_smoothing", types::number(0, 1), 0.0},
                 {"class_weights", types::numbers(0), dsl::Value::None()},
                 {"ignore_label", types::integer(-types::maxSize), -100},
                 weight}},
               true,
               checkSoftmax,
               buildSoftmax});
    table.add({{"binary_cross_entropy", "-(t log y + (1 - t) log(1 - y))", {{"from_logits", types::boolean(), false}, weight}},
               false,
               checkNothing,
               buildBinary});
    table.add({{"perceptron", "max(0, -s y), s = ±1", {weight}}, false, checkNothing, buildPlain<cnn::PerceptronLossOp>});
    return table;
  }();
  return table;
}

//===----------------------------------------------------------------------===//
// @loss
//===----------------------------------------------------------------------===//

namespace {
/// One term of the loss: a prediction, what it is compared with, and how.
struct Term {
  const Loss *loss;
  const Record *args;
  unsigned prediction, target; // arguments of @loss
};
} // namespace

void dsl::addLoss(const TrainBlock &block, const TrainValues &values, ArrayRef<Tensor> outputs, ModelBuilder &model,
                  DiagnosticSink &sink) {
  auto found = values.find("loss");
  if (found == values.end()) {
    sink.error(block.range, "'" + block.name + "' has no loss")
        .help("add loss = softmax_cross_entropy(), or mean_squared_error()");
    return;
  }
  const List *list = found->second.list();
  if (!list)
    return;
  llvm::SMRange range = block.entries.find("loss")->second.value->range;
  size_t count = list->elements.size();
  if (count == 0 || (count > 1 && count != outputs.size())) {
    sink.error(range, llvm::Twine(count) + (count == 1 ? " loss for " : " losses for ") + counted(outputs.size(), "output"))
        .help("give one for the first output, or one for each");
    return;
  }
  OpBuilder &builder = model.ops();
  SmallVector<Type> inputs;
  for (const Tensor &output : outputs)
    inputs.push_back(output.value.getType());
  SmallVector<std::string> names(inputs.size());
  SmallVector<Term> terms;
  for (size_t i = 0; i < count; ++i) {
    const Record *args = list->elements[i].record();
    auto *loss = static_cast<const Loss *>(args->signature);
    if (auto [wrong, remedy] = loss->check(*args, outputs[i].shape); !wrong.empty()) {
      sink.error(range, wrong).note("the output is " + outputs[i].shape.str()).help(remedy);
      return;
    }
    Type type = inputs[i];
    if (loss->takesLabels) {
      SmallVector<int64_t> sizes(outputs[i].shape.sizes());
      sizes.erase(sizes.begin() + 1);
      type = RankedTensorType::get(sizes, builder.getI32Type());
    }
    // Losses that want the same share it: auxiliary heads see one label.
    std::string name = loss->takesLabels ? "label" : "target";
    unsigned target = 0, others = 0;
    for (unsigned k = outputs.size(); k < inputs.size(); ++k) {
      if (inputs[k] == type)
        target = k;
      others += StringRef(names[k]).starts_with(name);
    }
    if (!target) {
      target = inputs.size();
      inputs.push_back(type);
      names.push_back(others ? name + std::to_string(others + 1) : name);
    }
    terms.push_back({loss, args, static_cast<unsigned>(i), target});
  }
  func::FuncOp function = model.startFunction("loss", range.Start, inputs);
  for (unsigned i = outputs.size(); i < inputs.size(); ++i)
    function.setArgAttr(i, "cnn.name", builder.getStringAttr(names[i]));
  Location loc = model.location(range.Start);
  mlir::Value total;
  for (const Term &term : terms) {
    mlir::Value value =
        term.loss->build(builder, loc, *term.args, function.getArgument(term.prediction), function.getArgument(term.target));
    double weight = *(*term.args)["weight"].as<double>();
    if (weight != 1)
      value = cnn::AffineOp::create(builder, loc, value.getType(), value, llvm::APFloat(weight), llvm::APFloat(0.0));
    total = total ? cnn::AddOp::create(builder, loc, value.getType(), total, value).getResult() : value;
  }
  model.endFunction(function, total);
}
