//===- Gradients.cpp - registration of gradients, shared pieces -----------===//

#include "passes/grad/Gradients.h"
#include "mlir/IR/DialectRegistry.h"
#include "passes/grad/Vjp.h"

using namespace mlir;

void cnnc::registerGradients(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachActivationGradients(context);
    attachArithmeticGradients(context);
    attachConvGradients(context);
    attachElementwiseGradients(context);
    attachFunctionGradients(context);
    attachImageNormGradients(context);
    attachGeneralGradients(context);
    attachIndexGradients(context);
    attachLossGradients(context);
    attachNormGradients(context);
    attachPoolGradients(context);
    attachRearrangeGradients(context);
    attachResampleGradients(context);
    attachShapeGradients(context);
  });
}

Value cnnc::Vjp::constant(RankedTensorType type, ArrayRef<double> values) {
  SmallVector<Attribute> elements;
  for (double value : values)
    elements.push_back(builder.getFloatAttr(type.getElementType(), value));
  return create<cnn::ConstantOp>(DenseElementsAttr::get(type, elements));
}

Value cnnc::Vjp::mul(Value x, Value y) { return apply<cnn::MulOp>(x, y); }

Value cnnc::Vjp::affine(Value x, double scale, double offset) {
  return create<cnn::AffineOp>(x.getType(), x, builder.getF64FloatAttr(scale), builder.getF64FloatAttr(offset));
}

Value cnnc::Vjp::scaleChannels(Value x, Value scale) {
  auto channels = cast<RankedTensorType>(scale.getType());
  Value zero = constant(channels, SmallVector<double>(channels.getNumElements(), 0.0));
  return create<cnn::ScaleShiftOp>(x.getType(), x, scale, zero);
}
