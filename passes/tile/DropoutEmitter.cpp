//===- DropoutEmitter.cpp - dropout's mask, Philox on 16 lanes ------------===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Lanes.h"
#include "passes/tile/Math.h"
#include <cmath>

using namespace mlir;

namespace cnnc::tile {
namespace {

VectorType wordsType(StageBuilder &s) { return VectorType::get({plan::blockSize}, s.b.getI32Type()); }
Value words(StageBuilder &s, uint32_t value) {
  return arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(wordsType(s), APInt(32, value)));
}
Value words(StageBuilder &s, Value i32) { return vector::BroadcastOp::create(s.b, s.loc, wordsType(s), i32); }
/// Bits `shift` to `shift + 31` of an i64, scalar or vector.
Value word(StageBuilder &s, Value wide, int64_t shift) {
  bool isVector = isa<VectorType>(wide.getType());
  TypedAttr amount = s.b.getI64IntegerAttr(shift);
  if (isVector)
    amount = DenseElementsAttr::get(cast<VectorType>(wide.getType()), Attribute(amount));
  if (shift)
    wide = arith::ShRUIOp::create(s.b, s.loc, wide, arith::ConstantOp::create(s.b, s.loc, amount));
  return arith::TruncIOp::create(s.b, s.loc, isVector ? Type(wordsType(s)) : s.b.getI32Type(), wide);
}

/// The first word of Philox4x32-10 (Salmon et al., SC 2011) in every lane.
Value philox(StageBuilder &s, std::array<Value, 4> counter, Value key0, Value key1) {
  auto exclusiveOr = [&](Value a, Value b) -> Value { return arith::XOrIOp::create(s.b, s.loc, a, b); };
  auto plus = [&](Value key, uint32_t constant) -> Value {
    Value c = arith::ConstantOp::create(s.b, s.loc, s.b.getI32IntegerAttr(int32_t(constant)));
    return arith::AddIOp::create(s.b, s.loc, key, c);
  };
  for (int round = 0; round < 10; ++round) {
    auto a = arith::MulUIExtendedOp::create(s.b, s.loc, words(s, 0xD2511F53), counter[0]);
    auto b = arith::MulUIExtendedOp::create(s.b, s.loc, words(s, 0xCD9E8D57), counter[2]);
    counter = {exclusiveOr(exclusiveOr(b.getHigh(), counter[1]), words(s, key0)), b.getLow(),
               exclusiveOr(exclusiveOr(a.getHigh(), counter[3]), words(s, key1)), a.getLow()};
    key0 = plus(key0, 0x9E3779B9);
    key1 = plus(key1, 0xBB67AE85);
  }
  return counter[0];
}

/// first + lane · step in every lane, vector<16xi64>.
Value progression(StageBuilder &s, Value first, int64_t step) {
  SmallVector<int64_t> steps;
  for (int64_t lane = 0; lane < plan::blockSize; ++lane)
    steps.push_back(lane * step);
  auto wide = VectorType::get({plan::blockSize}, s.b.getI64Type());
  Value base = arith::IndexCastOp::create(s.b, s.loc, s.b.getI64Type(), first);
  Value lanes = arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(wide, ArrayRef<int64_t>(steps)));
  return arith::AddIOp::create(s.b, s.loc, vector::BroadcastOp::create(s.b, s.loc, wide, base), lanes);
}

/// The logical row-major indices of a parameter, `number` being that of the lanes in memory: 16 values of K of one
/// [C, R, S] in a kernel, `[K/16][C/block][R][S][block][16]`.
Value parameterIndices(StageBuilder &s, RankedTensorType type, Value number) {
  if (type.getRank() < 2)
    return progression(s, s.mul(number, plan::blockSize), 1);
  int64_t block = plan::parameterLayout(type).getBlock(), inputs = type.getDimSize(1), places = 1;
  for (int64_t size : type.getShape().drop_front(2))
    places *= size;
  int64_t blocks = (inputs + block - 1) / block, vectors = blocks * places * block;
  Value inBlock = s.rem(number, block), rest = s.div(s.rem(number, vectors), block);
  Value input = s.add(s.mul(s.div(rest, places), block), inBlock), output = s.mul(s.div(number, vectors), plan::blockSize);
  Value first = s.add(s.mul(s.add(s.mul(output, inputs), input), places), s.rem(rest, places));
  return progression(s, first, inputs * places);
}

/// The same of 16 elements of a row.
Value rowIndices(StageBuilder &s, RankedTensorType type, const Place &place) {
  Value first = s.index(0);
  for (auto [i, at] : llvm::enumerate(place.at))
    first = s.add(i ? s.mul(first, type.getDimSize(i)) : first, at);
  return progression(s, first, 1);
}

/// The logical row-major index of every lane, vector<16xi64>.
Value indices(StageBuilder &s, RankedTensorType type, const Place &place) {
  if (place.isGeneral())
    return rowIndices(s, type, place);
  if (type.getRank() == 0 || !type.isDynamicDim(0))
    return parameterIndices(s, type, place.block);
  int64_t channels = type.getDimSize(1), height = type.getRank() > 2 ? type.getDimSize(2) : 1,
          width = type.getRank() > 3 ? type.getDimSize(3) : 1;
  Value channel = s.add(s.mul(place.n, channels), s.mul(place.block, plan::blockSize));
  Value first = s.mul(channel, height * width);
  if (height * width > 1)
    first = s.add(first, s.add(s.mul(place.y, width), place.x));
  return progression(s, first, height * width);
}

Value dropoutMask(StageBuilder &s, cnn::DropoutMaskOp op, const Place &place, ValueRange in) {
  double ratio = op.getRatio().convertToDouble();
  double threshold = std::ceil(ratio * 0x1p32);
  if (threshold >= 0x1p32)
    return s.splat(0);
  Value index = indices(s, cast<RankedTensorType>(op.getType()), place);
  Value id = words(s, uint32_t(op.getId()));
  Value random = philox(s, {word(s, index, 0), word(s, index, 32), words(s, word(s, s.step, 0)), id}, word(s, s.seed, 0),
                        word(s, s.seed, 32));
  Value kept = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::uge, random, words(s, uint32_t(threshold)));
  return math::select(s, kept, s.mulf(in[0], s.splat(1 / (1 - ratio))), s.splat(0));
}

} // namespace

void registerDropoutEmitter(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::DropoutMaskOp::attachInterface<MaskedLanes<cnn::DropoutMaskOp, dropoutMask>>(*context);
  });
}

} // namespace cnnc::tile
