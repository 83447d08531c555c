//===- BuildUpdate.cpp - @update from the optimizer of the module ---------===//
//
// Per trainable parameter: its gradient, clipped, goes through the op of the
// optimizer's rule. Slots and missing hyper-parameters are made here.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"

namespace cnnc {
#define GEN_PASS_DEF_BUILDUPDATEPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

class UpdateBuilder {
public:
  UpdateBuilder(cnn::OptimizerOp optimizer, cnn::UpdateRuleInterface::Concept &rule, RegisteredOperationName ruleName)
      : optimizer(optimizer), rule(rule), ruleName(ruleName), builder(optimizer->getContext()) {}

  LogicalResult completeHypers();
  void build(ArrayRef<cnn::ParameterOp> parameters);

private:
  Value readHyper(StringRef name, Type elementType);
  SmallVector<Value> guardAndClip(SmallVector<Value> gradients);
  void updateParameter(cnn::ParameterOp parameter, Value gradient);
  cnn::ParameterOp createSlot(StringRef slot, cnn::ParameterOp parameter);

  cnn::OptimizerOp optimizer;
  cnn::UpdateRuleInterface::Concept &rule;
  RegisteredOperationName ruleName;
  OpBuilder builder;
  /// One read per hyper-parameter, whichever parameters use it.
  llvm::StringMap<Value> hypers;
};

/// Gives every hyper-parameter of the update a value in `cnn.optimizer`, and
/// refuses those that the rule does not have.
LogicalResult UpdateBuilder::completeHypers() {
  NamedAttrList all;
  SmallVector<StringRef> known;
  auto complete = [&](StringRef name, double value) {
    if (name == "step")
      return;
    known.push_back(name);
    Attribute given = optimizer.getHypers().get(name);
    all.set(name, given ? given : builder.getF64FloatAttr(value));
  };
  for (auto [name, value] : llvm::zip(rule.getHyperNames(), rule.getHyperDefaults()))
    complete(name, value);
  if (optimizer.getClipNorm())
    complete("clip_norm", 1);
  if (optimizer.getClipValue())
    complete("clip_value", 1);
  for (NamedAttribute given : optimizer.getHypers())
    if (!llvm::is_contained(known, given.getName()))
      return optimizer.emitOpError("has no hyper-parameter ")
             << given.getName() << "; " << optimizer.getRule() << " has " << llvm::join(known, ", ");
  optimizer.setHypersAttr(all.getDictionary(builder.getContext()));
  return success();
}

Value UpdateBuilder::readHyper(StringRef name, Type elementType) {
  Value &value = hypers[name];
  if (!value)
    value =
        cnn::HyperOp::create(builder, optimizer.getLoc(), RankedTensorType::get({}, elementType), builder.getStringAttr(name));
  return value;
}

/// An update with a gradient that is not finite does nothing. All gradients
/// together are as long as `clip_norm` at the most, or no element is larger
/// than `clip_value`.
SmallVector<Value> UpdateBuilder::guardAndClip(SmallVector<Value> gradients) {
  Location loc = optimizer.getLoc();
  if (gradients.empty())
    return gradients;
  Type element = cast<RankedTensorType>(gradients[0].getType()).getElementType();
  auto scalar = RankedTensorType::get({}, element);
  Value sum = cnn::SumOfSquaresOp::create(builder, loc, scalar, gradients);
  cnn::RequireFiniteOp::create(builder, loc, sum);
  if (optimizer.getClipNorm()) {
    Value factor = cnn::ClipFactorOp::create(builder, loc, scalar, sum, readHyper("clip_norm", element));
    for (Value &gradient : gradients)
      gradient = cnn::ScaleOp::create(builder, loc, gradient.getType(), gradient, factor);
  }
  if (optimizer.getClipValue())
    for (Value &gradient : gradients)
      gradient = cnn::ClampOp::create(builder, loc, gradient.getType(), gradient, readHyper("clip_value", element));
  return gradients;
}

cnn::ParameterOp UpdateBuilder::createSlot(StringRef slot, cnn::ParameterOp parameter) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(optimizer);
  auto name = builder.getStringAttr(slot + "/" + parameter.getSymName());
  auto zeros = cnn::InitAttr::get(builder.getContext(), cnn::Distribution::Constant, 0, 0);
  return cnn::ParameterOp::create(builder, parameter.getLoc(), name, cnn::ParameterKind::Slot, parameter.getType(), zeros,
                                  /*frozen=*/false, /*decay=*/false, /*doc=*/{}, /*value=*/{});
}

