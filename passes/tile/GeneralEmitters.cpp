//===- GeneralEmitters.cpp - transpose, broadcast, take, reductions -------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Gather.h"
#include "passes/tile/Indices.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Reduction.h"
#include <limits>

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

void transpose(KernelBuilder &kernel, cnn::TransposeOp op) {
  ArrayRef<int64_t> permutation = op.getPermutation();
  int64_t rank = permutation.size();
  bool isContiguous = rank == 0 || permutation.back() == rank - 1;
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place, loadMapped(s, kernel.view(op.getInput()), place, isContiguous, [&](const Index &index) {
                    Index from(rank);
                    for (auto [i, dimension] : llvm::enumerate(permutation))
                      from[dimension] = index[i];
                    return from;
                  }));
  });
}

//===----------------------------------------------------------------------===//
// Broadcast
//===----------------------------------------------------------------------===//

struct BroadcastLanes : LaneEmitterInterface::ExternalModel<BroadcastLanes, cnn::BroadcastOp> {
  bool worksOnRows(Operation *) const { return true; }
  void emitLanes(Operation *, StageBuilder &, const Place &, ValueRange operands, SmallVectorImpl<Value> &results) const {
    results.push_back(operands[0]);
  }

  Value loadElsewhere(Operation *op, KernelBuilder &kernel, StageBuilder &s, const Place &place) const {
    auto broadcast = cast<cnn::BroadcastOp>(op);
    RankedTensorType from = broadcast.getInput().getType(), to = broadcast.getType();
    if (from == to)
      return {};
    const TensorView &view = kernel.view(broadcast.getInput());
    auto map = [&](const Index &index) {
      Index source(index.end() - from.getRank(), index.end());
      for (int64_t d = 0; d < from.getRank(); ++d)
        if (from.getDimSize(d) == 1)
          source[d] = s.index(0);
      return source;
    };
    if (!place.isGeneral())
      return loadBlock(s, view, place, to, map);
    bool isRepeated = from.getRank() == 0 || (from.getShape().back() == 1 && to.getShape().back() != 1);
    if (isRepeated)
      return s.broadcast(view.loadElement(s.b, s.loc, map(place.at)));
    return loadMapped(s, view, place, /*isContiguous=*/true, map);
  }

  /// The 16 channels of a place of images, one by one unless they lie side by side.
  static Value loadBlock(StageBuilder &s, const TensorView &view, const Place &place, RankedTensorType to,
                         llvm::function_ref<Index(const Index &)> map) {
    RankedTensorType from = view.getTensorType();
    int64_t channels = to.getDimSize(1);
    auto at = [&](Value channel) {
      Index index{place.n, channel, place.y, place.x};
      index.resize(to.getRank());
      return map(index);
    };
    if (view.isBatch() && from.getRank() == to.getRank() && from.getDimSize(1) == channels) {
      Value zero = s.index(0);
      auto dim = [&](unsigned i) { return i < from.getRank() ? from.getDimSize(i) : 1; };
      return view.loadLanes(s.b, s.loc, {place.n, place.block, dim(2) == 1 ? zero : place.y, dim(3) == 1 ? zero : place.x});
    }
    int64_t added = to.getRank() - from.getRank();
    bool isRepeated = added > 1 || from.getDimSize(1 - added) == 1;
    if (isRepeated)
      return s.maskGap(place.block, channels, s.broadcast(view.loadElement(s.b, s.loc, at(s.index(0)))));
    Value lanes = s.splat(0), first = s.mul(place.block, blockSize);
    for (int64_t lane = 0; lane < std::min(blockSize, channels); ++lane) {
      Value channel = s.b.createOrFold<arith::MinUIOp>(s.loc, s.add(first, lane), s.index(channels - 1));
      lanes = vector::InsertOp::create(s.b, s.loc, view.loadElement(s.b, s.loc, at(channel)), lanes, lane);
    }
    return s.maskGap(place.block, channels, lanes);
  }
};

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

