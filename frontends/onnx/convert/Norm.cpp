//===- Norm.cpp - normalisations, dropout, softmax ------------------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/SumNorm.h"
#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// What batch norm does in training, where the model reads the statistics that it makes: (x - mean) / √(variance + ε) ·
/// scale + bias, and the running statistics with those of the batch.
static void normalizeByBatch(Call &call, mlir::Value input, double epsilon, double momentum) {
  Shape shape(shapeOf(input)), axes{0}, channels{1, shape[1]};
  for (size_t i = 2; i < shape.size(); ++i)
    axes.push_back(i), channels.push_back(1);
  std::optional<Moments> moments = momentsOver(call, input, axes);
  mlir::Value shifted =
      moments ? call.emit<cnn::AffineOp>(channels, moments->variance, llvm::APFloat(1.0), llvm::APFloat(epsilon)) : mlir::Value();
  mlir::Value inverse = shifted ? call.emit<cnn::RsqrtOp>(channels, shifted) : shifted;
  mlir::Value scale = inverse ? call.reshape(call.runtime(1), channels) : inverse,
              shift = scale ? call.reshape(call.runtime(2), channels) : scale;
  mlir::Value factor = shift ? call.emit<cnn::MulOp>(channels, inverse, scale) : shift;
  factor = factor ? repeat(call, factor, shape) : factor;
  shift = factor ? repeat(call, shift, shape) : factor;
  mlir::Value scaled = shift ? call.emit<cnn::MulOp>(shape, moments->centred, factor) : shift;
  mlir::Value result = scaled ? call.emit<cnn::AddOp>(shape, scaled, shift) : scaled;
  if (!result)
    return;
  call.set(0, result);
  for (size_t i : {1, 2}) {
    mlir::Value old = call.runtime(2 + i), now = call.reshape(i == 1 ? moments->mean : moments->variance, {shape[1]});
    mlir::Value stays =
        old && now ? call.emit<cnn::AffineOp>({shape[1]}, old, llvm::APFloat(momentum), llvm::APFloat(0.0)) : mlir::Value();
    mlir::Value joins =
        stays ? call.emit<cnn::AffineOp>({shape[1]}, now, llvm::APFloat(1 - momentum), llvm::APFloat(0.0)) : stays;
    if (joins)
      call.set(i, call.emit<cnn::AddOp>({shape[1]}, stays, joins));
  }
}

/// The same by the running statistics, where the op does not do: of what has no batch, the rows of all examples, one
/// behind the other, and by statistics that are only known at run time.
static void normalizeByRunning(Call &call, mlir::Value input, double epsilon) {
  Compose compose(call);
  Shape channels(shapeOf(input).size(), 1);
  channels[1] = shapeOf(input)[1];
  auto perChannel = [&](mlir::Value vector) { return vector ? call.reshape(vector, channels) : vector; };
  auto statistic = [&](size_t i) {
    return perChannel(call.isConstant(i) ? compose.constant(call.operand(i).constant) : call.runtime(i));
  };
  mlir::Value inverse = compose.map<cnn::RsqrtOp>(compose.affine(statistic(4), 1, epsilon));
  mlir::Value factor = inverse ? compose.mul(inverse, perChannel(call.runtime(1))) : inverse;
  mlir::Value centred = factor ? compose.sub(input, statistic(3)) : factor;
  mlir::Value result = centred ? compose.add(compose.mul(centred, factor), perChannel(call.runtime(2))) : centred;
  if (result)
    call.set(0, result);
}

/// Mode-neutral: in inference by the running statistics, in training by those
/// of the batch. ONNX's momentum is what stays of the old statistics.
static void normalizeBatches(Call &call) {
  double epsilon = call.number("epsilon", 1e-5), momentum = call.number("momentum", 0.9);
  if (call.node.version < 9 && !call.flag("spatial", true))
    call.refuse("has spatial = 0", "normalise over each channel: spatial = 1");
  if (epsilon < 0 || momentum < 0 || momentum > 1)
    call.refuse("has epsilon " + text(epsilon) + " and momentum " + text(momentum),
                "epsilon is not negative, momentum from 0 to 1");
  if (!call.ready(5))
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  for (size_t i = 1; i < 5; ++i)
    call.useWhole(i);
  Shape shape(shapeOf(input));
  for (size_t i = 1; i < 5; ++i)
    if (shape.size() < 2 || call.shape(i) != Shape{shape[1]}) {
      call.refuse("has an input " + text(shape) + " and an operand " + text(call.shape(i)),
                  "scale, bias, mean and variance have one element per channel");
      return;
    }
  if (call.isRead(1) || call.isRead(2))
    return normalizeByBatch(call, input, epsilon, momentum);
  // Weights that are standardised by their own moments have no batch.
  auto isGiven = [&](size_t i) { return call.isConstant(i) || call.operand(i).isKnown; };
  bool isKnown = isGiven(3) && isGiven(4);
  if ((shape[0] != dynamic || !isKnown) && call.flag("training_mode", false))
    return normalizeByBatch(call, input, epsilon, momentum);
  if ((shape[0] != dynamic && !call.conversion.trains) || !isKnown)
    return normalizeByRunning(call, input, epsilon);
  if (shape.size() != 2 && !isSpatial(call, shape))
    return;
  Conversion &conversion = call.conversion;
  auto statistic = [&](size_t i) {
    return conversion.parameterName(call.operand(i).constant, cnn::ParameterKind::Buffer, call.node.str());
  };
  mlir::FlatSymbolRefAttr meanName = statistic(3), varianceName = meanName ? statistic(4) : meanName;
  mlir::Value scale = varianceName ? call.runtime(1) : mlir::Value(), shift = scale ? call.runtime(2) : scale;
  if (shift)
    call.set(0, windowsOf(call).onImages(input, [&](mlir::Value images) {
      return call.emit<cnn::BatchnormOp>(shapeOf(images), images, scale, shift, meanName, varianceName,
                                         conversion.builder.getF64FloatAttr(epsilon),
                                         conversion.builder.getF64FloatAttr(1 - momentum));
    }));
}

