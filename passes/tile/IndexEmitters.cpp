//===- IndexEmitters.cpp - gathered and scattered elements ----------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Indices.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

/// Equality of whole numbers, i32 or f32.
Value isSame(StageBuilder &s, Value a, Value b) {
  if (isa<FloatType>(getElementTypeOrSelf(a.getType())))
    return arith::CmpFOp::create(s.b, s.loc, arith::CmpFPredicate::OEQ, a, b);
  return arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, a, b);
}

/// An index of -1 is the last place: a place matches its own number, or that less all places.
void oneHot(KernelBuilder &kernel, cnn::OneHotOp op) {
  RankedTensorType type = op.getType();
  Type element = op.getIndices().getType().getElementType();
  int64_t axis = op.getAxis(), depth = type.getDimSize(axis);
  bool isAlongRow = axis == type.getRank() - 1;
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    const TensorView &indices = kernel.view(op.getIndices());
    Index at(place.at);
    at.erase(at.begin() + axis);
    Value number, here;
    if (isAlongRow) {
      Value one = indices.loadElement(s.b, s.loc, at);
      number = vector::BroadcastOp::create(s.b, s.loc, VectorType::get({plan::blockSize}, element), one);
      here = numbersFrom(s, place.at[axis], element);
    } else {
      number = indices.loadLanes(s.b, s.loc, rowPlace(at, place.count));
      here = numberLanes(s, place.at[axis], element);
    }
    Value all = numberLanes(s, s.index(depth), element);
    Value fromEnd = isa<FloatType>(element) ? s.subf(here, all) : arith::SubIOp::create(s.b, s.loc, here, all).getResult();
    Value is = arith::OrIOp::create(s.b, s.loc, isSame(s, number, here), isSame(s, number, fromEnd));
    Value result = math::select(s, is, s.splat(1), s.splat(0));
    if (std::optional<uint64_t> ignore = op.getIgnore())
      result = math::select(s, isSame(s, number, numberLanes(s, s.index(int64_t(*ignore)), element)), s.splat(0), result);
    kernel.finish(s, place, result);
  });
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

void gatherElements(KernelBuilder &kernel, cnn::GatherElementsOp op) {
  int64_t axis = op.getAxis(), size = op.getInput().getType().getDimSize(axis);
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place, loadMapped(s, kernel.view(op.getInput()), place, /*isContiguous=*/false, [&](const Index &index) {
                    Index from(index);
                    from[axis] = indexAt(s, kernel.view(op.getIndices()), index, size);
                    return from;
                  }));
  });
}

/// The place in `type` that `indices` hold at `at`, coordinates of all but their last dimension.
Index placeAt(StageBuilder &s, const TensorView &indices, const Index &at, RankedTensorType type, int64_t batchDims) {
  Index place(at.begin(), at.begin() + batchDims), from(at);
  from.push_back({});
  for (int64_t i = 0, count = indices.getTensorType().getShape().back(); i < count; ++i) {
    from.back() = s.index(i);
    place.push_back(indexAt(s, indices, from, type.getDimSize(batchDims + i)));
  }
  return place;
}

void gatherNd(KernelBuilder &kernel, cnn::GatherNdOp op) {
  RankedTensorType from = op.getInput().getType();
  int64_t places = op.getIndices().getType().getRank() - 1, batchDims = op.getBatchDims();
  bool isContiguous = places < op.getType().getRank();
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place, loadMapped(s, kernel.view(op.getInput()), place, isContiguous, [&](const Index &index) {
                    Index source =
                        placeAt(s, kernel.view(op.getIndices()), Index(index.begin(), index.begin() + places), from, batchDims);
                    source.append(index.begin() + places, index.end());
                    return source;
                  }));
  });
}

//===----------------------------------------------------------------------===//
// Scatter: a copy, the updates one after the other where they may meet, the results
//===----------------------------------------------------------------------===//