void gather(KernelBuilder &kernel, cnn::GatherOp op) {
  RankedTensorType from = op.getInput().getType();
  int64_t axis = op.getAxis(), rank = op.getIndices().getType().getRank();
  bool isContiguous = axis + 1 < from.getRank();
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place, loadMapped(s, kernel.view(op.getInput()), place, isContiguous, [&](const Index &index) {
                    Index source(index.begin(), index.begin() + axis);
                    source.push_back(
                        indexAt(s, kernel.view(op.getIndices()), ValueRange(index).slice(axis, rank), from.getDimSize(axis)));
                    source.append(index.begin() + axis + rank, index.end());
                    return source;
                  }));
  });
}

/// Every element looks for the places that have its index, in their order, so that the order of the sums is fixed.
void gatherGrad(KernelBuilder &kernel, cnn::GatherGradOp op) {
  RankedTensorType to = op.getType(), indices = op.getIndices().getType();
  const TensorView &gradient = kernel.view(op.getGradient());
  int64_t axis = op.getAxis();
  bool isAlongRow = axis == to.getRank() - 1;
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    Index at;
    auto over = [&](auto &&self, ArrayRef<int64_t> sizes, Value sum) -> Value {
      if (!sizes.empty())
        return s.forEach(s.index(0), ShapedType::isDynamic(sizes[0]) ? s.n : s.index(sizes[0]), 1, ValueRange{sum},
                         [&](Value i, ValueRange soFar) -> SmallVector<Value> {
                           at.push_back(i);
                           Value next = self(self, sizes.drop_front(), soFar[0]);
                           at.pop_back();
                           return {next};
                         })[0];
      Value number = indexAt(s, kernel.view(op.getIndices()), at, to.getDimSize(axis));
      Index from(place.at.begin(), place.at.begin() + axis);
      from.append(at);
      from.append(place.at.begin() + axis + 1, place.at.end());
      if (isAlongRow) {
        Value here = oneHot(s, s.index(0), s.sub(number, place.at.back()));
        return s.addf(sum, s.mulf(here, s.broadcast(gradient.loadElement(s.b, s.loc, from))));
      }
      Value isHere = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, number, place.at[axis]);
      auto branch = scf::IfOp::create(s.b, s.loc, TypeRange{sum.getType()}, isHere, /*withElseRegion=*/true);
      OpBuilder::InsertionGuard guard(s.b);
      s.b.setInsertionPointToStart(branch.thenBlock());
      scf::YieldOp::create(s.b, s.loc, s.addf(sum, gradient.loadLanes(s.b, s.loc, rowPlace(from, place.count))));
      s.b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(s.b, s.loc, sum);
      return branch.getResult(0);
    };
    kernel.finish(s, place, over(over, indices.getShape(), s.splat(0)));
  });
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// How two elements, or two vectors, become one, and what the first meets.
struct Reduction {
  double start;
  Value (*combine)(StageBuilder &, Value, Value);
  Value (*acrossLanes)(StageBuilder &, Value);
};
// Of two numbers of which one is NaN, maxf and minf give the second: either order, and NaN stays.
Value larger(StageBuilder &s, Value a, Value b) { return arith::MaximumFOp::create(s.b, s.loc, a, b); }
Value smaller(StageBuilder &s, Value a, Value b) { return arith::MinimumFOp::create(s.b, s.loc, a, b); }
Value plus(StageBuilder &s, Value a, Value b) { return s.addf(a, b); }
Value times(StageBuilder &s, Value a, Value b) { return s.mulf(a, b); }
template <vector::CombiningKind kind> Value acrossLanes(StageBuilder &s, Value lanes) {
  return vector::ReductionOp::create(s.b, s.loc, kind, lanes);
}
const Reduction sum{0, plus, sumOfLanes};
const Reduction product{1, times, acrossLanes<vector::CombiningKind::MUL>};
const Reduction maximum{-std::numeric_limits<double>::infinity(), larger, acrossLanes<vector::CombiningKind::MAXIMUMF>};
const Reduction minimum{std::numeric_limits<double>::infinity(), smaller, acrossLanes<vector::CombiningKind::MINIMUMF>};

/// Loops over the reduced dimensions `axes`, all but the last of the tensor, whose coordinates `index` has.
Value reduceOver(StageBuilder &s, RankedTensorType from, ArrayRef<int64_t> axes, Index &index, Value start, const Reduction &how,
                 llvm::function_ref<Value(const Index &)> load) {
  if (axes.empty())
    return how.combine(s, start, load(index));
  Value size = from.isDynamicDim(axes[0]) ? s.n : s.index(from.getDimSize(axes[0]));
  return s.forEach(s.index(0), size, 1, ValueRange{start}, [&](Value i, ValueRange soFar) -> SmallVector<Value> {
    index[axes[0]] = i;
    return {reduceOver(s, from, axes.drop_front(), index, soFar[0], how, load)};
  })[0];
}

