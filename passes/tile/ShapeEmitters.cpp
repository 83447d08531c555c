//===- ShapeEmitters.cpp - concat, pad, slice -----------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Gather.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Rows.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

//===----------------------------------------------------------------------===//
// Concat
//===----------------------------------------------------------------------===//

/// Blocks of the result that come from the same operands.
struct Region {
  int64_t first, last; ///< blocks
  SmallVector<unsigned> operands;
};

/// Where each operand's channels start, and the regions of the result.
SmallVector<Region> regionsOf(cnn::ConcatOp op, SmallVector<int64_t> &starts) {
  int64_t channels = 0;
  for (Value operand : op.getInputs()) {
    starts.push_back(channels);
    channels += Extents(operand).channels;
  }
  starts.push_back(channels);
  SmallVector<Region> regions;
  for (int64_t block = 0; block * blockSize < channels; ++block) {
    SmallVector<unsigned> here;
    for (unsigned i = 0; i + 1 < starts.size(); ++i)
      if (starts[i] < (block + 1) * blockSize && starts[i + 1] > block * blockSize)
        here.push_back(i);
    if (here.size() == 1 && !regions.empty() && regions.back().operands == here)
      regions.back().last = block + 1;
    else
      regions.push_back({block, block + 1, here});
  }
  return regions;
}

void concatChannels(KernelBuilder &kernel, cnn::ConcatOp op) {
  Extents to(op.getResult());
  SmallVector<int64_t> starts;
  SmallVector<Region> regions = regionsOf(op, starts);
  kernel.stageOverBlocks(to, [&](StageBuilder &s, Value n, Value block) {
    kernel.zeroHalos(s, n, block);
    for (const Region &region : regions) {
      Value isHere = both(s, isBelow(s, s.index(region.first - 1), block), isBelow(s, block, s.index(region.last)));
      s.ifThen(isHere, [&] {
        s.forEach(0, to.height, 1, [&](Value y) {
          s.forEach(0, to.width, 1, [&](Value x) {
            Place place{n, block, y, x};
            Value lanes = s.splat(0);
            for (unsigned i : region.operands) {
              Value piece = loadShifted(s, kernel.view(op.getInputs()[i]), place, starts[i]);
              lanes = region.operands.size() == 1 ? piece : selectChannels(s, block, starts[i], starts[i + 1], piece, lanes);
            }
            kernel.finish(s, place, lanes);
          });
        });
      });
    }
  });
}

void concat(KernelBuilder &kernel, cnn::ConcatOp op) {
  op.getFusionKind() == cnn::FusionKind::General ? concatRows(kernel, op) : concatChannels(kernel, op);
}

//===----------------------------------------------------------------------===//
// Pad and slice
//===----------------------------------------------------------------------===//

/// The element of dimension `i` (0 channels, 1 rows, 2 columns) of an attribute.
int64_t at(ArrayRef<int64_t> values, unsigned i, int64_t otherwise) { return i < values.size() ? values[i] : otherwise; }

/// Where a place of a padded dimension comes from.
struct Origin {
  Value coordinate; ///< exists always
  Value exists;     ///< i1; null if always true
};
Origin originOf(StageBuilder &s, cnn::PadOp op, unsigned dimension, int64_t size, Value coordinate) {
  int64_t low = at(op.getLow(), dimension, 0), high = at(op.getHigh(), dimension, 0),
          step = at(op.getInterior(), dimension, 0) + 1;
  if (low == 0 && high == 0 && step == 1)
    return {coordinate, {}};
  Value relative = s.sub(coordinate, s.index(low));
  Value exists = both(s, isBelow(s, s.index(-1), relative), isBelow(s, relative, s.index((size - 1) * step + 1)));
  Value safe = s.b.createOrFold<arith::SelectOp>(s.loc, exists, relative, s.index(0));
  if (step > 1) {
    Value whole = s.b.createOrFold<arith::CmpIOp>(s.loc, arith::CmpIPredicate::eq, s.rem(safe, step), s.index(0));
    exists = both(s, exists, whole);
    safe = s.div(safe, step);
  }
  return {safe, exists};
}

void pad(KernelBuilder &kernel, cnn::PadOp op) {
  if (op.getFusionKind() == cnn::FusionKind::General)
    return padRows(kernel, op);
  Extents from(op.getInput()), to(op.getResult());
  const TensorView &input = kernel.view(op.getInput());
  double value = op.getValue().convertToDouble();
  int64_t low = at(op.getLow(), 0, 0);
  kernel.stageOverPlaces(to, [&](StageBuilder &s, const Place &place) {
    Origin y = originOf(s, op, 1, from.height, place.y), x = originOf(s, op, 2, from.width, place.x);
    Value lanes, fill = s.splat(value);
    if (at(op.getInterior(), 0, 0) == 0) {
      lanes = loadShifted(s, input, {place.n, place.block, y.coordinate, x.coordinate}, low);
      if (value != 0 && to.channels != from.channels)
        lanes = selectChannels(s, place.block, low, low + from.channels, lanes, fill);
    } else {
      lanes = fill;
      for (int64_t lane = 0; lane < std::min(blockSize, to.channels); ++lane) {
        Origin channel = originOf(s, op, 0, from.channels, s.add(s.mul(place.block, blockSize), lane));
        Value element = input.loadScalar(s.b, s.loc, place.n, channel.coordinate, y.coordinate, x.coordinate);
        element = arith::SelectOp::create(s.b, s.loc, channel.exists, element, s.scalar(value));
        lanes = vector::InsertOp::create(s.b, s.loc, element, lanes, lane);
      }
    }
    for (Value exists : {y.exists, x.exists})
      if (exists)
        lanes = arith::SelectOp::create(s.b, s.loc, exists, lanes, fill);
    kernel.finish(s, place, s.maskGap(place.block, to.channels, lanes));
  });
}

void slice(KernelBuilder &kernel, cnn::SliceOp op) {
  if (op.getFusionKind() == cnn::FusionKind::General)
    return sliceRows(kernel, op);
  Extents to(op.getResult());
  const TensorView &input = kernel.view(op.getInput());
  auto origin = [&](StageBuilder &s, unsigned dimension, Value coordinate) {
    return s.add(s.mul(coordinate, at(op.getStep(), dimension, 1)), at(op.getStart(), dimension, 0));
  };
  kernel.stageOverPlaces(to, [&](StageBuilder &s, const Place &place) {
    Value y = origin(s, 1, place.y), x = origin(s, 2, place.x);
    if (at(op.getStep(), 0, 1) == 1) {
      Value lanes = loadShifted(s, input, {place.n, place.block, y, x}, -at(op.getStart(), 0, 0));
      return kernel.finish(s, place, s.maskGap(place.block, to.channels, lanes));
    }
    kernel.finish(s, place, gather(s, input, place.n, place.block, to.channels, [&](Value channel) -> Element {
                    return {origin(s, 0, channel), y, x};
                  }));
  });
}

} // namespace

void registerShapeEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::ConcatOp, concat>(context);
    attachLeader<cnn::PadOp, pad>(context);
    attachLeader<cnn::SliceOp, slice>(context);
  });
}

} // namespace cnnc::tile
