//===- Gather.cpp - 16 channels that lie elsewhere ------------------------===//

#include "passes/tile/Gather.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <numeric>

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;

Value isBelow(StageBuilder &s, Value a, Value b) {
  return s.b.createOrFold<arith::CmpIOp>(s.loc, arith::CmpIPredicate::slt, a, b);
}
Value both(StageBuilder &s, Value a, Value b) { return s.b.createOrFold<arith::AndIOp>(s.loc, a, b); }
static Value choose(StageBuilder &s, Value condition, Value a, Value b) {
  return s.b.createOrFold<arith::SelectOp>(s.loc, condition, a, b);
}

/// Block number `block` of the view, zeros if there is none.
static Value loadBlock(StageBuilder &s, const TensorView &view, const Place &place, Value block) {
  Value zero = s.index(0), exists = both(s, isBelow(s, s.index(-1), block), isBelow(s, block, s.index(view.blocks())));
  Value lanes = view.loadLanes(s.b, s.loc, {place.n, choose(s, exists, block, zero), place.y, place.x});
  return choose(s, exists, lanes, s.splat(0));
}

Value loadShifted(StageBuilder &s, const TensorView &view, const Place &place, int64_t shift) {
  int64_t within = ((-shift) % blockSize + blockSize) % blockSize, blocksOn = (-shift - within) / blockSize;
  Value first = s.add(place.block, blocksOn), low = loadBlock(s, view, place, first);
  if (within == 0)
    return low;
  SmallVector<int64_t> lanes(blockSize);
  std::iota(lanes.begin(), lanes.end(), within);
  return vector::ShuffleOp::create(s.b, s.loc, low, loadBlock(s, view, place, s.add(first, 1)), lanes);
}

Value gather(StageBuilder &s, const TensorView &view, Value n, Value block, int64_t channels,
             llvm::function_ref<Element(Value)> map) {
  Value result = s.splat(0), first = s.mul(block, blockSize), last = s.index(channels - 1);
  for (int64_t lane = 0; lane < std::min(blockSize, channels); ++lane) {
    Value channel = s.add(first, lane);
    if (channels % blockSize != 0)
      channel = s.b.createOrFold<arith::MinUIOp>(s.loc, channel, last);
    Element element = map(channel);
    Value value = view.loadScalar(s.b, s.loc, n, element.channel, element.y, element.x);
    result = vector::InsertOp::create(s.b, s.loc, value, result, lane);
  }
  return s.maskGap(block, channels, result);
}

/// Lane numbers, and what a channel is in them.
static Value laneNumbers(StageBuilder &s) {
  SmallVector<int32_t> numbers(blockSize);
  std::iota(numbers.begin(), numbers.end(), 0);
  auto type = VectorType::get({blockSize}, s.b.getI32Type());
  return arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(type, ArrayRef<int32_t>(numbers)));
}
static Value laneOf(StageBuilder &s, Value block, Value channel) {
  Value lane = arith::IndexCastOp::create(s.b, s.loc, s.b.getI32Type(), s.sub(channel, s.mul(block, blockSize)));
  return vector::BroadcastOp::create(s.b, s.loc, VectorType::get({blockSize}, s.b.getI32Type()), lane);
}

Value selectChannels(StageBuilder &s, Value block, int64_t first, int64_t last, Value lanes, Value otherwise) {
  Value numbers = laneNumbers(s);
  Value inside = both(s, arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::sge, numbers, laneOf(s, block, s.index(first))),
                      arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::slt, numbers, laneOf(s, block, s.index(last))));
  return arith::SelectOp::create(s.b, s.loc, inside, lanes, otherwise);
}

Value oneHot(StageBuilder &s, Value block, Value channel) {
  Value is = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, laneNumbers(s), laneOf(s, block, channel));
  return arith::SelectOp::create(s.b, s.loc, is, s.splat(1), s.splat(0));
}

} // namespace cnnc::tile
