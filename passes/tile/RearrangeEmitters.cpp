//===- RearrangeEmitters.cpp - channels and places exchanged, maxout ------===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Gather.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Reduction.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

/// Every element of the result is the one of the input that `map` names.
template <typename OpTy>
void permute(KernelBuilder &kernel, OpTy op, llvm::function_ref<Element(StageBuilder &, const Place &, Value channel)> map) {
  Extents to(op.getResult());
  const TensorView &input = kernel.view(op.getInput());
  kernel.stageOverPlaces(to, [&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place,
                  gather(s, input, place.n, place.block, to.channels, [&](Value channel) { return map(s, place, channel); }));
  });
}

void depthToSpace(KernelBuilder &kernel, cnn::DepthToSpaceOp op) {
  int64_t size = op.getBlockSize(), channels = Extents(op.getResult()).channels;
  permute(kernel, op, [&](StageBuilder &s, const Place &place, Value channel) -> Element {
    Value square = s.add(s.mul(s.rem(place.y, size), size), s.rem(place.x, size));
    Value deep = op.getChannelsFirst() ? s.add(s.mul(channel, size * size), square) : s.add(s.mul(square, channels), channel);
    return {deep, s.div(place.y, size), s.div(place.x, size)};
  });
}

void spaceToDepth(KernelBuilder &kernel, cnn::SpaceToDepthOp op) {
  int64_t size = op.getBlockSize(), channels = Extents(op.getInput()).channels;
  permute(kernel, op, [&](StageBuilder &s, const Place &place, Value deep) -> Element {
    bool first = op.getChannelsFirst();
    Value square = first ? s.rem(deep, size * size) : s.div(deep, channels);
    Value channel = first ? s.div(deep, size * size) : s.rem(deep, channels);
    return {channel, s.add(s.mul(place.y, size), s.div(square, size)), s.add(s.mul(place.x, size), s.rem(square, size))};
  });
}

void channelShuffle(KernelBuilder &kernel, cnn::ChannelShuffleOp op) {
  int64_t groups = op.getGroups(), channels = Extents(op.getInput()).channels / groups;
  permute(kernel, op, [&](StageBuilder &s, const Place &place, Value channel) -> Element {
    return {s.add(s.mul(s.rem(channel, groups), channels), s.div(channel, groups)), place.y, place.x};
  });
}

//===----------------------------------------------------------------------===//
// Maxout
//===----------------------------------------------------------------------===//

/// Lane l is piece number `piece` of channel `16 · block + l` of the result.
Value loadPiece(StageBuilder &s, const TensorView &input, const Place &place, int64_t channels, int64_t pieces, Value piece) {
  return gather(s, input, place.n, place.block, channels,
                [&](Value channel) -> Element { return {s.add(s.mul(channel, pieces), piece), place.y, place.x}; });
}

void maxout(KernelBuilder &kernel, cnn::MaxoutOp op) {
  Extents to(op.getResult());
  int64_t pieces = op.getPieces();
  const TensorView &input = kernel.view(op.getInput());
  kernel.stageOverPlaces(to, [&](StageBuilder &s, const Place &place) {
    Value first = loadPiece(s, input, place, to.channels, pieces, s.index(0));
    Values largest = s.forEach(s.index(1), s.index(pieces), 1, first, [&](Value piece, ValueRange soFar) -> Values {
      return {s.maxf(soFar[0], loadPiece(s, input, place, to.channels, pieces, piece))};
    });
    kernel.finish(s, place, largest[0]);
  });
}

/// Each channel asks whether it is the first largest of its pieces: larger than those before it, not smaller than any.
void maxoutGrad(KernelBuilder &kernel, cnn::MaxoutGradOp op) {
  Extents extents(op.getInput());
  int64_t pieces = op.getPieces();
  const TensorView &input = kernel.view(op.getInput()), &gradient = kernel.view(op.getGradient());
  auto firstPiece = [&](StageBuilder &s, Value channel) { return s.mul(s.div(channel, pieces), pieces); };
  kernel.stageOverPlaces(extents, [&](StageBuilder &s, const Place &place) {
    Value own = input.loadLanes(s.b, s.loc, place);
    Value passed = gather(s, gradient, place.n, place.block, extents.channels,
                          [&](Value channel) -> Element { return {s.div(channel, pieces), place.y, place.x}; });
    // The lanes' numbers among their pieces, as floats.
    Value number = s.splat(0);
    for (int64_t lane = 0; lane < std::min(blockSize, extents.channels); ++lane) {
      Value piece = s.rem(s.add(s.mul(place.block, blockSize), lane), pieces);
      Value whole = arith::IndexCastOp::create(s.b, s.loc, s.b.getI32Type(), piece);
      number = vector::InsertOp::create(s.b, s.loc, arith::SIToFPOp::create(s.b, s.loc, s.b.getF32Type(), whole), number, lane);
    }
    Values kept = s.forEach(s.index(0), s.index(pieces), 1, passed, [&](Value piece, ValueRange soFar) -> Values {
      Value other = gather(s, input, place.n, place.block, extents.channels,
                           [&](Value channel) -> Element { return {s.add(firstPiece(s, channel), piece), place.y, place.x}; });
      Value whole = arith::IndexCastOp::create(s.b, s.loc, s.b.getI32Type(), piece);
      Value current = s.broadcast(arith::SIToFPOp::create(s.b, s.loc, s.b.getF32Type(), whole));
      Value isEqual = arith::CmpFOp::create(s.b, s.loc, arith::CmpFPredicate::OEQ, other, own);
      Value loses = both(s, isEqual, math::less(s, current, number));
      loses = arith::OrIOp::create(s.b, s.loc, loses, math::greater(s, other, own));
      return {math::select(s, loses, s.splat(0), soFar[0])};
    });
    kernel.finish(s, place, s.maskGap(place.block, extents.channels, kept[0]));
  });
}

} // namespace

void registerRearrangeEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::DepthToSpaceOp, depthToSpace>(context);
    attachLeader<cnn::SpaceToDepthOp, spaceToDepth>(context);
    attachLeader<cnn::ChannelShuffleOp, channelShuffle>(context);
    attachLeader<cnn::MaxoutOp, maxout>(context);
    attachLeader<cnn::MaxoutGradOp, maxoutGrad>(context);
  });
}

} // namespace cnnc::tile
