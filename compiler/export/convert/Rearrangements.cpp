//===- Rearrangements.cpp - channels and places exchanged, maxout -------------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

static void convertDepthToSpace(Call &call) {
  auto op = llvm::cast<cnn::DepthToSpaceOp>(call.op);
  call.finish("DepthToSpace", {call.operand(0)})
      .integer("blocksize", op.getBlockSize())
      .text("mode", op.getChannelsFirst() ? "CRD" : "DCR");
}

/// ONNX's operator puts the places of a square before the channels; the other
/// order is written as a transpose.
static void convertSpaceToDepth(Call &call) {
  auto op = llvm::cast<cnn::SpaceToDepthOp>(call.op);
  int64_t block = op.getBlockSize();
  if (!op.getChannelsFirst()) {
    call.finish("SpaceToDepth", {call.operand(0)}).integer("blocksize", block);
    return;
  }
  llvm::ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getResult());
  std::string squares = call.reshape(call.operand(0), {in[0], in[1], out[2], block, out[3], block});
  std::string turned = call.add("Transpose", {squares}).integers("perm", {0, 1, 3, 5, 2, 4}).result();
  call.finishReshape(turned, out);
}

/// [groups, C / groups] turned around.
static void convertChannelShuffle(Call &call) {
  auto op = llvm::cast<cnn::ChannelShuffleOp>(call.op);
  llvm::ArrayRef<int64_t> shape = shapeOf(op.getResult());
  int64_t groups = op.getGroups();
  Sizes grouped{shape[0], groups, shape[1] / groups}, order{0, 2, 1};
  for (int64_t i = 2, rank = shape.size(); i < rank; ++i) {
    grouped.push_back(shape[i]);
    order.push_back(i + 1);
  }
  call.finishReshape(call.add("Transpose", {call.reshape(call.operand(0), grouped)}).integers("perm", order).result(), shape);
}

static void convertMaxout(Call &call) {
  auto op = llvm::cast<cnn::MaxoutOp>(call.op);
  llvm::ArrayRef<int64_t> shape = shapeOf(op.getResult());
  Sizes pieces{shape[0], shape[1], static_cast<int64_t>(op.getPieces())};
  llvm::append_range(pieces, shape.drop_front(2));
  call.finish("ReduceMax", {call.reshape(call.operand(0), pieces), call.integers("axes", {2})}).integer("keepdims", 0);
}

void exporting::addRearrangements(Table &table) {
  table.add<cnn::DepthToSpaceOp>(convertDepthToSpace);
  table.add<cnn::SpaceToDepthOp>(convertSpaceToDepth);
  table.add<cnn::ChannelShuffleOp>(convertChannelShuffle);
  table.add<cnn::MaxoutOp>(convertMaxout);
}
