//===- GridSampleEmitters.cpp - images read at places that are computed ---===//
//
// 16 places of the grid side by side: their taps are found once, and read in
// every channel.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Indices.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

Value floorOf(StageBuilder &s, Value x) { return ::mlir::math::FloorOp::create(s.b, s.loc, x); }
Value both(StageBuilder &s, Value a, Value b) { return a && b ? arith::AndIOp::create(s.b, s.loc, a, b).getResult() : a ? a : b; }

/// Elements along one dimension, their shares, and how these grow with the coordinate; `exists` is null where all do.
struct Tap {
  Value element, weight, slope, exists;
};

/// The attributes of a grid_sample or of one of its gradients.
class Sampling {
public:
  template <typename Op>
  Sampling(StageBuilder &s, Op op)
      : s(s), isNearest(op.getMode() == "nearest"), isCubic(op.getMode() == "cubic"), zeros(op.getPadding() == "zeros"),
        reflects(op.getPadding() == "reflection"), aligned(op.getAlignCorners()) {}

  SmallVector<Tap> taps(Value coordinate, int64_t size) {
    double last = double(size - 1), scale = (aligned ? last : double(size)) / 2;
    Value x = s.fma(coordinate, s.splat(scale), s.splat(last / 2)), slope = s.splat(scale);
    if (zeros) // what lies further out reads nothing either
      x = clamp(x, -3, last + 3);
    if (!zeros && !isCubic) {
      if (reflects)
        x = reflected(x, size, &slope);
      Value inside = both(s, math::greater(s, x, s.splat(0)), math::less(s, x, s.splat(last)));
      slope = math::select(s, inside, slope, s.splat(0));
      x = clamp(x, 0, last);
    }
    if (isNearest)
      return {tap(::mlir::math::RoundEvenOp::create(s.b, s.loc, x), size, s.splat(1), s.splat(0))};
    Value first = floorOf(s, x), t = s.subf(x, first);
    if (!isCubic)
      return {tap(first, size, s.subf(s.splat(1), t), s.subf(s.splat(0), slope)), tap(s.addf(first, s.splat(1)), size, t, slope)};
    SmallVector<Tap> result;
    for (int64_t i = -1; i <= 2; ++i) {
      bool isNear = i == 0 || i == 1, isBehind = i <= 0;
      Value d = isBehind ? s.subf(t, s.splat(double(i))) : s.subf(s.splat(double(i)), t);
      constexpr double a = -0.75;
      auto polynomial = [&](std::initializer_list<double> coefficients) {
        Value sum;
        for (double coefficient : coefficients)
          sum = sum ? s.fma(sum, d, s.splat(coefficient)) : s.splat(coefficient);
        return sum;
      };
      Value weight = isNear ? polynomial({a + 2, -(a + 3), 0, 1}) : polynomial({a, -5 * a, 8 * a, -4 * a});
      Value change = isNear ? polynomial({3 * (a + 2), -2 * (a + 3), 0}) : polynomial({3 * a, -10 * a, 8 * a});
      Value place = s.addf(first, s.splat(double(i)));
      if (reflects)
        place = reflected(place, size, nullptr);
      result.push_back(tap(place, size, weight, s.mulf(change, isBehind ? slope : s.subf(s.splat(0), slope))));
    }
    return result;
  }

private:
  /// NaN becomes `low`.
  Value clamp(Value x, double low, double high) { return s.minf(s.maxf(x, s.splat(low)), s.splat(high)); }

  /// `x` mirrored at the outermost elements; `slope` turns with it.
  Value reflected(Value x, int64_t size, Value *slope) {
    double low = aligned ? 0 : -0.5, span = aligned ? double(size - 1) : double(size);
    if (span == 0) {
      if (slope)
        *slope = s.splat(0);
      return s.splat(0);
    }
    Value distance = math::absolute(s, s.subf(x, s.splat(low))), turns = floorOf(s, s.divf(distance, s.splat(span)));
    Value rest = s.subf(distance, s.mulf(turns, s.splat(span))), half = s.mulf(turns, s.splat(0.5));
    Value isTurned = math::greater(s, s.subf(half, floorOf(s, half)), s.splat(0.25));
    if (slope) {
      Value isBefore = math::less(s, x, s.splat(low)), falls = arith::XOrIOp::create(s.b, s.loc, isBefore, isTurned);
      *slope = math::select(s, falls, s.subf(s.splat(0), *slope), *slope);
    }
    return s.addf(s.splat(low), math::select(s, isTurned, s.subf(s.splat(span), rest), rest));
  }

