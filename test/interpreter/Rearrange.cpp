//===- Rearrange.cpp - channels and places exchanged, maxout --------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

/// Calls `body` with the same element of `deep`, [N, K·b², H, W], and of
/// `wide`, [N, K, H·b, W·b].
template <typename OpTy, typename Deep, typename Wide, typename Body>
static void forEachElement(OpTy op, Deep &deep, Wide &wide, Body body) {
  int64_t block = op.getBlockSize();
  for (int64_t n = 0; n < wide.shape[0]; ++n)
    for (int64_t k = 0; k < wide.shape[1]; ++k)
      for (int64_t y = 0; y < wide.shape[2]; ++y)
        for (int64_t x = 0; x < wide.shape[3]; ++x) {
          int64_t square = y % block * block + x % block;
          int64_t channel = op.getChannelsFirst() ? k * block * block + square : square * wide.shape[1] + k;
          body(deep.at(n, channel, y / block, x / block), wide.at(n, k, y, x));
        }
}

static void evaluateDepthToSpace(cnn::DepthToSpaceOp op, Evaluation &e) {
  forEachElement(op, e.operand(0), e.result(), [](double deep, double &wide) { wide = deep; });
}

static void evaluateSpaceToDepth(cnn::SpaceToDepthOp op, Evaluation &e) {
  forEachElement(op, e.result(), e.operand(0), [](double &deep, double wide) { deep = wide; });
}

static void evaluateChannelShuffle(cnn::ChannelShuffleOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  int64_t groups = op.getGroups(), channels = x.channels() / groups;
  for (int64_t n = 0; n < x.batch(); ++n)
    for (int64_t c = 0; c < x.channels(); ++c)
      for (int64_t i = 0; i < x.inner(); ++i)
        e.result()[(n * x.channels() + c) * x.inner() + i] =
            x[(n * x.channels() + c % groups * channels + c / groups) * x.inner() + i];
}

/// Calls `body(place in the result, place of the first largest)`.
template <typename Body> static void forEachMaximum(const Tensor &x, int64_t pieces, Body body) {
  int64_t inner = x.inner();
  for (int64_t n = 0, result = 0; n < x.batch(); ++n)
    for (int64_t k = 0; k < x.channels() / pieces; ++k)
      for (int64_t i = 0; i < inner; ++i, ++result) {
        int64_t first = (n * x.channels() + k * pieces) * inner + i, largest = first;
        for (int64_t piece = 1; piece < pieces; ++piece)
          if (x[first + piece * inner] > x[largest])
            largest = first + piece * inner;
        body(result, largest);
      }
}

static void evaluateMaxout(cnn::MaxoutOp op, Evaluation &e) {
  forEachMaximum(e.operand(0), op.getPieces(), [&](auto result, auto largest) { e.result()[result] = e.operand(0)[largest]; });
}

static void evaluateMaxoutGrad(cnn::MaxoutGradOp op, Evaluation &e) {
  forEachMaximum(e.operand(0), op.getPieces(), [&](auto result, auto largest) { e.result()[largest] = e.operand(1)[result]; });
}

void interpreter::attachRearrangeEvaluators(MLIRContext *context) {
  attach<cnn::DepthToSpaceOp, evaluateDepthToSpace>(context);
  attach<cnn::SpaceToDepthOp, evaluateSpaceToDepth>(context);
  attach<cnn::ChannelShuffleOp, evaluateChannelShuffle>(context);
  attach<cnn::MaxoutOp, evaluateMaxout>(context);
  attach<cnn::MaxoutGradOp, evaluateMaxoutGrad>(context);
}
