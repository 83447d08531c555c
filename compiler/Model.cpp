//===- Model.cpp - reads the description off the IR -----------------------===//

#include "compiler/Model.h"
#include "dialects/cnn/Hypers.h"
#include "dialects/cnn/Images.h"
#include "dialects/plan/Plan.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AsmState.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace cnnc {
namespace {

std::string stringAttr(Operation *op, StringRef name) {
  auto attr = op->getAttrOfType<StringAttr>(name);
  return attr ? attr.str() : "";
}

Model::Tensor describeTensor(Type type, DictionaryAttr attributes, const Twine &fallbackName) {
  Model::Tensor tensor;
  auto text = [&](StringRef key) {
    auto attr = attributes ? attributes.getAs<StringAttr>(key) : StringAttr();
    return attr ? attr.str() : "";
  };
  tensor.name = text("cnn.name");
  tensor.doc = text("cnn.doc");
  if (tensor.name.empty())
    tensor.name = fallbackName.str();
  auto ranked = cast<RankedTensorType>(type);
  tensor.isLabels = ranked.getElementType().isInteger(32);
  tensor.isWhole = ranked.getRank() == 0 || !ranked.isDynamicDim(0);
  for (int64_t size : ranked.getShape().drop_front(!tensor.isWhole)) {
    tensor.dims.push_back(size);
    tensor.elements *= size;
  }
  return tensor;
}

/// The classes of a target of labels, from the loss that reads it.
void describeLabels(Value target, Model::Tensor &tensor) {
  for (Operation *user : target.getUsers())
    if (auto loss = dyn_cast<cnn::SoftmaxCrossEntropyOp>(user)) {
      tensor.classes = cast<RankedTensorType>(loss.getPrediction().getType()).getDimSize(1);
      tensor.ignored = loss.getIgnoreLabel();
    }
}

/// Flops per example of the ops that know theirs, up to the gradients of the inputs.
int64_t countFlops(func::FuncOp function) {
  int64_t flops = 0;
  for (Operation &op : function.front()) {
    if (auto phase = dyn_cast<cnn::PhaseOp>(op); phase && phase.getName() == "input_gradient")
      break;
    if (auto cost = dyn_cast<cnn::CostInterface>(op))
      flops += cost.getFlopsPerExample();
  }
  return flops;
}

/// SHA-256 of the parameters' names and types and of the functions; texts and
/// the recipe's numbers do not count.
std::string hashGraph(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (Operation &op : module.getOps()) {
    if (auto parameter = dyn_cast<cnn::ParameterOp>(op))
      stream << parameter.getSymName() << ' ' << stringifyParameterKind(parameter.getKind()) << ' ' << parameter.getType()
             << '\n';
    else if (auto function = dyn_cast<func::FuncOp>(op)) {
      // One numbering for all ops: each print by itself would number, and verify, the function again.
      AsmState state(function, OpPrintingFlags().useLocalScope().assumeVerified());
      for (Operation &inner : function.front())
        inner.print(stream, state);
    }
  }
  return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(text)), /*LowerCase=*/true);
}

} // namespace

bool isValidPrefix(StringRef prefix) {
  return !prefix.empty() && (llvm::isAlpha(prefix[0]) || prefix[0] == '_') &&
         llvm::all_of(prefix, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

FailureOr<Model> describeModel(ModuleOp module, StringRef prefix) {
  Model model;
  model.prefix = prefix.str();
  model.name = stringAttr(module, "cnn.name");
  model.doc = stringAttr(module, "cnn.doc");
  model.source = stringAttr(module, "cnn.source");
  model.recipe = stringAttr(module, "cnn.recipe");
  if (model.name.empty())
    model.name = model.prefix;
  model.batch = cnn::fixedBatch(module);
  model.isBatchExact = model.batch != 0;
  model.graphHash = hashGraph(module);

  auto infer = module.lookupSymbol<func::FuncOp>("infer");
  if (!infer)
    return module.emitError("has no function @infer: run cnnc-split first");
  for (auto [i, type] : llvm::enumerate(infer.getArgumentTypes()))
    model.inputs.push_back(describeTensor(type, infer.getArgAttrDict(i), "input" + Twine(i)));
  for (auto [i, type] : llvm::enumerate(infer.getResultTypes()))
    model.outputs.push_back(describeTensor(type, infer.getResultAttrDict(i), "output" + Twine(i)));
  model.hasPrepare = module.lookupSymbol("prepare") != nullptr;
  auto train = module.lookupSymbol<func::FuncOp>("train");
  model.hasTraining = train != nullptr;
  model.inferFlops = countFlops(infer);
  model.trainFlops = train ? countFlops(train) : 0;
  if (train)
    for (unsigned i = model.inputs.size(), e = train.getNumArguments(); i < e; ++i) {
      model.targets.push_back(
          describeTensor(train.getArgumentTypes()[i], train.getArgAttrDict(i), "target" + Twine(i - model.inputs.size())));
      describeLabels(train.getArgument(i), model.targets.back());
    }
  for (cnn::OptimizerOp optimizer : module.getOps<cnn::OptimizerOp>())
    for (NamedAttribute hyper : cnn::orderedHypers(optimizer))
      model.hypers.push_back({hyper.getName().str(), cast<FloatAttr>(hyper.getValue()).getValueAsDouble()});
  return model;
}

void describeMemory(ModuleOp module, Model &model) {
  auto widen = [&](StringRef name, Model::Memory &memory) {
    ArrayRef<int64_t> sizes = module->getAttrOfType<DenseI64ArrayAttr>(name).asArrayRef();
    memory.fixed = std::max(memory.fixed, sizes[0]);
    memory.perExample = std::max(memory.perExample, sizes[1]);
  };
  widen("plan.infer_memory", model.inferMemory);
  widen("plan.train_memory", model.trainMemory);
  model.parameterBytes = module->getAttrOfType<IntegerAttr>("plan.parameter_bytes").getInt();
  model.gradientBytes = module->getAttrOfType<IntegerAttr>("plan.gradient_bytes").getInt();
  model.parameters.clear();
  for (cnn::ParameterOp op : module.getOps<cnn::ParameterOp>()) {
    RankedTensorType type = op.getTensorType();
    int64_t offset = op->getAttrOfType<IntegerAttr>("plan.offset").getInt();
    model.parameters.push_back({op.getSymName().str(), op.getDoc().value_or("").str(), op.getKind(), op.isTrainable(), type,
                                offset, plan::parameterLayout(type).getElements(type), op.getInitAttr(), op.getValueAttr(),
                                std::nullopt});
  }
}

} // namespace cnnc