/// Parts of each example that the file counts with the batch are places like others. "channel_axis" is no attribute of
/// ONNX: it is 2 where those parts are dimension 1 (Mover.h).
static void convertBatchNormalization(Call &call) {
  if (call.integer("channel_axis", 1) != 2 || !call.ready() || call.isConstant(0) || shapeOf(call.runtime(0)).size() < 3)
    return normalizeBatches(call);
  Compose compose(call);
  Call places(call.conversion, call.node);
  std::vector<Value> operands;
  for (size_t i = 0; i < call.operands(); ++i)
    operands.push_back(call.operand(i));
  operands[0].runtime = compose.toEnd(call.runtime(0), 1);
  if (!operands[0].runtime)
    return;
  places.use(std::move(operands));
  normalizeBatches(places);
  if (mlir::Value result = places.results.empty() ? mlir::Value() : places.results[0].runtime)
    call.set(0, compose.fromEnd(result, 1));
}

/// The ratio was an attribute before version 12.
static void convertDropout(Call &call) {
  double ratio = call.number("ratio", 0.5);
  if (!call.ready())
    return;
  if (call.has(1) && (call.isConstant(1) || call.conversion.trains)) {
    const Tensor *given = call.constant(1, "the ratio");
    if (!given || given->elements() != 1)
      return;
    ratio = given->number(0);
  }
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  // In inference, which is all that a ratio of 1 can be for, it is the identity.
  bool drops = ratio > 0 && ratio < 1;
  call.set(0, drops ? call.emit<cnn::DropoutOp>(shapeOf(input), input, llvm::APFloat(ratio),
                                                static_cast<uint64_t>(call.conversion.dropouts++))
                    : input);
  if (!call.isRead(1) || call.conversion.trains)
    return;
  // Nothing is dropped: the mask is true everywhere. Before version 10 it was of the input's type.
  Tensor one = Tensor::splat(ElementType::Bool, {1}, {0, 1, 1});
  one.name = call.node.outputs[1];
  mlir::Value mask = call.parameter(one);
  call.set(1, mask ? repeat(call, mask, shapeOf(input)) : mask, call.node.version < 10 ? call.type(0) : ElementType::Bool);
}

/// Of each example all or nothing is left, scaled so that the mean stays; the second operand is the shape [N, 1, …] of
/// what is drawn (StochasticDepth.h).
static void convertStochasticDepth(Call &call) {
  double ratio = call.number("ratio", 0);
  if (!call.ready(2))
    return;
  mlir::Value input = call.runtime(0);
  const Tensor *drawn = input ? call.constant(1, "a shape") : nullptr;
  if (!drawn)
    return;
  Shape shape(shapeOf(input)), ones(shape.size(), 1);
  bool fits = drawn->rank() == 1 && drawn->elements() == static_cast<int64_t>(shape.size()) && !shape.empty() &&
              shape[0] == dynamic && !isReal(drawn->type());
  for (int64_t i = 0; fits && i < drawn->elements(); ++i) {
    Scalar size = drawn->at(i);
    // A 1 would be one number for all examples.
    bool isBatch = size == Scalar{1, 0, 0} || (size == Scalar{0, call.conversion.fixedBatch, 0} && size.integer > 1);
    fits = i == 0 ? isBatch : size == Scalar{0, 1, 0};
  }
  if (!fits || !(ratio >= 0 && ratio < 1))
    return call.refuse("draws random numbers that are not one for each example",
                       "export the model for inference, or without stochastic depth");
  if (!call.conversion.trains || ratio == 0)
    return call.set(0, input);
  Tensor one = Tensor::splat(ElementType::F32, {1}, {0, 0, 1});
  one.name = call.node.outputs[0] + ".one";
  ones[0] = dynamic;
  mlir::Value whole = call.conversion.parameter(one, cnn::ParameterKind::Weight, call.node.str());
  whole = whole ? call.emit<cnn::BroadcastOp>(ones, whole) : whole;
  whole = whole ? call.emit<cnn::DropoutOp>(ones, whole, llvm::APFloat(ratio), static_cast<uint64_t>(call.conversion.dropouts++))
                : whole;
  whole = whole ? call.emit<cnn::BroadcastOp>(shape, whole) : whole;
  call.set(0, whole ? call.emit<cnn::MulOp>(shape, input, whole) : whole);
}

void onnx::addNorms(Table &table) {
  table["StochasticDepth"] = convertStochasticDepth;
  table["BatchNormalization"] = convertBatchNormalization;
  table["Dropout"] = convertDropout;
}
