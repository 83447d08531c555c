//===- Interpreter.cpp - runs a function op by op -------------------------===//

#include "test/interpreter/Interpreter.h"
#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/Images.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

#include "test/interpreter/Evaluable.cpp.inc"

using namespace mlir;

namespace cnnc::interpreter {

void registerEvaluators(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachActivationEvaluators(context);
    attachArithmeticEvaluators(context);
    attachContractionEvaluators(context);
    attachElementwiseEvaluators(context);
    attachFunctionEvaluators(context);
    attachImageNormEvaluators(context);
    attachGeneralEvaluators(context);
    attachGridSampleEvaluators(context);
    attachIndexEvaluators(context);
    attachLossEvaluators(context);
    attachNormEvaluators(context);
    attachOptimizerEvaluators(context);
    attachPoolEvaluators(context);
    attachUnpoolEvaluators(context);
    attachRearrangeEvaluators(context);
    attachResampleEvaluators(context);
    attachShapeEvaluators(context);
    attachStructureEvaluators(context);
  });
}

/// Zeros of a type whose dynamic size, if any, is the batch.
static Tensor zeros(Type type, int64_t batch) {
  std::vector<int64_t> shape = cast<RankedTensorType>(type).getShape().vec();
  for (int64_t &size : shape)
    size = ShapedType::isDynamic(size) ? batch : size;
  return Tensor(std::move(shape));
}

Interpreter::Interpreter(ModuleOp module) : module(module) {
  for (auto parameter : module.getOps<cnn::ParameterOp>()) {
    Tensor start = zeros(parameter.getTensorType(), 1);
    if (auto value = parameter.getValue())
      for (auto [element, from] : llvm::zip(start.values, value->getValues<APFloat>()))
        element = from.convertToDouble();
    if (parameter.isTrainable())
      state.gradients[parameter.getSymName()] = zeros(parameter.getTensorType(), 1);
    state.parameters[parameter.getSymName()] = std::move(start);
  }
  for (auto optimizer : module.getOps<cnn::OptimizerOp>())
    for (NamedAttribute hyper : optimizer.getHypers())
      state.hypers[hyper.getName()] = cast<FloatAttr>(hyper.getValue()).getValueAsDouble();
}

void Interpreter::clearGradients() {
  for (auto &entry : state.gradients)
    llvm::fill(entry.second.values, 0.0);
}

FailureOr<std::vector<Tensor>> Interpreter::run(StringRef name, ArrayRef<Tensor> inputs) {
  auto function = module.lookupSymbol<func::FuncOp>(name);
  if (!function)
    return module.emitError("has no function @") << name << " to run";
  if (inputs.size() != function.getNumArguments())
    return function.emitOpError("takes ") << function.getNumArguments() << " inputs, got " << inputs.size();

  int64_t batch = std::max<int64_t>(1, cnn::fixedBatch(module));
  for (auto [argument, input] : llvm::zip(function.getArguments(), inputs))
    if (auto type = cast<RankedTensorType>(argument.getType()); type.getRank() && type.isDynamicDim(0) && input.rank()) {
      batch = input.batch();
      break;
    }
  llvm::DenseMap<Value, Tensor> values;
  for (auto [argument, input] : llvm::zip(function.getArguments(), inputs)) {
    std::vector<int64_t> wanted = zeros(argument.getType(), batch).shape;
    if (input.shape != wanted)
      return function.emitOpError("needs input ")
             << argument.getArgNumber() << " of shape [" << wanted << "], got [" << input.shape << "]";
    values[argument] = input;
  }

  Block &body = function.front();
  for (Operation &op : body.without_terminator()) {
    auto evaluable = dyn_cast<EvaluableInterface>(op);
    if (!evaluable)
      return op.emitOpError("cannot be interpreted");
    SmallVector<const Tensor *> operands;
    for (Value operand : op.getOperands())
      operands.push_back(&values.find(operand)->second);
    SmallVector<Tensor> results;
    for (Type type : op.getResultTypes())
      results.push_back(zeros(type, batch));
    Evaluation evaluation{operands, results, state};
    if (failed(evaluable.evaluate(evaluation)))
      return failure();
    for (auto [value, result] : llvm::zip(op.getResults(), results))
      values[value] = std::move(result);
  }
  std::vector<Tensor> outputs;
  for (Value value : body.getTerminator()->getOperands())
    outputs.push_back(values.find(value)->second);
  return outputs;
}

} // namespace cnnc::interpreter