  Tap tap(Value place, int64_t size, Value weight, Value slope) {
    Value exists;
    if (zeros)
      exists = both(s, math::greater(s, place, s.splat(-0.5)), math::less(s, place, s.splat(double(size) - 0.5)));
    place = clamp(place, 0, double(size - 1)); // one behind the last has no weight
    Value element = arith::FPToSIOp::create(s.b, s.loc, VectorType::get({blockSize}, s.b.getI32Type()), place);
    return {element, weight, slope, exists};
  }

  StageBuilder &s;
  bool isNearest, isCubic, zeros, reflects, aligned;
};

/// An element of a channel: where it is, its weight, and the change of that with each coordinate of the grid.
struct Sample {
  Value element, weight, exists;
  SmallVector<Value> slopes;
};

/// The elements that 16 places of the grid read, from place `at` of it on; `images` is the type of what is sampled.
template <typename Op>
SmallVector<Sample> samplesAt(StageBuilder &s, Op op, const TensorView &grid, RankedTensorType images, const Place &place) {
  int64_t dims = images.getRank() - 2;
  Sampling sampling(s, op);
  SmallVector<SmallVector<Tap>> along;
  for (int64_t d = 0; d < dims; ++d) {
    Value coordinates = loadLanes(s, place, [&](const Index &index) {
      Index at(index);
      at.push_back(s.index(dims - 1 - d));
      return grid.loadElement(s.b, s.loc, at);
    });
    along.push_back(sampling.taps(coordinates, images.getDimSize(2 + d)));
  }
  SmallVector<Sample> samples{{Value(), Value(), Value(), SmallVector<Value>(dims)}};
  for (auto [d, taps] : llvm::enumerate(along)) {
    Value size = numberLanes(s, s.index(images.getDimSize(2 + d)), s.b.getI32Type());
    SmallVector<Sample> next;
    for (const Sample &sample : samples)
      for (const Tap &tap : taps) {
        Sample grown;
        grown.element =
            sample.element
                ? arith::AddIOp::create(s.b, s.loc, arith::MulIOp::create(s.b, s.loc, sample.element, size), tap.element)
                      .getResult()
                : tap.element;
        grown.weight = sample.weight ? s.mulf(sample.weight, tap.weight) : tap.weight;
        grown.exists = both(s, sample.exists, tap.exists);
        for (int64_t other = 0; other < dims; ++other) {
          Value slope = sample.slopes[other], factor = dims - 1 - other == int64_t(d) ? tap.slope : tap.weight;
          grown.slopes.push_back(slope ? s.mulf(slope, factor) : factor);
        }
        next.push_back(grown);
      }
    samples = next;
  }
  return samples;
}

/// 16 elements of a channel that starts at element `start` of the flat memory `images`.
Value gathered(StageBuilder &s, Value images, Value start, const Sample &sample) {
  Value mask = sample.exists;
  if (!mask)
    mask = arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(VectorType::get({blockSize}, s.b.getI1Type()), true));
  return vector::GatherOp::create(s.b, s.loc, s.lanesType(), images, ValueRange{start}, sample.element, mask, s.splat(0));
}

int64_t elementsOfChannel(RankedTensorType images) {
  int64_t elements = 1;
  for (int64_t size : images.getShape().drop_front(2))
    elements *= size;
  return elements;
}

/// The place of the channel `c` that `place` of the grid is one of.
Place inChannel(const Place &place, Value c) {
  Index at(place.at);
  at.insert(at.begin() + 1, c);
  return rowPlace(at, place.count);
}

/// A task for every row of the grid, which has the coordinates of a place as its last dimension.
void stageOverGrid(KernelBuilder &kernel, RankedTensorType grid, llvm::function_ref<void(StageBuilder &, const Place &)> body) {
  stageOverLeading(kernel, grid.getShape().drop_back(2), [&](StageBuilder &s, const Index &row) {
    forEachVector(s, s.index(0), s.index(grid.getDimSize(grid.getRank() - 2)), [&](Value i, Value count) {
      Index at(row);
      at.push_back(i);
      body(s, rowPlace(at, count));
    });
  });
}

void gridSample(KernelBuilder &kernel, cnn::GridSampleOp op) {
  RankedTensorType images = op.getInput().getType();
  int64_t channels = images.getDimSize(1), elements = elementsOfChannel(images);
  stageOverGrid(kernel, op.getGrid().getType(), [&](StageBuilder &s, const Place &place) {
    SmallVector<Sample> samples = samplesAt(s, op, kernel.view(op.getGrid()), images, place);
    Value memory = flattened(s, kernel.view(op.getInput())).getMemRef(), example = s.mul(place.at[0], channels * elements);
    s.forEach(s.index(0), s.index(channels), 1, [&](Value c) {
      Value start = s.add(example, s.mul(c, elements)), sum = s.splat(0);
      for (const Sample &sample : samples)
        sum = s.fma(gathered(s, memory, start, sample), sample.weight, sum);
      kernel.finish(s, inChannel(place, c), sum);
    });
  });
}

