//===- ImageNorm.cpp - local response, group and instance norm ------------===//

#include "frontends/dsl/layers/Windowed.h"

using namespace cnnc;
using namespace cnnc::dsl;

static std::optional<Tensor> buildLrn(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!needsPlaces(context, x))
    return std::nullopt;
  mlir::OpBuilder &b = context.model.ops();
  return onImages(context, x, [&](mlir::Value images) -> mlir::Value {
    return cnn::LrnOp::create(b, context.location(), images.getType(), images, b.getI64IntegerAttr(context.integer("size")),
                              b.getF64FloatAttr(context.number("alpha")), b.getF64FloatAttr(context.number("beta")),
                              b.getF64FloatAttr(context.number("bias")));
  });
}

/// The layer as `groups` groups, with a weight and a bias per channel, or 1 and 0.
static std::optional<Tensor> buildGroups(LayerContext &context, int64_t groups, bool affine) {
  const Tensor &x = context.tensor("x");
  int64_t channels = x.shape[1];
  mlir::OpBuilder &b = context.model.ops();
  auto values = [&](llvm::StringRef name, double start) -> mlir::Value {
    if (affine)
      return context.weight(name, {channels}, {cnn::Distribution::Constant, start, 0});
    auto type = mlir::RankedTensorType::get({channels}, b.getF32Type());
    return cnn::ConstantOp::create(b, context.location(), mlir::DenseElementsAttr::get(type, static_cast<float>(start)));
  };
  mlir::Value scale = values("weight", 1);
  mlir::Value shift = scale ? values("bias", 0) : nullptr;
  std::optional<CheckedShape> statistics = context.shape({x.shape[0], channels});
  if (!shift || !statistics)
    return std::nullopt;
  mlir::Type perChannel = statistics->type(b.getContext());
  return onImages(context, x, [&](mlir::Value images) -> mlir::Value {
    return cnn::GroupnormOp::create(b, context.location(), mlir::TypeRange{images.getType(), perChannel, perChannel}, images,
                                    scale, shift, b.getI64IntegerAttr(groups), b.getF64FloatAttr(context.number("epsilon")))
        .getResult();
  });
}

static std::optional<Tensor> buildGroupnorm(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  int64_t groups = context.integer("groups");
  if (!needsPlaces(context, x))
    return std::nullopt;
  if (x.shape[1] % groups) {
    context.error("'groupnorm' cannot split " + llvm::Twine(x.shape[1]) + " channels into " + llvm::Twine(groups) + " groups")
        .note(context.cameFrom(x))
        .help("groups divides the channels");
    return std::nullopt;
  }
  return buildGroups(context, groups, context.flag("affine"));
}

static std::optional<Tensor> buildInstancenorm(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  return needsPlaces(context, x) ? buildGroups(context, x.shape[1], context.flag("affine")) : std::nullopt;
}

void dsl::addImageNormLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor()), epsilon("epsilon", types::number(0), 1e-5),
      affine("affine", types::boolean(), true);
  table.add({{"lrn",
              "each element divided by a power of its channel's neighbours' squares",
              {x,
               {"size", types::integer(1), 5},
               {"alpha", types::number(), 1e-4},
               {"beta", types::number(), 0.75},
               {"bias", types::number(), 1.0}}},
             false,
             buildLrn});
  table.add({{"groupnorm",
              "groups of channels of each example with mean 0 and variance 1, then scaled and shifted",
              {x, {"groups", types::integer(1)}, epsilon, affine}},
             /*hasParameters=*/true,
             buildGroupnorm});
  table.add(
      {{"instancenorm", "each channel of each example with mean 0 and variance 1, then scaled and shifted", {x, epsilon, affine}},
       /*hasParameters=*/true,
       buildInstancenorm});
}