Value combined(StageBuilder &s, StringRef reduction, Value old, Value update) {
  if (reduction == "add")
    return s.addf(old, update);
  if (reduction == "mul")
    return s.mulf(old, update);
  if (reduction == "max")
    return arith::MaximumFOp::create(s.b, s.loc, old, update);
  if (reduction == "min")
    return arith::MinimumFOp::create(s.b, s.loc, old, update);
  return update;
}

template <typename OpTy> void scatter(KernelBuilder &kernel, OpTy op, llvm::function_ref<void(Value scratch)> update) {
  RankedTensorType type = op.getType();
  Value scratch = scratchFor(kernel, type);
  kernel.stageOverRows(type, [&](StageBuilder &s, const Place &place) {
    asTensor(s, scratch, type).storeLanes(s.b, s.loc, place, kernel.view(op.getInput()).loadLanes(s.b, s.loc, place));
  });
  update(scratch);
  kernel.stageOverRows(type, [&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place, asTensor(s, scratch, type).loadLanes(s.b, s.loc, place));
  });
}

/// Updates that differ before `axis` never meet.
void scatterElements(KernelBuilder &kernel, cnn::ScatterElementsOp op) {
  RankedTensorType type = op.getType();
  int64_t axis = op.getAxis();
  ArrayRef<int64_t> sizes = op.getUpdates().getType().getShape();
  scatter(kernel, op, [&](Value scratch) {
    stageOverLeading(kernel, sizes.take_front(axis), [&](StageBuilder &s, const Index &outer) {
      TensorView result = asTensor(s, scratch, type);
      forEachIndex(s, sizes.drop_front(axis), outer, [&](const Index &index) {
        Index to(index);
        to[axis] = indexAt(s, kernel.view(op.getIndices()), index, type.getDimSize(axis));
        Value update = kernel.view(op.getUpdates()).loadElement(s.b, s.loc, index);
        result.storeElement(s.b, s.loc, to, combined(s, op.getReduction(), result.loadElement(s.b, s.loc, to), update));
      });
    });
  });
}

void scatterNd(KernelBuilder &kernel, cnn::ScatterNdOp op) {
  RankedTensorType type = op.getType();
  int64_t batchDims = op.getBatchDims(), places = op.getIndices().getType().getRank() - 1;
  ArrayRef<int64_t> sizes = op.getUpdates().getType().getShape(), slice = sizes.drop_front(places);
  scatter(kernel, op, [&](Value scratch) {
    stageOverLeading(kernel, sizes.take_front(batchDims), [&](StageBuilder &s, const Index &outer) {
      TensorView result = asTensor(s, scratch, type);
      const TensorView &updates = kernel.view(op.getUpdates());
      forEachIndex(s, sizes.slice(batchDims, places - batchDims), outer, [&](const Index &index) {
        Index to = placeAt(s, kernel.view(op.getIndices()), index, type, batchDims);
        auto joined = [](Index a, const Index &b) {
          a.append(b);
          return a;
        };
        if (slice.empty()) {
          Value update = updates.loadElement(s.b, s.loc, index);
          return result.storeElement(s.b, s.loc, to, combined(s, op.getReduction(), result.loadElement(s.b, s.loc, to), update));
        }
        forEachIndex(s, slice.drop_back(), {}, [&](const Index &inner) {
          forEachVector(s, s.index(0), s.index(slice.back()), [&](Value i, Value count) {
            Index last(inner);
            last.push_back(i);
            Place place = rowPlace(joined(to, last), count);
            Value update = updates.loadLanes(s.b, s.loc, rowPlace(joined(index, last), count));
            result.storeLanes(s.b, s.loc, place, combined(s, op.getReduction(), result.loadLanes(s.b, s.loc, place), update));
          });
        });
      });
    });
  });
}

} // namespace

void registerIndexEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::OneHotOp, oneHot>(context);
    attachLeader<cnn::GatherElementsOp, gatherElements>(context);
    attachLeader<cnn::GatherNdOp, gatherNd>(context);
    attachLeader<cnn::ScatterElementsOp, scatterElements>(context);
    attachLeader<cnn::ScatterNdOp, scatterNd>(context);
  });
}

} // namespace cnnc::tile
