//===- Norm.cpp - batch norm and softmax ----------------------------------===//

#include "frontends/dsl/layers/Windowed.h"

using namespace cnnc;
using namespace cnnc::dsl;

static std::optional<Tensor> buildBatchnorm(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!needsPlaces(context, x))
    return std::nullopt;
  int64_t channels = x.shape[1];
  mlir::Value scale = context.weight("weight", {channels}, {cnn::Distribution::Constant, 1, 0});
  if (!scale)
    return std::nullopt;
  mlir::Value shift = context.weight("bias", {channels}, {cnn::Distribution::Constant, 0, 0});
  if (!shift)
    return std::nullopt;
  mlir::FlatSymbolRefAttr mean = context.buffer("running_mean", {channels}, 0);
  mlir::FlatSymbolRefAttr variance = context.buffer("running_var", {channels}, 1);
  mlir::OpBuilder &b = context.model.ops();
  return onImages(context, x, [&](mlir::Value images) -> mlir::Value {
    return cnn::BatchnormOp::create(b, context.location(), images.getType(), images, scale, shift, mean, variance,
                                    b.getF64FloatAttr(context.number("epsilon")), b.getF64FloatAttr(context.number("momentum")));
  });
}

static std::optional<Tensor> buildSoftmax(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  return context.needsChannels(x) ? context.emit<cnn::SoftmaxOp>(x.shape, x.value) : std::nullopt;
}

static std::optional<Tensor> buildRowSoftmax(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  return context.emit<cnn::RowSoftmaxOp>(x.shape, x.value);
}

/// The rows, then a factor and an addend per place in a row.
static std::optional<Tensor> buildLayernorm(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  int64_t length = x.shape[x.shape.rank() - 1];
  mlir::Value weight = context.weight("weight", {length}, {cnn::Distribution::Constant, 1, 0});
  mlir::Value bias = weight ? context.weight("bias", {length}, {cnn::Distribution::Constant, 0, 0}) : weight;
  std::optional<Tensor> y =
      bias ? context.emit<cnn::LayernormOp>(x.shape, x.value, llvm::APFloat(context.number("epsilon"))) : std::nullopt;
  std::optional<Tensor> factor = y ? context.emit<cnn::BroadcastOp>(x.shape, weight) : std::nullopt;
  std::optional<Tensor> scaled = factor ? context.emit<cnn::MulOp>(x.shape, y->value, factor->value) : std::nullopt;
  std::optional<Tensor> addend = scaled ? context.emit<cnn::BroadcastOp>(x.shape, bias) : std::nullopt;
  return addend ? context.emit<cnn::AddOp>(x.shape, scaled->value, addend->value) : std::nullopt;
}

void dsl::addNormLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor());
  table.add({{"batchnorm",
              "each channel with mean 0 and variance 1, then scaled and shifted",
              {x, {"epsilon", types::number(0), 1e-5}, {"momentum", types::number(0, 1), 0.1}}},
             /*hasParameters=*/true,
             buildBatchnorm});
  table.add({{"layernorm",
              "each row along the last dimension with mean 0 and variance 1, then scaled and shifted",
              {x, {"epsilon", types::number(0), 1e-5}}},
             /*hasParameters=*/true,
             buildLayernorm});
  table.add({{"row_softmax", "exp(x) / Σ exp(x) over each row along the last dimension", {x}}, false, buildRowSoftmax});
  table.add({{"softmax", "exp(x) / Σ exp(x) over the channels", {x}}, false, buildSoftmax});
}
