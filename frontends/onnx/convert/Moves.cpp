//===- Moves.cpp - elements in other places -------------------------------===//

#include "frontends/onnx/convert/Broadcast.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;

static mlir::Value transpose(Call &call, mlir::Value input, llvm::ArrayRef<int64_t> permutation) {
  Shape result;
  for (int64_t from : permutation)
    result.push_back(shapeOf(input)[from]);
  return call.emit<cnn::TransposeOp>(result, input, permutation);
}

/// [.., d, ..] → [.., 1, d, ..] → [.., r, d, ..] → [.., r·d, ..], axis by axis.
static void convertTile(Call &call) {
  if (!call.ready(2))
    return;
  std::optional<Shape> repeats = call.constantIntegers(1, "repeats");
  mlir::Value value = repeats ? call.runtime(0) : mlir::Value();
  if (!value)
    return;
  size_t rank = shapeOf(value).size();
  for (size_t i = 0; value && i < rank; ++i) {
    if (repeats->size() != rank || (*repeats)[i] < 1 || (*repeats)[i] >= int64_t(1) << 31 ||
        ((*repeats)[i] != 1 && shapeOf(value)[i] == dynamic))
      return call.refuse("repeats " + text(shapeOf(value)) + " by " + text(*repeats),
                         "there is one number for each dimension, 1 for the batch");
    if ((*repeats)[i] == 1)
      continue;
    Shape shape(shapeOf(value)), more(shape);
    more.insert(more.begin() + i, 1);
    value = call.reshape(value, more);
    more[i] = (*repeats)[i];
    value = value ? repeat(call, value, more) : value;
    shape[i] *= (*repeats)[i];
    value = call.reshape(value, shape);
  }
  call.set(0, value);
}

/// Channels become blocks of places, or the other way round.
static void convertDepth(Call &call, bool toSpace) {
  int64_t block = call.integer("blocksize", 0);
  std::string mode = call.string("mode", "DCR");
  if (block < 1 || block > 1024)
    call.refuse("has a blocksize of " + llvm::Twine(block), "it is from 1 to 1024");
  if (mode != "DCR" && mode != "CRD")
    call.refuse("has mode '" + mode + "'", "it is DCR or CRD");
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input));
  int64_t area = block * block;
  if (shape.size() != 4 || (toSpace ? shape[1] % area : shape[2] % block + shape[3] % block)) {
    call.refuse("divides " + text(shape) + " into blocks of " + llvm::Twine(block),
                "channels, or height and width, are multiples of the block");
    return;
  }
  int64_t n = shape[0], c = shape[1], h = shape[2], w = shape[3];
  mlir::Value value;
  if (toSpace) {
    bool depthFirst = mode == "DCR";
    value = call.reshape(input, depthFirst ? Shape{n, block, block, c / area, h, w} : Shape{n, c / area, block, block, h, w});
    value = value ? transpose(call, value, depthFirst ? Shape{0, 3, 4, 1, 5, 2} : Shape{0, 1, 4, 2, 5, 3}) : value;
    value = call.reshape(value, {n, c / area, h * block, w * block});
  } else {
    value = call.reshape(input, {n, c, h / block, block, w / block, block});
    value = value ? transpose(call, value, mode == "DCR" ? Shape{0, 3, 5, 1, 2, 4} : Shape{0, 1, 3, 5, 2, 4}) : value;
    value = call.reshape(value, {n, c * area, h / block, w / block});
  }
  call.set(0, value);
}

void onnx::addMoves(Table &table) {
  table["Tile"] = convertTile;
  table["DepthToSpace"] = [](Call &call) { convertDepth(call, /*toSpace=*/true); };
  table["SpaceToDepth"] = [](Call &call) { convertDepth(call, /*toSpace=*/false); };
}
