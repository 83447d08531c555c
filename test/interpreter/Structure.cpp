//===- Structure.cpp - parameters, hyper-parameters, constants ------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

static LogicalResult lookUp(Operation *op, llvm::StringMap<Tensor> &map, StringRef name, Tensor *&tensor) {
  auto entry = map.find(name);
  if (entry == map.end())
    return op->emitOpError("finds no '") << name << "' in the state of the interpreter";
  tensor = &entry->second;
  return success();
}

static LogicalResult evaluateRead(cnn::ReadOp op, Evaluation &e) {
  Tensor *parameter;
  if (failed(lookUp(op, e.state.parameters, op.getParameter(), parameter)))
    return failure();
  e.result() = *parameter;
  return success();
}

static LogicalResult evaluateWrite(cnn::WriteOp op, Evaluation &e) {
  Tensor *parameter;
  if (failed(lookUp(op, e.state.parameters, op.getParameter(), parameter)))
    return failure();
  *parameter = e.operand(0);
  return success();
}

static LogicalResult evaluateReadGradient(cnn::ReadGradientOp op, Evaluation &e) {
  Tensor *gradient;
  if (failed(lookUp(op, e.state.gradients, op.getParameter(), gradient)))
    return failure();
  e.result() = *gradient;
  return success();
}

static LogicalResult evaluateAddGradient(cnn::AddGradientOp op, Evaluation &e) {
  Tensor *gradient;
  if (failed(lookUp(op, e.state.gradients, op.getParameter(), gradient)))
    return failure();
  for (int64_t i = 0; i < gradient->size(); ++i)
    (*gradient)[i] += e.operand(0)[i];
  return success();
}

static LogicalResult evaluateHyper(cnn::HyperOp op, Evaluation &e) {
  auto hyper = e.state.hypers.find(op.getName());
  if (op.getName() == "step")
    e.result()[0] = static_cast<double>(e.state.step);
  else if (hyper != e.state.hypers.end())
    e.result()[0] = hyper->second;
  else
    return op.emitOpError("finds no hyper-parameter '") << op.getName() << "' in the state of the interpreter";
  return success();
}

static void evaluatePhase(cnn::PhaseOp, Evaluation &) {}
/// A run of the reference shows what is not finite; it does not end on it.
static void evaluateRequireFinite(cnn::RequireFiniteOp, Evaluation &) {}

static void evaluateConstant(cnn::ConstantOp op, Evaluation &e) {
  if (op.getType().getElementType().isInteger()) {
    for (auto [element, value] : llvm::zip(e.result().values, op.getValue().getValues<APInt>()))
      element = double(value.getSExtValue());
    return;
  }
  for (auto [element, value] : llvm::zip(e.result().values, op.getValue().getValues<APFloat>()))
    element = value.convertToDouble();
}

void interpreter::attachStructureEvaluators(MLIRContext *context) {
  attach<cnn::ReadOp, evaluateRead>(context);
  attach<cnn::WriteOp, evaluateWrite>(context);
  attach<cnn::ReadGradientOp, evaluateReadGradient>(context);
  attach<cnn::AddGradientOp, evaluateAddGradient>(context);
  attach<cnn::HyperOp, evaluateHyper>(context);
  attach<cnn::PhaseOp, evaluatePhase>(context);
  attach<cnn::RequireFiniteOp, evaluateRequireFinite>(context);
  attach<cnn::ConstantOp, evaluateConstant>(context);
}
