//===- Gradients.cpp - registration of gradients, shared pieces -----------===//

#include "passes/grad/Gradients.h"
#include "passes/grad/Vjp.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;

void cnnc::registerGradients(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachConvGradients(context);
    attachElementwiseGradients(context);
    attachImageNormGradients(context);
    attachGeneralGradients(context);
    attachLossGradients(context);
    attachNormGradients(context);
    attachPoolGradients(context);
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
