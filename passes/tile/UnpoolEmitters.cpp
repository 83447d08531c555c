//===- UnpoolEmitters.cpp - where pools find the largest, and back --------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Rows.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

Value asNumber(StageBuilder &s, Value index) { return arith::IndexCastOp::create(s.b, s.loc, s.b.getI32Type(), index); }
Value isBelow(StageBuilder &s, Value i, Value size) {
  return arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::ult, i, size);
}
Value both(StageBuilder &s, Value a, Value b) { return arith::AndIOp::create(s.b, s.loc, a, b); }
Value either(StageBuilder &s, Value a, Value b) { return arith::OrIOp::create(s.b, s.loc, a, b); }
Value choose(StageBuilder &s, Value condition, Value a, Value b) { return arith::SelectOp::create(s.b, s.loc, condition, a, b); }
Value compare(StageBuilder &s, arith::CmpFPredicate predicate, Value a, Value b) {
  return arith::CmpFOp::create(s.b, s.loc, predicate, a, b);
}

/// What 16 windows see at one tap.
struct Seen {
  Value elements, numbers, exist; ///< vectors of f32, i32, i1
};

struct Search {
  KernelBuilder &kernel;
  cnn::MaxpoolIndicesOp op;
  const TensorView &view = kernel.view(op.getInput());
  ArrayRef<int64_t> shape = op.getInput().getType().getShape();
  size_t dims = shape.size() - 2;

  /// The number of an element in the batch; `at` has its coordinates.
  Value numberOf(StageBuilder &s, const Index &at) {
    Value number = s.add(s.mul(at[0], shape[1]), at[1]);
    for (size_t d = 0; d < dims; ++d) {
      size_t next = op.getColumnMajor() ? dims - 1 - d : d;
      number = s.add(s.mul(number, shape[2 + next]), at[2 + next]);
    }
    return number;
  }

  Seen look(StageBuilder &s, const Place &place, ArrayRef<Value> tap) {
    auto constant = [&](Type element) -> Value {
      auto lanes = VectorType::get({blockSize}, element);
      return arith::ConstantOp::create(s.b, s.loc, s.b.getZeroAttr(lanes));
    };
    Seen seen{s.splat(0), constant(s.b.getI32Type()), constant(s.b.getI1Type())};
    std::optional<int64_t> known = place.count ? getConstantIntValue(place.count) : blockSize;
    for (int64_t lane = 0; lane < known.value_or(blockSize); ++lane) {
      Value step = s.index(lane), exists;
      if (!known) // lanes that do not exist look where the first does
        step = choose(s, isBelow(s, step, place.count), step, s.index(0));
      Index at(place.at);
      at.back() = s.add(at.back(), step);
      for (size_t d = 0; d < dims; ++d) {
        Value padded = s.add(s.mul(at[2 + d], op.getStride()[d]), s.mul(tap[d], op.getDilation()[d]));
        Value coordinate = s.sub(padded, s.index(op.getPad()[d])); // below 0 it is a large number
        Value inside = isBelow(s, coordinate, s.index(shape[2 + d]));
        at[2 + d] = choose(s, inside, coordinate, s.index(0));
        exists = exists ? both(s, exists, inside) : inside;
      }
      seen.elements = vector::InsertOp::create(s.b, s.loc, view.loadElement(s.b, s.loc, at), seen.elements, lane);
      seen.numbers = vector::InsertOp::create(s.b, s.loc, asNumber(s, numberOf(s, at)), seen.numbers, lane);
      seen.exist = vector::InsertOp::create(s.b, s.loc, exists, seen.exist, lane);
    }
    return seen;
  }