void UpdateBuilder::updateParameter(cnn::ParameterOp parameter, Value gradient) {
  Location loc = parameter.getLoc();
  RankedTensorType type = parameter.getTensorType();
  OperationState update(loc, ruleName);
  auto read = [&](StringAttr name) { return cnn::ReadOp::create(builder, loc, type, name).getResult(); };
  update.addOperands({read(parameter.getSymNameAttr()), gradient});
  SmallVector<StringAttr> targets{parameter.getSymNameAttr()};
  for (StringRef slot : rule.getSlotNames()) {
    targets.push_back(createSlot(slot, parameter).getSymNameAttr());
    update.addOperands(read(targets.back()));
  }
  for (StringRef name : rule.getHyperNames()) {
    if (name == "weight_decay" && !parameter.getDecay()) {
      auto scalar = RankedTensorType::get({}, type.getElementType());
      auto zero = DenseElementsAttr::get(scalar, builder.getFloatAttr(type.getElementType(), 0));
      update.addOperands(cnn::ConstantOp::create(builder, loc, zero).getResult());
    } else {
      update.addOperands(readHyper(name, type.getElementType()));
    }
  }
  if (auto options = optimizer.getOptions())
    update.addAttributes(options->getValue());
  update.addTypes(SmallVector<Type>(targets.size(), type));
  Operation *op = builder.create(update);
  for (auto [target, value] : llvm::zip(targets, op->getResults()))
    cnn::WriteOp::create(builder, loc, target, value);
}

void UpdateBuilder::build(ArrayRef<cnn::ParameterOp> parameters) {
  builder.setInsertionPointToEnd(optimizer->getBlock());
  auto function = func::FuncOp::create(builder, optimizer.getLoc(), "update", builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  SmallVector<Value> gradients;
  for (cnn::ParameterOp parameter : parameters)
    gradients.push_back(
        cnn::ReadGradientOp::create(builder, parameter.getLoc(), parameter.getTensorType(), parameter.getSymName()));
  for (auto [parameter, gradient] : llvm::zip(parameters, guardAndClip(std::move(gradients))))
    updateParameter(parameter, gradient);
  func::ReturnOp::create(builder, optimizer.getLoc());
}

struct BuildUpdatePass : impl::BuildUpdatePassBase<BuildUpdatePass> {
  void runOnOperation() override {
    auto optimizers = llvm::to_vector(getOperation().getOps<cnn::OptimizerOp>());
    if (optimizers.empty())
      return;
    cnn::OptimizerOp optimizer = optimizers.front();
    if (optimizers.size() > 1) {
      optimizers[1].emitOpError("is the second optimizer of the module; there is one at the most");
      return signalPassFailure();
    }
    auto name = RegisteredOperationName::lookup(("cnn." + optimizer.getRule()).str(), &getContext());
    auto *rule = name ? name->getInterface<cnn::UpdateRuleInterface>() : nullptr;
    if (!rule) {
      optimizer.emitOpError("has no rule '")
          << optimizer.getRule() << "'; a rule is an op that updates a parameter, such as sgd or adam";
      return signalPassFailure();
    }
    SmallVector<cnn::ParameterOp> trainable;
    for (auto parameter : getOperation().getOps<cnn::ParameterOp>())
      if (parameter.isTrainable())
        trainable.push_back(parameter);
    UpdateBuilder builder(optimizer, *rule, *name);
    if (failed(builder.completeHypers()))
      return signalPassFailure();
    builder.build(trainable);
  }
};

} // namespace
} // namespace cnnc
