//===- Rearrange.cpp - channels and places exchanged, maxout --------------===//

#include "frontends/dsl/layers/Layers.h"

using namespace cnnc;
using namespace cnnc::dsl;

static std::optional<Tensor> buildDepthToSpace(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsRank(x, 4, "a 4-d tensor [N, C, H, W]"))
    return std::nullopt;
  int64_t block = context.integer("block_size"), channels = x.shape[1];
  if (channels % block || channels / block % block) {
    context
        .error("'depth_to_space' cannot make squares of " + llvm::Twine(block) + " by " + llvm::Twine(block) + " of " +
               llvm::Twine(channels) + " channels")
        .note(context.cameFrom(x))
        .help("the square of block_size divides the channels");
    return std::nullopt;
  }
  std::optional<CheckedShape> shape =
      context.shape({x.shape[0], channels / block / block, x.shape[2] * block, x.shape[3] * block});
  return shape ? context.emit<cnn::DepthToSpaceOp>(*shape, x.value, static_cast<uint64_t>(block), context.flag("channels_first"))
               : std::nullopt;
}

static std::optional<Tensor> buildSpaceToDepth(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsRank(x, 4, "a 4-d tensor [N, C, H, W]"))
    return std::nullopt;
  int64_t block = context.integer("block_size");
  if (x.shape[2] % block || x.shape[3] % block) {
    context
        .error("'space_to_depth' cannot cut " + llvm::Twine(x.shape[2]) + " by " + llvm::Twine(x.shape[3]) +
               " places into squares of " + llvm::Twine(block) + " by " + llvm::Twine(block))
        .note(context.cameFrom(x))
        .help("block_size divides height and width; a 'pad' layer before this can make it so");
    return std::nullopt;
  }
  std::optional<CheckedShape> shape =
      context.shape({x.shape[0], x.shape[1] * block * block, x.shape[2] / block, x.shape[3] / block});
  return shape ? context.emit<cnn::SpaceToDepthOp>(*shape, x.value, static_cast<uint64_t>(block), context.flag("channels_first"))
               : std::nullopt;
}

/// True if the argument `name` divides the channels of x; else an error.
static bool dividesChannels(LayerContext &context, llvm::StringRef name) {
  const Tensor &x = context.tensor("x");
  if (!context.needsChannels(x))
    return false;
  if (x.shape[1] % context.integer(name) == 0)
    return true;
  context
      .error("'" + context.args.signature->name + "' with " + name + ": " + llvm::Twine(context.integer(name)) +
             " cannot split " + llvm::Twine(x.shape[1]) + " channels")
      .note(context.cameFrom(x))
      .help(name + " divides the channels");
  return false;
}

static std::optional<Tensor> buildChannelShuffle(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!dividesChannels(context, "groups"))
    return std::nullopt;
  return context.emit<cnn::ChannelShuffleOp>(x.shape, x.value, static_cast<uint64_t>(context.integer("groups")));
}

static std::optional<Tensor> buildMaxout(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!dividesChannels(context, "pieces"))
    return std::nullopt;
  llvm::SmallVector<int64_t, 4> sizes(x.shape.sizes());
  sizes[1] /= context.integer("pieces");
  std::optional<CheckedShape> shape = context.shape(sizes);
  return shape ? context.emit<cnn::MaxoutOp>(*shape, x.value, static_cast<uint64_t>(context.integer("pieces"))) : std::nullopt;
}

void dsl::addRearrangeLayers(Table<Layer> &table) {
  // Squares of a size beyond this have more elements than a tensor may.
  SignatureParameter x("x", types::tensor()), block("block_size", types::integer(1, 65536)),
      channelsFirst("channels_first", types::boolean(), false);
  table.add({{"depth_to_space", "each block_size² channels as a square of places", {x, block, channelsFirst}},
             false,
             buildDepthToSpace});
  table.add({{"space_to_depth", "each square of places as channels", {x, block, channelsFirst}}, false, buildSpaceToDepth});
  table.add(
      {{"channel_shuffle", "the first channels of all groups, then the second of all, …", {x, {"groups", types::integer(1)}}},
       false,
       buildChannelShuffle});
  table.add(
      {{"maxout", "the largest of each `pieces` neighbouring channels", {x, {"pieces", types::integer(1)}}}, false, buildMaxout});
}
