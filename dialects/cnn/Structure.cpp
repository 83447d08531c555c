//===- Structure.cpp - constants, parameters, phases ----------------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/ParameterUse.h"

using namespace mlir;
using namespace cnnc::cnn;

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValueAttr(); }

//===----------------------------------------------------------------------===//
// Parameters and their uses
//===----------------------------------------------------------------------===//

LogicalResult ParameterOp::verify() {
  // parameter_c1
  if (!getTensorType().hasStaticShape())
    return emitOpError("needs static sizes, got ") << getTensorType();
  // parameter_c2
  if (auto value = getValue(); value && value->getShapedType() != getTensorType())
    return emitOpError("has a value of ") << value->getShapedType() << ", but is of " << getTensorType();
  // parameter_c3
  if (getKind() != ParameterKind::Weight && (getFrozen() || getDecay()))
    return emitOpError("is a ") << stringifyParameterKind(getKind()) << ", but only weights are frozen or decay";
  return success();
}

LogicalResult cnnc::cnn::verifyParameterUse(Operation *op, FlatSymbolRefAttr name, Type type, SymbolTableCollection &symbols,
                                            bool trainable) {
  auto parameter = symbols.lookupNearestSymbolFrom<ParameterOp>(op, name);
  if (!parameter)
    return op->emitOpError("refers to @") << name.getValue() << ", which the module does not declare: add a cnn.parameter";
  if (parameter.getTensorType() != type) {
    auto error = op->emitOpError("takes '") << name.getValue() << "' for " << type << ", but it is " << parameter.getTensorType();
    return error.attachNote(parameter.getLoc()) << "it is defined here";
  }
  if (trainable && !parameter.isTrainable()) {
    auto error = op->emitOpError("needs a trainable parameter, but '") << name.getValue() << "' has no gradient";
    return error.attachNote(parameter.getLoc()) << "it is defined here";
  }
  return success();
}

LogicalResult ReadOp::verifySymbolUses(SymbolTableCollection &symbols) { // read_c1
  return verifyParameterUse(*this, getParameterAttr(), getType(), symbols);
}
LogicalResult WriteOp::verifySymbolUses(SymbolTableCollection &symbols) { // write_c1
  return verifyParameterUse(*this, getParameterAttr(), getValue().getType(), symbols);
}
LogicalResult AddGradientOp::verifySymbolUses(SymbolTableCollection &symbols) { // add_gradient_c1
  return verifyParameterUse(*this, getParameterAttr(), getValue().getType(), symbols, /*trainable=*/true);
}
LogicalResult ReadGradientOp::verifySymbolUses(SymbolTableCollection &symbols) { // read_gradient_c1
  return verifyParameterUse(*this, getParameterAttr(), getType(), symbols, /*trainable=*/true);
}

//===----------------------------------------------------------------------===//
// Phases and the optimizer
//===----------------------------------------------------------------------===//

LogicalResult PhaseOp::verify() {
  // phase_c1
  if (getName() != "backward" && getName() != "input_gradient")
    return emitOpError("is \"backward\" or \"input_gradient\", not ") << getNameAttr();
  return success();
}

LogicalResult OptimizerOp::verify() {
  // optimizer_c1
  for (NamedAttribute hyper : getHypers())
    if (!isa<FloatAttr>(hyper.getValue()))
      return emitOpError("needs a floating-point number for ") << hyper.getName() << ", got " << hyper.getValue();
  return success();
}
