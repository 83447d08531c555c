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

Value Source::blockOfGroup(StageBuilder &s, Value outputBlock, Value block) const {
  return grouping.groups == 1 ? block : s.add(s.mul(s.div(outputBlock, sharing), grouping.inputs / blockSize), block);
}

Value Source::element(StageBuilder &s, const Place &place, Value outputBlock, Value block) const {
  return view.element(s.b, s.loc, {place.n, blockOfGroup(s, outputBlock, block), place.y, place.x});
}

Value Source::load(StageBuilder &s, const Place &place, Value outputBlock, Value block, Value lane) const {
  switch (mode) {
  case Mode::Broadcast: {
    block = blockOfGroup(s, outputBlock, block);
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

void Source::prefetch(StageBuilder &s, const Place &place, Value block) const {
  if (mode != Mode::Broadcast || grouping.groups > 1 || view.getLayout().getKind() != plan::LayoutKind::Batch)
    return;
  Value y = s.add(place.y, view.getLayout().getHalo(0)), x = s.add(place.x, view.getLayout().getHalo(1));
  memref::PrefetchOp::create(s.b, s.loc, view.getMemRef(), ValueRange{place.n, block, y, x, s.index(0)}, /*isWrite=*/false,
                             /*localityHint=*/3, /*isDataCache=*/true);
}

//===----------------------------------------------------------------------===//
// Bank
//===----------------------------------------------------------------------===//

Value Bank::number(StageBuilder &s, Value outputBlock, Value inputBlock, Value r, Value t, Value lane) const {
  Value row = s.add(s.mul(s.add(s.mul(outputBlock, inputBlocks), inputBlock), rows), r);
  return s.add(s.mul(s.add(s.mul(row, columns), t), block), lane);
}

SmallVector<Value, 6> Bank::indices(StageBuilder &s, Value outputBlock, Value inputBlock, Value r, Value t, Value lane,
                                    int64_t first) const {
  if (cast<MemRefType>(memref.getType()).getRank() > 1)
    return {outputBlock, inputBlock, r, t, lane, s.index(first)};
  return {s.add(s.mul(number(s, outputBlock, inputBlock, r, t, lane), blockSize), first)};
}

Value Bank::load(StageBuilder &s, Value outputBlock, Value inputBlock, Value r, Value t, Value lane, int64_t first,
                 int64_t count) const {
  auto type = VectorType::get({count}, s.b.getF32Type());
  return vector::LoadOp::create(s.b, s.loc, type, memref, indices(s, outputBlock, inputBlock, r, t, lane, first));
}

void Bank::store(StageBuilder &s, Value outputBlock, Value inputBlock, Value r, Value t, Value lane, Value lanes,
                 int64_t first) const {
  vector::StoreOp::create(s.b, s.loc, lanes, memref, indices(s, outputBlock, inputBlock, r, t, lane, first));
}

//===----------------------------------------------------------------------===//
// The sum
//===----------------------------------------------------------------------===//

/// Where two trips are left of a loop LLVM makes the counter a flag, and addresses that no displacement holds: that costs
/// more registers than there are.
static constexpr int64_t fewestTrips = 3;

/// How many of `steps` a loop takes in one trip. Where many stand in a row LLVM loads too far ahead, which costs registers
/// as well.
static int64_t stepsPerTrip(int64_t steps) {
  constexpr int64_t mostSteps = 4;
  return steps < 2 * fewestTrips ? steps : std::min(mostSteps, steps / fewestTrips);
}

/// The products of `lanes` channels with the weights from vector `firstVector` on, added to `sums`. All pixels lie a
/// constant number of elements from `element`: one number for the weights and one for the inputs step through memory, and
/// every address is one of them plus a constant.
static SmallVector<Value> contractLanes(StageBuilder &s, const Source &source, const Bank &bank, ArrayRef<Pixel> pixels,
                                        Value element, Value firstVector, int64_t blocks, int64_t lanes, ValueRange sums) {
  int64_t unroll = stepsPerTrip(lanes);
  TensorView::Steps step = source.getView().steps();
  Value inputs = source.getView().flatBatch(s.b, s.loc, s.n), weights = s.flatten(bank.memref);
  auto addLanes = [&](Value weight, Value input, int64_t count, ValueRange before) {
    SmallVector<Value> next(before);
    for (int64_t u = 0; u < count; ++u) {
      SmallVector<Value> vectors;
      for (int64_t b = 0; b < blocks; ++b)
        vectors.push_back(vector::LoadOp::create(s.b, s.loc, s.lanesType(), weights,
                                                 s.add(weight, (b * bank.vectorsPerOutputBlock() + u) * blockSize)));
      for (auto [q, pixel] : llvm::enumerate(pixels)) {
        int64_t apart = pixel.shiftN * step.example + pixel.shiftY * step.row + pixel.shiftX * step.column;
        Value at = s.add(input, apart + u * step.lane);
        Value lane = s.broadcast(memref::LoadOp::create(s.b, s.loc, inputs, at));
        for (int64_t b = 0; b < blocks; ++b)
          next[q * blocks + b] = s.fma(lane, vectors[b], next[q * blocks + b]);
      }
    }
    return next;
  };
  Value weight = s.mul(firstVector, blockSize);
  int64_t full = lanes / unroll * unroll;
  SmallVector<Value> after(sums);
  if (full == unroll) {
    after = addLanes(weight, element, unroll, after);
  } else if (full) {
    after.push_back(element);
    after = s.forEach(weight, s.add(weight, full * blockSize), unroll * blockSize, after, [&](Value at, ValueRange in) {
      SmallVector<Value> next = addLanes(at, in.back(), unroll, in.drop_back());
      next.push_back(s.add(in.back(), unroll * step.lane));
      return next;
    });
    after.pop_back();
  }
  return full < lanes ? addLanes(s.add(weight, full * blockSize), s.add(element, full * step.lane), lanes - full, after) : after;
}

SmallVector<Value> contractBlocks(StageBuilder &s, const Source &source, const Bank &bank, const Axis &rows, const Axis &columns,
                                  ArrayRef<Pixel> pixels, Value outputBlock, int64_t blocks, const ChannelRange &range,
                                  ValueRange sums) {
  int64_t unroll = stepsPerTrip(range.lanes);
  // The channels of one block, under one tap.
  auto sumChannels = [&](Value block, Value r, Value t, ValueRange carried) {
    Value weightRow = s.add(s.mul(r, rows.weightStep), rows.weightFirst),
          weightColumn = s.add(s.mul(t, columns.weightStep), columns.weightFirst);
    Value bankBlock = range.bankFirst ? s.sub(block, range.bankFirst) : block;
    Value y = s.mul(r, rows.sourceStep), x = s.mul(t, columns.sourceStep);
    if (source.isBroadcast() && llvm::all_of(pixels, [&](const Pixel &pixel) { return pixel.isBeside(pixels.front()); })) {
      Place place{pixels[0].n, {}, s.add(pixels[0].y, y), s.add(pixels[0].x, x)};
      Value vector = bank.number(s, outputBlock, bankBlock, weightRow, weightColumn, s.index(0));
      return contractLanes(s, source, bank, pixels, source.element(s, place, outputBlock, block), vector, blocks, range.lanes,
                           carried);
    }
    auto step = [&](Value lane, int64_t steps, ValueRange before) {
      SmallVector<Value> next(before);
      for (int64_t u = 0; u < steps; ++u) {
        Value channel = s.add(lane, u);
        SmallVector<Value> weights;
        for (int64_t b = 0; b < blocks; ++b)
          weights.push_back(bank.load(s, s.add(outputBlock, b), bankBlock, weightRow, weightColumn, channel));
        for (auto [q, pixel] : llvm::enumerate(pixels)) {
          Place place{
              s.add(pixel.n, pixel.shiftN), {}, s.add(s.add(pixel.y, y), pixel.shiftY), s.add(s.add(pixel.x, x), pixel.shiftX)};
          Value input = source.load(s, place, outputBlock, block, channel);
          for (int64_t b = 0; b < blocks; ++b)
            next[q * blocks + b] = s.fma(input, weights[b], next[q * blocks + b]);
        }
      }
      return next;
    };
    // A strided 1x1 takes a line here and there, which the processor does not foresee.
    if (rows.taps == 1 && columns.taps == 1 && columns.sourceStride > 1)
      for (const Pixel &pixel : pixels)
        source.prefetch(
            s, {pixel.n, {}, s.add(s.add(pixel.y, y), pixel.shiftY + rows.sourceStride), s.add(s.add(pixel.x, x), pixel.shiftX)},
            block);
    int64_t full = range.lanes / unroll * unroll;
    SmallVector<Value> after(carried);
    if (full)
      after =
          s.forEach(s.index(0), s.index(full), unroll, after, [&](Value lane, ValueRange in) { return step(lane, unroll, in); });
    return full < range.lanes ? step(s.index(full), range.lanes - full, after) : after;
  };
  return s.forEach(range.first, range.last, 1, sums, [&](Value block, ValueRange outer) {
    return s.forEach(s.index(0), s.index(rows.taps), 1, outer, [&](Value r, ValueRange inner) {
      Value from = range.firstColumn ? range.firstColumn : s.index(0),
            to = range.lastColumn ? range.lastColumn : s.index(columns.taps);
      return s.forEach(from, to, 1, inner, [&](Value t, ValueRange in) { return sumChannels(block, r, t, in); });
    });
  });
}

/// How many blocks of input channels, of `terms` products each, add up in one register: the rounding error of a sum grows
/// with its length. Not two, since a loop of two trips costs registers.
static int64_t blocksPerSum(int64_t terms) {
  int64_t blocks = mostTerms / terms;
  return blocks < fewestTrips ? 1 : blocks;
}

/// The taps of the columns, cut where even one block has long sums, as kernels of signals have.
static SmallVector<Run, 2> columnRuns(int64_t lanes, const Axis &rows, const Axis &columns) {
  constexpr int64_t cutTerms = 32;
  int64_t terms = lanes * rows.taps, taps = std::max(cutTerms / terms, fewestTrips);
  bool isLong = terms * columns.taps >= mostTerms && columns.taps >= 4 * taps;
  return balancedRuns(columns.taps, isLong ? taps : columns.taps);
}

SmallVector<Value> contract(StageBuilder &s, const Source &source, const Bank &bank, const Axis &rows, const Axis &columns,
                            ArrayRef<Pixel> pixels, Value outputBlock, int64_t blocks) {
  SmallVector<Value> zeros(pixels.size() * blocks, s.splat(0));
  if (rows.taps == 0 || columns.taps == 0)
    return zeros;
  int64_t channels = source.channels(), full = channels / bank.block, tail = channels % bank.block;
  auto addRange = [&](Value first, int64_t count, int64_t lanes, ValueRange sums) {
    ChannelRange range{first, s.add(first, count), lanes};
    auto addTaps = [&](ValueRange before) {
      return contractBlocks(s, source, bank, rows, columns, pixels, outputBlock, blocks, range, before);
    };
    SmallVector<Run, 2> runs = columnRuns(lanes, rows, columns);
    if (runs.front().size == columns.taps)
      return addTaps(sums);
    SmallVector<Value> total(sums);
    for (const Run &run : runs)
      total = s.forEach(s.index(run.first), s.index(run.first + run.count * run.size), run.size, total,
                        [&](Value tap, ValueRange before) {
                          range.firstColumn = tap;
                          range.lastColumn = s.add(tap, run.size);
                          return s.addEach(before, addTaps(zeros));
                        });
    return total;
  };
  int64_t most = blocksPerSum(bank.block * rows.taps * columns.taps);
  SmallVector<Value> sums(zeros);
  if (full > most) {
    for (const Run &run : balancedRuns(full, most))
      sums = s.forEach(
          s.index(run.first), s.index(run.first + run.count * run.size), run.size, sums,
          [&](Value first, ValueRange before) { return s.addEach(before, addRange(first, run.size, bank.block, zeros)); });
  } else if (full) {
    sums = addRange(s.index(0), full, bank.block, sums);
  }
  return tail ? addRange(s.index(full), 1, tail, sums) : sums;
}

/// A square matrix of as many vectors as they have lanes, turned.
static void transpose(StageBuilder &s, MutableArrayRef<Value> rows) {
  // Each round exchanges the corners of squares of twice `side`, beside the diagonal.
  int64_t size = rows.size();
  for (int64_t side = size / 2; side >= 1; side /= 2) {
    SmallVector<int64_t> upper, lower;
    for (int64_t lane = 0; lane < size; ++lane) {
      upper.push_back(lane & side ? size + lane - side : lane);
      lower.push_back(lane & side ? size + lane : lane + side);
    }
    for (int64_t i = 0; i < size; ++i) {
      if (i & side)
        continue;
      Value a = rows[i], b = rows[i + side];
      rows[i] = vector::ShuffleOp::create(s.b, s.loc, a, b, upper);
      rows[i + side] = vector::ShuffleOp::create(s.b, s.loc, a, b, lower);
    }
  }
}

void transposeBlock(StageBuilder &s, const Target &target, const Bank &from, const BankBlock &source, const Bank &to,
                    const BankBlock &result) {
  int64_t side = target.registerLanes;
  Value zeros = arith::ConstantOp::create(s.b, s.loc, s.b.getZeroAttr(VectorType::get({side}, s.b.getF32Type())));
  for (int64_t input = 0; input < blockSize; input += side)
    for (int64_t output = 0; output < to.block; output += side) {
      SmallVector<Value> rows(side, zeros);
      for (int64_t i = 0; i < std::min(side, from.block - input); ++i)
        rows[i] = from.load(s, source.outputs, source.inputs, source.r, source.t, s.index(input + i), output, side);
      transpose(s, rows);
      for (int64_t i = 0; i < std::min(side, to.block - output); ++i)
        to.store(s, result.outputs, result.inputs, result.r, result.t, s.index(output + i), rows[i], input);
    }
}

//===----------------------------------------------------------------------===//
// Loops over tiles
//===----------------------------------------------------------------------===//

void forEachTile(StageBuilder &s, ArrayRef<Run> runs, Value first, Value last, llvm::function_ref<void(int64_t, Value)> body) {
  for (const Run &run : runs) {
    Value lower = s.index(run.firstTile), upper = s.index(run.firstTile + run.count);
    lower = s.b.createOrFold<arith::MaxUIOp>(s.loc, first, lower);
    upper = s.b.createOrFold<arith::MinUIOp>(s.loc, last, upper);
    s.forEach(lower, upper, 1,
              [&](Value tile) { body(run.size, s.add(s.mul(tile, run.size), run.first - run.firstTile * run.size)); });
  }
}

std::pair<Value, Value> share(StageBuilder &s, Value total, Value part, int64_t parts) {
  if (parts == 1)
    return {s.index(0), total};
  return {s.div(s.mul(total, part), parts), s.div(s.mul(total, s.add(part, 1)), parts)};
}

} // namespace cnnc::tile
