//===- Contract.cpp - the sum at the heart of every contraction -----------===//

#include "passes/tile/Contract.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;

//===----------------------------------------------------------------------===//
// Source
//===----------------------------------------------------------------------===//

Source::Source(const TensorView &view, Grouping grouping) : view(view), grouping(grouping) {
  if (grouping.groups == 1) {
    mode = Mode::Broadcast;
    sharing = ceilDiv(grouping.outputs, blockSize);
  } else if (grouping.inputs % blockSize == 0 && grouping.outputs % blockSize == 0) {
    mode = Mode::Broadcast;
    sharing = grouping.outputs / blockSize;
  } else {
    mode = grouping.inputs == 1 && grouping.outputs == 1 ? Mode::Lanes : Mode::Gather;
  }
}

Value Source::load(StageBuilder &s, const Place &place, Value outputBlock, Value block, Value lane) const {
  switch (mode) {
  case Mode::Broadcast: {
    if (grouping.groups > 1)
      block = s.add(s.mul(s.div(outputBlock, sharing), grouping.inputs / blockSize), block);
    if (view.getLayout().getKind() != plan::LayoutKind::Batch)
      return s.broadcast(view.loadScalar(s.b, s.loc, place.n, s.add(s.mul(block, blockSize), lane), place.y, place.x));
    Value y = s.add(place.y, view.getLayout().getHalo(0)), x = s.add(place.x, view.getLayout().getHalo(1));
    return s.broadcast(memref::LoadOp::create(s.b, s.loc, view.getMemRef(), ValueRange{place.n, block, y, x, lane}));
  }
  case Mode::Lanes:
    return view.loadLanes(s.b, s.loc, {place.n, outputBlock, place.y, place.x});
  case Mode::Gather:
    break;
  }
  Value lanes = s.splat(0), within = s.add(s.mul(block, blockSize), lane), last = s.index(grouping.groups - 1);
  for (int64_t i = 0; i < blockSize; ++i) {
    // Lanes beyond the last output read the last group: their weights are zero.
    Value group = s.div(s.add(s.mul(outputBlock, blockSize), i), grouping.outputs);
    group = s.b.createOrFold<arith::MinUIOp>(s.loc, group, last);
    Value channel = s.add(s.mul(group, grouping.inputs), within);
    lanes = vector::InsertOp::create(s.b, s.loc, view.loadScalar(s.b, s.loc, place.n, channel, place.y, place.x), lanes, i);
  }
  return lanes;
}

//===----------------------------------------------------------------------===//
// Bank
//===----------------------------------------------------------------------===//

Value Bank::number(StageBuilder &s, Value outputBlock, Value inputBlock, Value r, Value t, Value lane) const {
  Value row = s.add(s.mul(s.add(s.mul(outputBlock, inputBlocks), inputBlock), rows), r);
  return s.add(s.mul(s.add(s.mul(row, columns), t), block), lane);
}

SmallVector<Value, 6> Bank::indices(StageBuilder &s, Value outputBlock, Value inputBlock, Value r, Value t, Value lane) const {
  if (cast<MemRefType>(memref.getType()).getRank() > 1)
    return {outputBlock, inputBlock, r, t, lane, s.index(0)};
  return {s.mul(number(s, outputBlock, inputBlock, r, t, lane), blockSize)};
}

Value Bank::load(StageBuilder &s, Value outputBlock, Value inputBlock, Value r, Value t, Value lane) const {
  return vector::LoadOp::create(s.b, s.loc, s.lanesType(), memref, indices(s, outputBlock, inputBlock, r, t, lane));
}

void Bank::store(StageBuilder &s, Value outputBlock, Value inputBlock, Value r, Value t, Value lane, Value lanes) const {
  vector::StoreOp::create(s.b, s.loc, lanes, memref, indices(s, outputBlock, inputBlock, r, t, lane));
}

//===----------------------------------------------------------------------===//
// The sum
//===----------------------------------------------------------------------===//

