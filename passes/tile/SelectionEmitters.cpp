//===- SelectionEmitters.cpp - the largest elements, running sums ---------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Indices.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Reduction.h"
#include <limits>

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// The largest element so far and its number, in each lane.
struct Largest {
  Value element, number;
};

/// `next` where it `may` be taken and is larger than, or with `last` equal to, what was.
SmallVector<Value> larger(StageBuilder &s, ValueRange soFar, Largest next, bool last, Value may) {
  Value takes =
      arith::CmpFOp::create(s.b, s.loc, last ? arith::CmpFPredicate::OGE : arith::CmpFPredicate::OGT, next.element, soFar[0]);
  if (may)
    takes = arith::AndIOp::create(s.b, s.loc, may, takes);
  return {math::select(s, takes, next.element, soFar[0]), math::select(s, takes, next.number, soFar[1])};
}

template <vector::CombiningKind kind> Value acrossLanes(StageBuilder &s, Value lanes) {
  return vector::ReductionOp::create(s.b, s.loc, kind, lanes);
}

/// The largest element of a row and its number; of equal ones the first, or the `last`. `may` says of lanes which may be
/// taken, null for all.
Largest largestOfRow(StageBuilder &s, const TensorView &view, Index at, bool last,
                     llvm::function_ref<Value(Value lanes, Value numbers)> may) {
  int64_t length = view.getTensorType().getShape().back(), whole = length / blockSize * blockSize;
  auto step = [&](Value i, Value count, ValueRange soFar) {
    at.back() = i;
    Value lanes = view.loadLanes(s.b, s.loc, rowPlace(at, count)), numbers = numbersFrom(s, i, s.b.getF32Type()),
          allowed = may(lanes, numbers);
    if (count) {
      Value exists = vector::CreateMaskOp::create(s.b, s.loc, VectorType::get({blockSize}, s.b.getI1Type()), count);
      allowed = allowed ? arith::AndIOp::create(s.b, s.loc, allowed, exists).getResult() : exists;
    }
    return larger(s, soFar, {lanes, numbers}, last, allowed);
  };
  SmallVector<Value> best{s.splat(-infinity), s.splat(0)};
  if (whole)
    best = s.forEach(s.index(0), s.index(whole), blockSize, best, [&](Value i, ValueRange soFar) { return step(i, {}, soFar); });
  if (whole != length)
    best = step(s.index(whole), s.index(length - whole), best);
  Value most = maximumOfLanes(s, best[0]);
  Value isMost = arith::CmpFOp::create(s.b, s.loc, arith::CmpFPredicate::OEQ, best[0], s.broadcast(most));
  Value numbers = math::select(s, isMost, best[1], s.splat(last ? -1 : infinity));
  return {most, last ? acrossLanes<vector::CombiningKind::MAXNUMF>(s, numbers)
                     : acrossLanes<vector::CombiningKind::MINNUMF>(s, numbers)};
}

Value all(Value, Value) { return {}; }

void argMax(KernelBuilder &kernel, cnn::ArgMaxOp op) {
  RankedTensorType from = op.getInput().getType();
  int64_t axis = op.getAxis();
  bool isAlongRow = axis == from.getRank() - 1, last = op.getLast();
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    const TensorView &view = kernel.view(op.getInput());
    if (isAlongRow)
      return kernel.finish(s, place, s.broadcast(largestOfRow(s, view, Index(place.at), last, all).number));
    SmallVector<Value> start{s.splat(-infinity), s.splat(0)};
    Value number = s.forEach(s.index(0), s.index(from.getDimSize(axis)), 1, start, [&](Value i, ValueRange soFar) {
      Index at(place.at);
      at[axis] = i;
      return larger(s, soFar, {view.loadLanes(s.b, s.loc, rowPlace(at, place.count)), numberLanes(s, i, s.b.getF32Type())}, last,
                    {});
    })[1];
    kernel.finish(s, place, number);
  });
}