/// Along the rows: neighbours of the result come from neighbours of the input.
void reduceColumns(KernelBuilder &kernel, Value input, ArrayRef<int64_t> axes, const Reduction &how) {
  auto from = cast<RankedTensorType>(input.getType());
  const TensorView &view = kernel.view(input);
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    Index index(place.at);
    Value lanes = reduceOver(s, from, axes, index, s.splat(how.start), how,
                             [&](const Index &at) { return view.loadLanes(s.b, s.loc, rowPlace(at, place.count)); });
    kernel.finish(s, place, lanes);
  });
}

/// The last dimension too: 16 partial results side by side, then one.
void reduceRows(KernelBuilder &kernel, Value input, ArrayRef<int64_t> axes, const Reduction &how) {
  auto from = cast<RankedTensorType>(input.getType());
  int64_t length = from.getShape().back(), last = from.getRank() - 1;
  const TensorView &view = kernel.view(input);
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    Index index(place.at);
    auto overRow = [&](Value start) -> Value {
      Value size = from.isDynamicDim(last) ? s.n : s.index(length), whole = s.mul(s.div(size, blockSize), blockSize);
      Value lanes =
          s.forEach(s.index(0), whole, blockSize, ValueRange{start}, [&](Value i, ValueRange soFar) -> SmallVector<Value> {
            index[last] = i;
            return {how.combine(s, soFar[0], view.loadLanes(s.b, s.loc, rowPlace(index, {})))};
          })[0];
      // What does not fill 16 lanes comes one by one, in the first.
      return s.forEach(whole, size, 1, ValueRange{lanes}, [&](Value i, ValueRange soFar) -> SmallVector<Value> {
        index[last] = i;
        Value first = vector::ExtractOp::create(s.b, s.loc, soFar[0], 0);
        Value next = how.combine(s, first, view.loadElement(s.b, s.loc, index));
        return {vector::InsertOp::create(s.b, s.loc, next, soFar[0], 0)};
      })[0];
    };
    auto over = [&](auto &&self, ArrayRef<int64_t> outer, Value start) -> Value {
      if (outer.empty())
        return overRow(start);
      Value size = from.isDynamicDim(outer[0]) ? s.n : s.index(from.getDimSize(outer[0]));
      return s.forEach(s.index(0), size, 1, ValueRange{start}, [&](Value i, ValueRange soFar) -> SmallVector<Value> {
        index[outer[0]] = i;
        return {self(self, outer.drop_front(), soFar[0])};
      })[0];
    };
    Value lanes = over(over, axes.drop_back(), s.splat(how.start));
    kernel.finish(s, place, s.broadcast(how.acrossLanes(s, lanes)));
  });
}

template <typename OpTy, const Reduction &how> void reduce(KernelBuilder &kernel, OpTy op) {
  RankedTensorType from = op.getInput().getType();
  ArrayRef<int64_t> axes = op.getAxes();
  bool hasRows = !axes.empty() && axes.back() == from.getRank() - 1;
  hasRows ? reduceRows(kernel, op.getInput(), axes, how) : reduceColumns(kernel, op.getInput(), axes, how);
}

} // namespace

void registerGeneralEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::BroadcastOp::attachInterface<BroadcastLanes>(*context);
    attachLeader<cnn::TransposeOp, transpose>(context);
    attachLeader<cnn::GatherOp, gather>(context);
    attachLeader<cnn::GatherGradOp, gatherGrad>(context);
    attachLeader<cnn::ReduceSumOp, reduce<cnn::ReduceSumOp, sum>>(context);
    attachLeader<cnn::ReduceProdOp, reduce<cnn::ReduceProdOp, product>>(context);
    attachLeader<cnn::ReduceMaxOp, reduce<cnn::ReduceMaxOp, maximum>>(context);
    attachLeader<cnn::ReduceMinOp, reduce<cnn::ReduceMinOp, minimum>>(context);
  });
}

} // namespace cnnc::tile
