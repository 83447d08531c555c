//===- Dense.cpp - dense layers and biases --------------------------------===//

#include "frontends/dsl/layers/Layers.h"
#include "frontends/dsl/train/Initializers.h"

using namespace cnnc;
using namespace cnnc::dsl;

/// The product of the last dimension of `x`, of any rank, with the transposed weight.
static std::optional<Tensor> multiplyRows(LayerContext &context, const Tensor &x, mlir::Value weight, const CheckedShape &shape) {
  std::optional<CheckedShape> turned = context.shape({x.shape.sizes().back(), shape.sizes().back()});
  std::optional<Tensor> matrix =
      turned ? context.emit<cnn::TransposeOp>(*turned, weight, llvm::ArrayRef<int64_t>({1, 0})) : std::nullopt;
  return matrix ? context.emit<cnn::MatmulOp>(shape, x.value, matrix->value, mlir::UnitAttr(), mlir::UnitAttr()) : std::nullopt;
}

/// A dense layer; of a thinned one, training leaves out a share of the weights in each step.
template <bool isThinned> static std::optional<Tensor> buildDense(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  bool areRows = x.shape.rank() == 3;
  if (!areRows && !context.needsRank(x, 2, "a 2-d tensor [N, features]", "insert '|> flatten' before this"))
    return std::nullopt;
  int64_t features = context.integer("features"), inputs = x.shape.sizes().back();
  llvm::SmallVector<int64_t, 4> sizes(x.shape.sizes());
  sizes.back() = features;
  std::optional<CheckedShape> shape = context.shape(sizes);
  if (!shape)
    return std::nullopt;
  mlir::Value weight = context.weight("weight", {features, inputs}, context.weightStart(inputs, features));
  if (!weight)
    return std::nullopt;
  if (isThinned) {
    mlir::OpBuilder &b = context.model.ops();
    weight = cnn::DropoutOp::create(b, context.location(), weight.getType(), weight, llvm::APFloat(context.number("ratio")),
                                    static_cast<uint64_t>(context.model.nextDropout()));
  }
  std::optional<Tensor> y =
      areRows ? multiplyRows(context, x, weight, *shape) : context.emit<cnn::DenseOp>(*shape, x.value, weight);
  if (!y || !context.flag("bias"))
    return y;
  mlir::Value bias = context.weight("bias", {features}, context.biasStart(inputs));
  if (!bias || !areRows)
    return bias ? context.emit<cnn::BiasOp>(*shape, y->value, bias) : std::nullopt;
  std::optional<Tensor> offset = context.emit<cnn::BroadcastOp>(*shape, bias);
  return offset ? context.emit<cnn::AddOp>(*shape, y->value, offset->value) : std::nullopt;
}

static std::optional<Tensor> buildBias(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsChannels(x))
    return std::nullopt;
  mlir::Value bias = context.weight("bias", {x.shape[1]}, {cnn::Distribution::Constant, 0, 0});
  return bias ? context.emit<cnn::BiasOp>(x.shape, x.value, bias) : std::nullopt;
}

void dsl::addDenseLayers(Table<Layer> &table) {
  table.add({{"dense",
              "every output sees every input",
              {{"x", types::tensor()},
               {"features", types::integer(1)},
               {"bias", types::boolean(), true},
               {"init", types::call(initializers()), Value::None()}}},
             /*hasParameters=*/true,
             buildDense<false>});
  table.add({{"dropconnect",
              "a dense layer that in training sets a share of its weights to 0 and scales the rest",
              {{"x", types::tensor()},
               {"features", types::integer(1)},
               {"ratio", types::number(0, 0.999), 0.5},
               {"bias", types::boolean(), true},
               {"init", types::call(initializers()), Value::None()}}},
             /*hasParameters=*/true,
             buildDense<true>});
  table.add({{"bias", "adds one number per channel", {{"x", types::tensor()}}}, /*hasParameters=*/true, buildBias});
}
