//===- Activation.cpp - activations with and without constants ------------===//

#include "frontends/dsl/layers/Plain.h"
#include "frontends/dsl/layers/Windowed.h"

using namespace cnnc;
using namespace cnnc::dsl;

/// `Op` of x with its numbers, in the order of the attributes.
template <typename Op, typename... Names> static std::optional<Tensor> emitWith(LayerContext &context, Names... names) {
  const Tensor &x = context.tensor("x");
  return context.emit<Op>(x.shape, x.value, llvm::APFloat(context.number(names))...);
}
template <typename Op> static std::optional<Tensor> buildWithAlpha(LayerContext &context) {
  return emitWith<Op>(context, "alpha");
}
static std::optional<Tensor> buildSelu(LayerContext &context) { return emitWith<cnn::SeluOp>(context, "alpha", "gamma"); }
static std::optional<Tensor> buildHardSigmoid(LayerContext &context) {
  return emitWith<cnn::HardSigmoidOp>(context, "alpha", "beta");
}
static std::optional<Tensor> buildSwish(LayerContext &context) { return emitWith<cnn::SwishOp>(context, "beta"); }

static std::optional<Tensor> buildCelu(LayerContext &context) {
  if (context.number("alpha") > 0)
    return emitWith<cnn::CeluOp>(context, "alpha");
  context.error("'celu' needs a positive 'alpha', got " + numberText(context.number("alpha"))).help("1 is the usual one");
  return std::nullopt;
}

/// The words after `approximate:`.
static const Vocabulary &approximations() {
  static const Table<Signature> table = [] {
    Table<Signature> table("none or tanh");
    table.add({"none", "by the error function", {}});
    table.add({"tanh", "by the hyperbolic tangent", {}});
    return table;
  }();
  return table;
}
static Value noApproximation() {
  auto record = std::make_shared<Record>();
  record->signature = approximations().lookup("none");
  return std::shared_ptr<const Record>(record);
}
static std::optional<Tensor> buildGelu(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  return context.emit<cnn::GeluOp>(x.shape, x.value, context.args["approximate"].record()->signature->name);
}

static std::optional<Tensor> buildClip(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  auto bound = [&](llvm::StringRef name) {
    return context.given(name) ? context.model.ops().getF64FloatAttr(context.number(name)) : mlir::FloatAttr();
  };
  return context.emit<cnn::ClipOp>(x.shape, x.value, bound("min"), bound("max"));
}

static std::optional<Tensor> buildPrelu(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!needsPlaces(context, x))
    return std::nullopt;
  mlir::Value slope = context.weight("weight", {x.shape[1]}, {cnn::Distribution::Constant, 0.25, 0});
  if (!slope)
    return std::nullopt;
  return onImages(context, x, [&](mlir::Value images) -> mlir::Value {
    return cnn::PreluOp::create(context.model.ops(), context.location(), images.getType(), images, slope);
  });
}

void dsl::addActivationLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor()), alpha("alpha", types::number(), 1.0), beta("beta", types::number(), 1.0);
  table.add({{"elu", "x where positive, alpha · (e^x - 1) elsewhere", {x, alpha}}, false, buildWithAlpha<cnn::EluOp>});
  table.add({{"selu",
              "gamma · elu(x, alpha)",
              {x, {"alpha", types::number(), 1.6732632423543772}, {"gamma", types::number(), 1.0507009873554805}}},
             false,
             buildSelu});
  table.add({{"celu", "x where positive, alpha · (e^(x / alpha) - 1) elsewhere", {x, alpha}}, false, buildCelu});
  table.add({{"softplus", "ln(1 + e^x)", {x}}, false, buildUnary<cnn::SoftplusOp>});
  table.add({{"softsign", "x / (1 + |x|)", {x}}, false, buildUnary<cnn::SoftsignOp>});
  table.add({{"mish", "x · tanh(softplus(x))", {x}}, false, buildUnary<cnn::MishOp>});
  table.add({{"hard_sigmoid",
              "min(max(alpha · x + beta, 0), 1)",
              {x, {"alpha", types::number(), 1.0 / 6}, {"beta", types::number(), 0.5}}},
             false,
             buildHardSigmoid});
  table.add({{"hard_swish", "x · min(max(x / 6 + 1/2, 0), 1)", {x}}, false, buildUnary<cnn::HardSwishOp>});
  table.add({{"swish", "x · sigmoid(beta · x)", {x, beta}}, false, buildSwish});
  table.add(
      {{"gelu", "x · Φ(x), Φ the normal distribution", {x, {"approximate", types::call(approximations()), noApproximation()}}},
       false,
       buildGelu});
  table.add({{"thresholded_relu", "x where above alpha, else 0", {x, alpha}}, false, buildWithAlpha<cnn::ThresholdedReluOp>});
  table.add(
      {{"clip", "min(max(x, min), max)", {x, {"min", types::number(), Value::None()}, {"max", types::number(), Value::None()}}},
       false,
       buildClip});
  table.add({{"prelu", "x where positive, weight[c] · x elsewhere", {x}}, /*hasParameters=*/true, buildPrelu});
}