/// Scratch has the coordinates before the places, side by side.
void gridSampleGridGrad(KernelBuilder &kernel, cnn::GridSampleGridGradOp op) {
  RankedTensorType images = op.getInput().getType(), grid = op.getType();
  int64_t channels = images.getDimSize(1), elements = elementsOfChannel(images), dims = grid.getShape().back();
  SmallVector<int64_t> turned(grid.getShape().drop_back());
  turned.insert(turned.begin() + 1, dims);
  RankedTensorType planes = grid.clone(turned);
  Value scratch = scratchFor(kernel, planes);
  stageOverGrid(kernel, grid, [&](StageBuilder &s, const Place &place) {
    SmallVector<Sample> samples = samplesAt(s, op, kernel.view(op.getGrid()), images, place);
    Value memory = flattened(s, kernel.view(op.getInput())).getMemRef(), example = s.mul(place.at[0], channels * elements);
    SmallVector<Value> zeros(dims, s.splat(0));
    SmallVector<Value> sums = s.forEach(s.index(0), s.index(channels), 1, zeros, [&](Value c, ValueRange soFar) {
      Value start = s.add(example, s.mul(c, elements)),
            gradient = kernel.view(op.getGradient()).loadLanes(s.b, s.loc, inChannel(place, c));
      SmallVector<Value> next(soFar);
      for (const Sample &sample : samples) {
        Value product = s.mulf(gathered(s, memory, start, sample), gradient);
        for (int64_t d = 0; d < dims; ++d)
          next[d] = s.fma(product, sample.slopes[d], next[d]);
      }
      return next;
    });
    for (int64_t d = 0; d < dims; ++d)
      asTensor(s, scratch, planes).storeLanes(s.b, s.loc, inChannel(place, s.index(d)), sums[d]);
  });
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place, loadMapped(s, asTensor(s, scratch, planes), place, /*isContiguous=*/false, [&](const Index &index) {
                    Index from(index);
                    from.insert(from.begin() + 1, from.pop_back_val());
                    return from;
                  }));
  });
}

/// A task adds up one channel: lane by lane, since places may share elements.
void gridSampleInputGrad(KernelBuilder &kernel, cnn::GridSampleInputGradOp op) {
  RankedTensorType images = op.getType(), grid = op.getGrid().getType();
  int64_t channels = images.getDimSize(1), elements = elementsOfChannel(images);
  Value scratch = scratchFor(kernel, images);
  ArrayRef<int64_t> places = grid.getShape().drop_front().drop_back();
  stageOverLeading(kernel, images.getShape().take_front(2), [&](StageBuilder &s, const Index &channel) {
    Value memory = flattened(s, asTensor(s, scratch, images)).getMemRef();
    Value start = s.add(s.mul(channel[0], channels * elements), s.mul(channel[1], elements)), zero = s.scalar(0);
    s.forEach(s.index(0), s.index(elements), 1,
              [&](Value i) { memref::StoreOp::create(s.b, s.loc, zero, memory, ValueRange{s.add(start, i)}); });
    forEachIndex(s, places.drop_back(), {channel[0]}, [&](const Index &row) {
      forEachVector(s, s.index(0), s.index(places.back()), [&](Value i, Value count) {
        Index at(row);
        at.push_back(i);
        Place place = rowPlace(at, count);
        Value gradient = kernel.view(op.getGradient()).loadLanes(s.b, s.loc, inChannel(place, channel[1]));
        for (const Sample &sample : samplesAt(s, op, kernel.view(op.getGrid()), images, place)) {
          Value share = s.mulf(sample.weight, gradient);
          if (sample.exists)
            share = math::select(s, sample.exists, share, s.splat(0));
          for (int64_t lane = 0; lane < blockSize; ++lane) {
            Value element = arith::IndexCastOp::create(s.b, s.loc, s.b.getIndexType(),
                                                       vector::ExtractOp::create(s.b, s.loc, sample.element, lane));
            Value to = s.add(start, element), old = memref::LoadOp::create(s.b, s.loc, memory, ValueRange{to});
            memref::StoreOp::create(s.b, s.loc, s.addf(old, vector::ExtractOp::create(s.b, s.loc, share, lane)), memory,
                                    ValueRange{to});
          }
        }
      });
    });
  });
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place, asTensor(s, scratch, images).loadLanes(s.b, s.loc, place));
  });
}

} // namespace

void registerGridSampleEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::GridSampleOp, gridSample>(context);
    attachLeader<cnn::GridSampleInputGradOp, gridSampleInputGrad>(context);
    attachLeader<cnn::GridSampleGridGradOp, gridSampleGridGrad>(context);
  });
}

} // namespace cnnc::tile
