//===- ResampleEmitter.cpp - weighted sums of rows and columns ------------===//
//
// Rows first, into a strip of scratch as wide as the input, then columns. The
// tables go into scratch too, written by a stage of their own.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Reduction.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

/// Taps that are written one after the other, without a loop.
constexpr int64_t unrolled = 8;

/// One axis of the op.
struct Axis {
  ArrayRef<int64_t> places;
  ArrayRef<double> weights;
  int64_t taps;

  int64_t size() const { return static_cast<int64_t>(places.size()) / taps; }
  bool isWeighted() const {
    return llvm::any_of(weights, [](double weight) { return weight != 1; });
  }
  /// n if every element is read n times in a row, else 0.
  int64_t repeats(int64_t inputs) const {
    int64_t times = size() / inputs;
    if (taps != 1 || isWeighted() || times * inputs != size())
      return 0;
    for (auto [i, place] : llvm::enumerate(places))
      if (place != static_cast<int64_t>(i) / times)
        return 0;
    return times;
  }
};

/// The table of an axis in fixed scratch: first the places, as integers, then the weights, if any is not 1.
class Table {
public:
  Table(KernelBuilder &kernel, const Axis &axis)
      : axis(axis), vectors((axis.places.size() + blockSize - 1) / blockSize),
        scratch(kernel.fixedScratch(vectors * blockSize * (axis.isWeighted() ? 2 : 1))) {}

  /// Writes all of it, as constants.
  void write(StageBuilder &s) const {
    auto numbers = VectorType::get({blockSize}, s.b.getI32Type());
    for (int64_t vector = 0; vector < vectors; ++vector) {
      SmallVector<int32_t> places(blockSize);
      SmallVector<float> weights(blockSize);
      for (int64_t lane = 0, i = vector * blockSize; lane < blockSize && i < int64_t(axis.places.size()); ++lane, ++i) {
        places[lane] = axis.places[i];
        weights[lane] = static_cast<float>(axis.weights[i]);
      }
      Value bits = arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(numbers, ArrayRef<int32_t>(places)));
      storeVector(s, scratch, s.index(vector), arith::BitcastOp::create(s.b, s.loc, s.lanesType(), bits));
      if (axis.isWeighted())
        storeVector(s, scratch, s.index(vectors + vector),
                    arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(s.lanesType(), ArrayRef<float>(weights))));
    }
  }

  /// The weighted sum of what `load` gives for each place of result number `number`.
  Value sum(StageBuilder &s, Value number, llvm::function_ref<Value(Value place)> load) const {
    Value first = s.mul(number, axis.taps);
    auto term = [&](Value tap, Value soFar) -> Value {
      Value entry = s.add(first, tap);
      Value bits = memref::LoadOp::create(s.b, s.loc, scratch, entry);
      Value place = arith::IndexCastOp::create(s.b, s.loc, s.b.getIndexType(),
                                               arith::BitcastOp::create(s.b, s.loc, s.b.getI32Type(), bits));
      Value lanes = load(place);
      if (!axis.isWeighted())
        return soFar ? s.addf(soFar, lanes) : lanes;
      Value weight = s.broadcast(memref::LoadOp::create(s.b, s.loc, scratch, s.add(entry, vectors * blockSize)));
      return soFar ? s.fma(lanes, weight, soFar) : s.mulf(lanes, weight);
    };
    if (axis.taps > unrolled)
      return s.forEach(s.index(0), s.index(axis.taps), 1, s.splat(0),
                       [&](Value tap, ValueRange soFar) -> Values { return {term(tap, soFar[0])}; })[0];
    Value total;
    for (int64_t tap = 0; tap < axis.taps; ++tap)
      total = term(s.index(tap), total);
    return total;
  }

private:
  Axis axis;
  int64_t vectors;
  Value scratch;
};

/// Every element is read a whole number of times in a row: one load serves all of them.
void repeat(KernelBuilder &kernel, cnn::ResampleOp op, int64_t rows, int64_t columns) {
  Extents from(op.getInput()), to(op.getResult());
  const TensorView &input = kernel.view(op.getInput());
  kernel.stageOverBlocks(to, [&](StageBuilder &s, Value n, Value block) {
    kernel.zeroHalos(s, n, block);
    s.forEach(0, from.height, 1, [&](Value y) {
      s.forEach(0, from.width, 1, [&](Value x) {
        Value lanes = input.loadLanes(s.b, s.loc, {n, block, y, x});
        for (int64_t i = 0; i < rows; ++i)
          for (int64_t j = 0; j < columns; ++j)
            kernel.finish(s, {n, block, s.add(s.mul(y, rows), i), s.add(s.mul(x, columns), j)}, lanes);
      });
    });
  });
}

void resample(KernelBuilder &kernel, cnn::ResampleOp op) {
  Extents from(op.getInput()), to(op.getResult());
  Axis rows{op.getRows(), op.getRowWeights(), int64_t(op.getRowTaps())};
  Axis columns{op.getColumns(), op.getColumnWeights(), int64_t(op.getColumnTaps())};
  int64_t rowRepeats = rows.repeats(from.height), columnRepeats = columns.repeats(from.width);
  if (rowRepeats && columnRepeats && rowRepeats * columnRepeats <= 2 * unrolled)
    return repeat(kernel, op, rowRepeats, columnRepeats);

  const TensorView &input = kernel.view(op.getInput());
  Table rowTable(kernel, rows), columnTable(kernel, columns);
  // A row that is a row of the input needs no strip.
  bool needsStrip = rows.taps > 1 || rows.isWeighted();
  Value strips = needsStrip ? kernel.perExampleScratch(to.blocks() * from.width * blockSize) : Value();
  kernel.stage(0, 1, [&](StageBuilder &s) {
    rowTable.write(s);
    columnTable.write(s);
  });
  kernel.stageOverBlocks(to, [&](StageBuilder &s, Value n, Value block) {
    kernel.zeroHalos(s, n, block);
    auto slot = [&](Value x) { return SmallVector<Value>{n, s.mul(s.add(s.mul(block, from.width), x), blockSize)}; };
    auto fromInput = [&](Value y, Value x) { return input.loadLanes(s.b, s.loc, {n, block, y, x}); };
    s.forEach(0, to.height, 1, [&](Value p) {
      if (needsStrip)
        s.forEach(0, from.width, 1, [&](Value x) {
          Value lanes = rowTable.sum(s, p, [&](Value y) { return fromInput(y, x); });
          vector::StoreOp::create(s.b, s.loc, lanes, strips, slot(x));
        });
      s.forEach(0, to.width, 1, [&](Value q) {
        kernel.finish(s, {n, block, p, q}, columnTable.sum(s, q, [&](Value x) -> Value {
          if (needsStrip)
            return vector::LoadOp::create(s.b, s.loc, s.lanesType(), strips, slot(x));
          return rowTable.sum(s, p, [&](Value y) { return fromInput(y, x); });
        }));
      });
    });
  });
}

} // namespace

void registerResampleEmitter(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) { attachLeader<cnn::ResampleOp, resample>(context); });
}

} // namespace cnnc::tile
