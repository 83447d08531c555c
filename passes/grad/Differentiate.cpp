//===- Differentiate.cpp - reverse mode over @train -----------------------===//
//
// One sweep from the loss back to the first op builds the gradient of every
// value that depends on a trainable parameter or an input. What no parameter's
// gradient needs then moves behind the phase "input_gradient".
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Passes.h"
#include "llvm/ADT/SetVector.h"

namespace cnnc {
#define GEN_PASS_DEF_DIFFERENTIATEPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

class Differentiation {
public:
  Differentiation(func::FuncOp train, SymbolTable &symbols)
      : train(train), symbols(symbols), terminator(train.front().getTerminator()), builder(terminator) {}

  LogicalResult run();

private:
  void findActiveValues();
  LogicalResult checkPath(Operation *op);
  LogicalResult sweep(Operation *op);
  void accumulate(Value value, Value gradient);
  void returnInputGradients();
  void splitPhases(Operation *lastForward);

  func::FuncOp train;
  SymbolTable &symbols;
  Operation *terminator;
  OpBuilder builder;
  /// Each value that depends on a trainable parameter or an input, with the
  /// `cnn.read` or argument that it depends on.
  DenseMap<Value, Value> active;
  DenseMap<Value, Value> gradients;
};

bool isFloatTensor(Type type) { return isa<FloatType>(cast<RankedTensorType>(type).getElementType()); }

void Differentiation::findActiveValues() {
  for (BlockArgument argument : train.getArguments())
    if (!train.getArgAttr(argument.getArgNumber(), "cnn.target") && isFloatTensor(argument.getType()))
      active[argument] = argument;
  for (Operation &op : train.front().without_terminator()) {
    if (auto read = dyn_cast<cnn::ReadOp>(op)) {
      auto parameter = symbols.lookup<cnn::ParameterOp>(read.getParameter());
      if (parameter && parameter.isTrainable())
        active[read.getResult()] = read.getResult();
      continue;
    }
    for (Value operand : op.getOperands())
      if (auto source = active.find(operand); source != active.end()) {
        Value from = source->second;
        for (Value result : op.getResults())
          active[result] = from;
        break;
      }
  }
}

/// An op between the loss and something trainable has to have a gradient.
LogicalResult Differentiation::checkPath(Operation *op) {
  if (isa<cnn::DifferentiableInterface>(op))
    return success();
  Value source = active.lookup(op->getResult(0));
  auto error = op->emitOpError("has no gradient, but lies between the loss and ");
  if (auto read = source.getDefiningOp<cnn::ReadOp>())
    error << "parameter '" << read.getParameter() << "'";
  else
    error << "input " << cast<BlockArgument>(source).getArgNumber();
  return error.attachNote(source.getLoc()) << "which is used from here on";
}

void Differentiation::accumulate(Value value, Value gradient) {
  Value &sum = gradients[value];
  sum = sum ? cnn::AddOp::create(builder, gradient.getLoc(), gradient.getType(), sum, gradient).getResult() : gradient;
}

/// Adds to the gradients of the operands of `op`, those of its results known.
LogicalResult Differentiation::sweep(Operation *op) {
  SmallVector<Value> resultGradients, operandGradients(op->getNumOperands());
  for (Value result : op->getResults())
    resultGradients.push_back(gradients.lookup(result));
  if (llvm::none_of(resultGradients, [](Value gradient) { return gradient; }))
    return success();
  if (auto read = dyn_cast<cnn::ReadOp>(op)) {
    if (active.contains(read.getResult()))
      cnn::AddGradientOp::create(builder, op->getLoc(), read.getParameterAttr(), resultGradients[0]);
    return success();
  }
  llvm::BitVector needsGradient(op->getNumOperands());
  for (OpOperand &operand : op->getOpOperands())
    needsGradient[operand.getOperandNumber()] = active.contains(operand.get());
  if (needsGradient.none())
    return success();
  if (failed(checkPath(op)) ||
      failed(cast<cnn::DifferentiableInterface>(op).buildGradient(builder, resultGradients, needsGradient, operandGradients)))
    return failure();
  for (auto [i, gradient] : llvm::enumerate(operandGradients))
    if (gradient && needsGradient[i])
      accumulate(op->getOperand(i), gradient);
  return success();
}

/// @train returns the loss, then a gradient per input: zeros where an input
/// does not reach the loss.
void Differentiation::returnInputGradients() {
  SmallVector<Type> types(train.getResultTypes());
  for (BlockArgument argument : train.getArguments()) {
    if (!active.contains(argument))
      continue;
    Value gradient = gradients.lookup(argument);
    if (!gradient)
      gradient = cnn::AffineOp::create(builder, argument.getLoc(), argument.getType(), argument, builder.getF64FloatAttr(0),
                                       builder.getF64FloatAttr(0));
    terminator->insertOperands(terminator->getNumOperands(), gradient);
    types.push_back(gradient.getType());
  }
  SmallVector<DictionaryAttr> attributes;
  train.getAllResultAttrs(attributes);
  attributes.resize(types.size(), builder.getDictionaryAttr({}));
  train.setType(builder.getFunctionType(train.getArgumentTypes(), types));
  train.setAllResultAttrs(attributes);
}

/// Starts the phase "backward" behind the forward ops, and moves what no
/// parameter's gradient needs behind "input_gradient".
void Differentiation::splitPhases(Operation *lastForward) {
  Block &body = train.front();
  builder.setInsertionPointAfter(lastForward);
  auto backward = cnn::PhaseOp::create(builder, train.getLoc(), "backward");
  builder.setInsertionPoint(terminator);
  auto inputGradient = cnn::PhaseOp::create(builder, train.getLoc(), "input_gradient");

  llvm::DenseSet<Operation *> needed;
  SmallVector<Operation *> ops;
  for (Operation *op = backward->getNextNode(); op != inputGradient; op = op->getNextNode())
    ops.push_back(op);
  for (Operation *op : llvm::reverse(ops))
    if (isa<cnn::AddGradientOp>(op) || needed.contains(op))
      for (Value operand : op->getOperands())
        if (Operation *producer = operand.getDefiningOp())
          needed.insert(producer);
  for (Operation *op : ops)
    if (!isa<cnn::AddGradientOp>(op) && !needed.contains(op))
      op->moveBefore(&body, terminator->getIterator());
}

LogicalResult Differentiation::run() {
  findActiveValues();
  Block &body = train.front();
  Operation *lastForward = terminator->getPrevNode();
  SmallVector<Operation *> forward;
  for (Operation &op : body.without_terminator())
    forward.push_back(&op);

  auto lossType = cast<RankedTensorType>(terminator->getOperand(0).getType());
  auto one = DenseElementsAttr::get(lossType, builder.getFloatAttr(lossType.getElementType(), 1.0));
  accumulate(terminator->getOperand(0), cnn::ConstantOp::create(builder, train.getLoc(), one));
  for (Operation *op : llvm::reverse(forward))
    if (failed(sweep(op)))
      return failure();
  returnInputGradients();
  splitPhases(lastForward);
  return success();
}

struct DifferentiatePass : impl::DifferentiatePassBase<DifferentiatePass> {
  using DifferentiatePassBase::DifferentiatePassBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    auto train = symbols.lookup<func::FuncOp>("train");
    if (!train)
      return;
    if (!train.getBody().hasOneBlock() || train.getNumResults() != 1 || train.front().without_terminator().empty()) {
      train.emitOpError("needs one block and one result, the loss, to be differentiated");
      return signalPassFailure();
    }
    if (failed(Differentiation(train, symbols).run()))
      return signalPassFailure();
  }
};

} // namespace
} // namespace cnnc
