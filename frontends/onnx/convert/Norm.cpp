//===- Norm.cpp - normalisations, dropout, softmax ------------------------===//

#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// Mode-neutral: in inference by the running statistics, in training by those
/// of the batch. ONNX's momentum is what stays of the old statistics.
static void convertBatchNormalization(Call &call) {
  double epsilon = call.number("epsilon", 1e-5), momentum = call.number("momentum", 0.9);
  if (call.node.version < 9 && !call.flag("spatial", true))
    call.refuse("has spatial = 0", "normalise over each channel: spatial = 1");
  if (epsilon < 0 || momentum < 0 || momentum > 1)
    call.refuse("has epsilon " + text(epsilon) + " and momentum " + text(momentum), "epsilon is not negative, momentum from 0 to 1");
  if (!call.ready(5))
    return;
  const Tensor *mean = call.constant(3, "the running mean"), *variance = mean ? call.constant(4, "the running variance") : nullptr;
  mlir::Value input = variance ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  Shape shape(shapeOf(input));
  for (size_t i = 1; i < 5; ++i)
    if (shape.size() < 2 || call.shape(i) != Shape{shape[1]}) {
      call.refuse("has an input " + text(shape) + " and an operand " + text(call.shape(i)), "scale, bias, mean and variance have one element per channel");
      return;
    }
  if (shape.size() != 2 && !isSpatial(call, shape))
    return;
  Conversion &conversion = call.conversion;
  mlir::FlatSymbolRefAttr meanName = conversion.parameterName(*mean, cnn::ParameterKind::Buffer, call.node.str());
  mlir::FlatSymbolRefAttr varianceName = meanName ? conversion.parameterName(*variance, cnn::ParameterKind::Buffer, call.node.str()) : meanName;
  mlir::Value scale = varianceName ? call.runtime(1) : mlir::Value(), shift = scale ? call.runtime(2) : scale;
  if (shift)
    call.set(0, windowsOf(call).onImages(input, [&](mlir::Value images) {
      return call.emit<cnn::BatchnormOp>(shapeOf(images), images, scale, shift, meanName, varianceName, conversion.builder.getF64FloatAttr(epsilon),
                                         conversion.builder.getF64FloatAttr(1 - momentum));
    }));
}

/// The ratio was an attribute before version 12.
static void convertDropout(Call &call) {
  double ratio = call.number("ratio", 0.5);
  if (!call.ready())
    return;
  if (call.has(1)) {
    const Tensor *given = call.constant(1, "the ratio");
    if (!given || given->elements() != 1)
      return;
    ratio = given->at(0).real;
  }
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  // In inference, which is all that a ratio of 1 can be for, it is the identity.
  bool drops = ratio > 0 && ratio < 1;
  call.set(0, drops ? call.emit<cnn::DropoutOp>(shapeOf(input), input, llvm::APFloat(ratio), static_cast<uint64_t>(call.conversion.dropouts++)) : input);
}

void onnx::addNorms(Table &table) {
  table["BatchNormalization"] = convertBatchNormalization;
  table["Dropout"] = convertDropout;
}