/// Each next one is the largest of those that come after the one before: smaller, or equal and further on.
void topK(KernelBuilder &kernel, cnn::TopKOp op) {
  RankedTensorType from = op.getInput().getType();
  SmallVector<int64_t> rows(from.getShape());
  rows.back() = 1;
  kernel.stageOverRows(from.clone(rows), [&](StageBuilder &s, const Place &place) {
    SmallVector<Value> start{s.scalar(infinity), s.scalar(-1)};
    s.forEach(s.index(0), s.index(op.getK()), 1, start, [&](Value i, ValueRange before) -> SmallVector<Value> {
      Value element = s.broadcast(before[0]), number = s.broadcast(before[1]);
      Largest next =
          largestOfRow(s, kernel.view(op.getInput()), Index(place.at), /*last=*/false, [&](Value lanes, Value numbers) -> Value {
            Value isEqual = arith::CmpFOp::create(s.b, s.loc, arith::CmpFPredicate::OEQ, lanes, element);
            Value isFurther = arith::AndIOp::create(s.b, s.loc, isEqual, math::greater(s, numbers, number));
            return arith::OrIOp::create(s.b, s.loc, math::less(s, lanes, element), isFurther);
          });
      Index at(place.at);
      at.back() = i;
      kernel.finish(s, rowPlace(at, s.index(1)), s.broadcast(next.number));
      return {next.element, next.number};
    });
  });
}

//===----------------------------------------------------------------------===//
// Running sums
//===----------------------------------------------------------------------===//

/// `lanes` moved `by` lanes up, or down, with zeros behind.
Value shifted(StageBuilder &s, Value lanes, int64_t by, bool down) {
  SmallVector<int64_t> from;
  for (int64_t lane = 0; lane < blockSize; ++lane) {
    int64_t source = down ? lane + by : lane - by;
    from.push_back(source >= 0 && source < blockSize ? source : blockSize);
  }
  return vector::ShuffleOp::create(s.b, s.loc, lanes, s.splat(0), from);
}

/// The sums of 16 lanes and of all before them, and what the next 16 start with.
SmallVector<Value> runningSums(StageBuilder &s, Value lanes, Value before, bool exclusive, bool reverse) {
  Value sums = lanes;
  for (int64_t by = 1; by < blockSize; by *= 2)
    sums = s.addf(sums, shifted(s, sums, by, reverse));
  Value total = vector::ExtractOp::create(s.b, s.loc, sums, reverse ? 0 : blockSize - 1);
  return {s.addf(exclusive ? shifted(s, sums, 1, reverse) : sums, s.broadcast(before)), s.addf(before, total)};
}

void cumsumAlongRow(KernelBuilder &kernel, cnn::CumsumOp op) {
  RankedTensorType type = op.getType();
  SmallVector<int64_t> rows(type.getShape());
  int64_t length = rows.back(), vectors = length / blockSize, rest = length % blockSize;
  rows.back() = 1;
  kernel.stageOverRows(type.clone(rows), [&](StageBuilder &s, const Place &place) {
    Index at(place.at);
    auto step = [&](Value i, Value count, Value before) {
      at.back() = i;
      Place here = rowPlace(at, count);
      SmallVector<Value> sums =
          runningSums(s, kernel.view(op.getInput()).loadLanes(s.b, s.loc, here), before, op.getExclusive(), op.getReverse());
      kernel.finish(s, here, sums[0]);
      return sums[1];
    };
    auto tail = [&](Value before) { return rest ? step(s.index(vectors * blockSize), s.index(rest), before) : before; };
    Value before = s.scalar(0);
    if (op.getReverse())
      before = tail(before);
    if (vectors)
      before = s.forEach(s.index(0), s.index(vectors), 1, before, [&](Value i, ValueRange soFar) -> SmallVector<Value> {
        Value vector = op.getReverse() ? s.sub(s.index(vectors - 1), i) : i;
        return {step(s.mul(vector, blockSize), {}, soFar[0])};
      })[0];
    if (!op.getReverse())
      tail(before);
  });
}

void cumsum(KernelBuilder &kernel, cnn::CumsumOp op) {
  RankedTensorType type = op.getType();
  int64_t axis = op.getAxis(), size = type.getDimSize(axis);
  if (axis == type.getRank() - 1)
    return cumsumAlongRow(kernel, op);
  SmallVector<int64_t> columns(type.getShape());
  columns[axis] = 1;
  kernel.stageOverRows(type.clone(columns), [&](StageBuilder &s, const Place &place) {
    s.forEach(s.index(0), s.index(size), 1, ValueRange{s.splat(0)}, [&](Value i, ValueRange before) -> SmallVector<Value> {
      Index at(place.at);
      at[axis] = op.getReverse() ? s.sub(s.index(size - 1), i) : i;
      Place here = rowPlace(at, place.count);
      Value next = s.addf(before[0], kernel.view(op.getInput()).loadLanes(s.b, s.loc, here));
      kernel.finish(s, here, op.getExclusive() ? before[0] : next);
      return {next};
    });
  });
}

} // namespace

void registerSelectionEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::ArgMaxOp, argMax>(context);
    attachLeader<cnn::TopKOp, topK>(context);
    attachLeader<cnn::CumsumOp, cumsum>(context);
  });
}

} // namespace cnnc::tile
