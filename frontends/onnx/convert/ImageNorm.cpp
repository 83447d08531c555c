//===- ImageNorm.cpp - norms of one example by itself ---------------------===//

#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;

static void convertLrn(Call &call) {
  int64_t size = call.integer("size", 0);
  double alpha = call.number("alpha", 1e-4), beta = call.number("beta", 0.75), bias = call.number("bias", 1);
  if (size < 1 || size >= int64_t(1) << 31)
    call.refuse("has a size of " + llvm::Twine(size), "a window has at least one channel");
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  if (shapeOf(input).size() != 2 && !isSpatial(call, shapeOf(input)))
    return;
  call.set(0, windowsOf(call).onImages(input, [&](mlir::Value images) {
    return call.emit<cnn::LrnOp>(shapeOf(images), images, static_cast<uint64_t>(size), llvm::APFloat(alpha), llvm::APFloat(beta),
                                 llvm::APFloat(bias));
  }));
}

/// Operand `i` with one element per channel, or per group where `groups` is not 0.
static mlir::Value perChannel(Call &call, size_t i, int64_t channels, int64_t groups) {
  Shape shape = call.shape(i);
  if (groups && shape == Shape{groups} && groups != channels) {
    const Tensor *each = call.constant(i, "one number per group");
    if (!each)
      return {};
    if (channels > int64_t(1) << 20 && !each->isSplat()) {
      call.refuse("scales " + llvm::Twine(channels) + " channels by " + text(shape),
                  "give as many numbers as there are channels");
      return {};
    }
    return call.conversion.parameter(each->reshaped({groups, 1}).broadcast({groups, channels / groups}).reshaped({channels}),
                                     cnn::ParameterKind::Weight, call.node.str());
  }
  if (shape == Shape{channels})
    return call.runtime(i);
  call.refuse("has " + llvm::Twine(channels) + " channels and an operand " + text(shape),
              "scale and bias have one element per channel");
  return {};
}

/// `groups` is 0 for a group per channel.
static void normalize(Call &call, int64_t groups, double epsilon, bool perGroup) {
  if (epsilon < 0)
    call.refuse("has an epsilon of " + text(epsilon), "epsilon is not negative");
  if (!call.ready(3))
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input));
  if (!isSpatial(call, shape))
    return;
  int64_t channels = shape[1];
  groups = groups ? groups : channels;
  if (groups < 0 || channels % groups) {
    call.refuse("has " + llvm::Twine(groups) + " groups of " + llvm::Twine(channels) + " channels",
                "the number of groups divides that of channels");
    return;
  }
  mlir::Value scale = perChannel(call, 1, channels, perGroup ? groups : 0),
              shift = scale ? perChannel(call, 2, channels, perGroup ? groups : 0) : scale;
  mlir::RankedTensorType statistics = shift ? call.checked({shape[0], channels}) : mlir::RankedTensorType();
  if (!statistics)
    return;
  call.set(0, windowsOf(call).onImages(input, [&](mlir::Value images) -> mlir::Value {
    mlir::Type types[] = {images.getType(), statistics, statistics};
    return cnn::GroupnormOp::create(call.conversion.builder, call.location(), types, images, scale, shift,
                                    static_cast<uint64_t>(groups), llvm::APFloat(epsilon))
        .getResult();
  }));
}

static void convertInstanceNormalization(Call &call) { normalize(call, 0, call.number("epsilon", 1e-5), /*perGroup=*/false); }

/// Version 18 has one scale per group, 21 one per channel.
static void convertGroupNormalization(Call &call) {
  int64_t groups = call.integer("num_groups", 0);
  if (groups < 1)
    call.refuse("has " + llvm::Twine(groups) + " groups", "num_groups is positive");
  normalize(call, groups, call.number("epsilon", 1e-5), call.node.version < 21);
}

void onnx::addImageNorms(Table &table) {
  table["LRN"] = convertLrn;
  table["InstanceNormalization"] = convertInstanceNormalization;
  table["GroupNormalization"] = convertGroupNormalization;
}