  /// `best` elements, their numbers and whether there are any, after all taps from dimension `tap.size()` on.
  SmallVector<Value> over(StageBuilder &s, const Place &place, SmallVector<Value> tap, ValueRange best) {
    size_t d = tap.size();
    if (d < dims)
      return s.forEach(s.index(0), s.index(op.getKernel()[d]), 1, best, [&](Value i, ValueRange soFar) {
        SmallVector<Value> next(tap);
        next.push_back(i);
        return over(s, place, next, soFar);
      });
    Seen seen = look(s, place, tap);
    Value isLarger = compare(s, arith::CmpFPredicate::OGT, seen.elements, best[0]);
    Value isFirstNan = both(s, compare(s, arith::CmpFPredicate::UNO, seen.elements, seen.elements),
                            compare(s, arith::CmpFPredicate::ORD, best[0], best[0]));
    Value all = arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(cast<ShapedType>(best[2].getType()), true));
    Value isFirst = arith::XOrIOp::create(s.b, s.loc, best[2], all);
    Value takes = both(s, seen.exist, either(s, isFirst, either(s, isLarger, isFirstNan)));
    return {choose(s, takes, seen.elements, best[0]), choose(s, takes, seen.numbers, best[1]), either(s, best[2], seen.exist)};
  }
};

void maxpoolIndices(KernelBuilder &kernel, cnn::MaxpoolIndicesOp op) {
  Search search{kernel, op};
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    auto zeros = [&](Type element) -> Value {
      return arith::ConstantOp::create(s.b, s.loc, s.b.getZeroAttr(VectorType::get({blockSize}, element)));
    };
    SmallVector<Value> best{s.splat(0), zeros(s.b.getI32Type()), zeros(s.b.getI1Type())};
    kernel.finish(s, place, search.over(s, place, {}, best)[1]);
  });
}

/// Elements of one example, which is a place of the first dimension.
int64_t elementsOf(RankedTensorType type) {
  int64_t elements = 1;
  for (int64_t size : type.getShape().drop_front())
    elements *= size;
  return elements;
}

/// The coordinates of element `number` of example `n`.
Index coordinatesOf(StageBuilder &s, RankedTensorType type, Value n, Value number) {
  Index at;
  for (int64_t size : llvm::reverse(type.getShape().drop_front())) {
    at.push_back(s.rem(number, size));
    number = s.div(number, size);
  }
  at.push_back(n);
  std::reverse(at.begin(), at.end());
  return at;
}

/// The index at `at`, counted from the start of its example; that of another example is no less than `size`.
Value indexWithin(StageBuilder &s, const TensorView &indices, ValueRange at, int64_t size) {
  Value number = arith::IndexCastOp::create(s.b, s.loc, s.b.getIndexType(), indices.loadElement(s.b, s.loc, at));
  return s.sub(number, s.mul(at[0], size));
}

/// Zeros everywhere; then each example goes through its elements in their order.
void maxunpool(KernelBuilder &kernel, cnn::MaxunpoolOp op) {
  RankedTensorType from = op.getInput().getType(), to = op.getType();
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) { kernel.finish(s, place, s.splat(0)); });
  bool isBatch = to.isDynamicDim(0);
  int64_t size = elementsOf(to);
  kernel.stage(isBatch, isBatch ? 0 : to.getDimSize(0), [&](StageBuilder &s) {
    s.forEach(0, elementsOf(from), 1, [&](Value i) {
      Index at = coordinatesOf(s, from, s.task, i);
      Value number = indexWithin(s, kernel.view(op.getIndices()), at, size);
      s.ifThen(isBelow(s, number, s.index(size)), [&] {
        Value element = kernel.view(op.getInput()).loadElement(s.b, s.loc, at);
        kernel.finish(s, rowPlace(coordinatesOf(s, to, s.task, number), s.index(1)), s.broadcast(element));
      });
    });
  });
}

void maxunpoolGrad(KernelBuilder &kernel, cnn::MaxunpoolGradOp op) {
  RankedTensorType whole = op.getGradient().getType();
  int64_t size = elementsOf(whole);
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place, loadLanes(s, place, [&](const Index &at) {
                    Value number = indexWithin(s, kernel.view(op.getIndices()), at, size);
                    Value isHere = isBelow(s, number, s.index(size)), safe = choose(s, isHere, number, s.index(0));
                    return choose(s, isHere,
                                  kernel.view(op.getGradient()).loadElement(s.b, s.loc, coordinatesOf(s, whole, at[0], safe)),
                                  s.scalar(0));
                  }));
  });
}

} // namespace

void registerUnpoolEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::MaxpoolIndicesOp, maxpoolIndices>(context);
    attachLeader<cnn::MaxunpoolOp, maxunpool>(context);
    attachLeader<cnn::MaxunpoolGradOp, maxunpoolGrad>(context);
  });
}

} // namespace cnnc::tile