SmallVector<Value> contract(StageBuilder &s, const Source &source, const Bank &bank, const Axis &rows, const Axis &columns,
                            ArrayRef<Pixel> pixels, Value outputBlock, int64_t blocks) {
  constexpr int64_t unroll = 4;
  SmallVector<Value> zeros(pixels.size() * blocks, s.splat(0));
  if (rows.taps == 0 || columns.taps == 0)
    return zeros;

  // The channels of one block, under one tap.
  auto sumChannels = [&](Value block, int64_t count, Value r, Value t, ValueRange carried) {
    Value weightRow = s.add(s.mul(r, rows.weightStep), rows.weightFirst), weightColumn = s.add(s.mul(t, columns.weightStep), columns.weightFirst);
    Value y = s.mul(r, rows.sourceStep), x = s.mul(t, columns.sourceStep);
    auto step = [&](Value lane, int64_t steps, ValueRange sums) {
      SmallVector<Value> next(sums);
      for (int64_t u = 0; u < steps; ++u) {
        Value channel = s.add(lane, u);
        SmallVector<Value> weights;
        for (int64_t b = 0; b < blocks; ++b)
          weights.push_back(bank.load(s, s.add(outputBlock, b), block, weightRow, weightColumn, channel));
        for (auto [q, pixel] : llvm::enumerate(pixels)) {
          Place place{s.add(pixel.n, pixel.shiftN), {}, s.add(pixel.y, y), s.add(s.add(pixel.x, x), pixel.shiftX)};
          Value input = source.load(s, place, outputBlock, block, channel);
          for (int64_t b = 0; b < blocks; ++b)
            next[q * blocks + b] = s.fma(input, weights[b], next[q * blocks + b]);
        }
      }
      return next;
    };
    int64_t full = count / unroll * unroll;
    SmallVector<Value> sums(carried);
    if (full)
      sums = s.forEach(s.index(0), s.index(full), unroll, sums, [&](Value lane, ValueRange in) { return step(lane, unroll, in); });
    return full < count ? step(s.index(full), count - full, sums) : sums;
  };
  auto sumTaps = [&](Value block, int64_t count, ValueRange carried) {
    return s.forEach(s.index(0), s.index(rows.taps), 1, carried, [&](Value r, ValueRange outer) {
      return s.forEach(s.index(0), s.index(columns.taps), 1, outer, [&](Value t, ValueRange inner) { return sumChannels(block, count, r, t, inner); });
    });
  };
  int64_t channels = source.channels(), full = channels / bank.block;
  SmallVector<Value> sums = s.forEach(s.index(0), s.index(full), 1, zeros, [&](Value block, ValueRange in) { return sumTaps(block, bank.block, in); });
  return channels % bank.block ? sumTaps(s.index(full), channels % bank.block, sums) : sums;
}

//===----------------------------------------------------------------------===//
// Loops over tiles
//===----------------------------------------------------------------------===//

void forEachTile(StageBuilder &s, ArrayRef<Run> runs, Value first, Value last, llvm::function_ref<void(int64_t, Value)> body) {
  for (const Run &run : runs) {
    Value lower = s.index(run.firstTile), upper = s.index(run.firstTile + run.count);
    lower = s.b.createOrFold<arith::MaxUIOp>(s.loc, first, lower);
    upper = s.b.createOrFold<arith::MinUIOp>(s.loc, last, upper);
    s.forEach(lower, upper, 1, [&](Value tile) { body(run.size, s.add(s.mul(tile, run.size), run.first - run.firstTile * run.size)); });
  }
}

std::pair<Value, Value> share(StageBuilder &s, Value total, Value part, int64_t parts) {
  if (parts == 1)
    return {s.index(0), total};
  return {s.div(s.mul(total, part), parts), s.div(s.mul(total, s.add(part, 1)), parts)};
}

} // namespace cnnc::tile
