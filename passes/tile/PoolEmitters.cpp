//===- PoolEmitters.cpp - pooling and its gradients -----------------------===//
//
// Gradients are gathered: each place of the input asks the windows that cover
// it, so that no two tasks write one element.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Window.h"
#include <limits>

using namespace mlir;

namespace cnnc::tile {
namespace {

constexpr double lowest = -std::numeric_limits<double>::infinity();

Value isNan(StageBuilder &s, Value lanes) { return arith::CmpFOp::create(s.b, s.loc, arith::CmpFPredicate::UNO, lanes, lanes); }

/// The largest of elements handed over one by one, NaN if one of them is. The
/// processor's maximum keeps only one operand's NaN, so they are looked for
/// beside it: LLVM compares two elements at once.
struct Largest {
  /// {-∞, 0}: the second is -1 in the lanes that have met a NaN, as wide as the elements since AVX2 has no other masks.
  static Window::Values none(StageBuilder &s) { return {s.splat(lowest), zeros(s)}; }
  static Window::Values next(StageBuilder &s, Value lanes, ValueRange soFar) {
    Value met = arith::ExtSIOp::create(s.b, s.loc, zeros(s).getType(), isNan(s, lanes));
    return {s.maxf(soFar[0], lanes), arith::OrIOp::create(s.b, s.loc, soFar[1], met)};
  }
  static Value of(StageBuilder &s, ValueRange values) {
    Value met = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::slt, values[1], zeros(s));
    return math::select(s, met, s.splat(std::numeric_limits<double>::quiet_NaN()), values[0]);
  }

private:
  static Value zeros(StageBuilder &s) {
    auto type = VectorType::get({plan::blockSize}, s.b.getI32Type());
    return arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(type, s.b.getI32IntegerAttr(0).getValue()));
  }
};

void maxpool(KernelBuilder &kernel, cnn::MaxpoolOp op) {
  Window window(op, op.getInput(), op.getResult());
  const TensorView &input = kernel.view(op.getInput());
  kernel.stageOverPlaces(window.output, [&](StageBuilder &s, const Place &place) {
    auto largest = window.forEachCovered(s, place.y, place.x, Largest::none(s), [&](Value y, Value x, ValueRange soFar) {
      return Largest::next(s, input.loadLanes(s.b, s.loc, {place.n, place.block, y, x}), soFar);
    });
    kernel.finish(s, place, s.maskGap(place.block, window.output.channels, Largest::of(s, largest)));
  });
}

void avgpool(KernelBuilder &kernel, cnn::AvgpoolOp op) {
  Window window(op, op.getInput(), op.getResult());
  const TensorView &input = kernel.view(op.getInput());
  kernel.stageOverPlaces(window.output, [&](StageBuilder &s, const Place &place) {
    auto sum = window.forEachCovered(s, place.y, place.x, s.splat(0), [&](Value y, Value x, ValueRange soFar) -> Window::Values {
      return {s.addf(soFar[0], input.loadLanes(s.b, s.loc, {place.n, place.block, y, x}))};
    });
    kernel.finish(s, place, s.mulf(sum[0], s.broadcast(window.inverseCount(s, place.y, place.x, op.getCountIncludePad()))));
  });
}

void avgpoolGrad(KernelBuilder &kernel, cnn::AvgpoolGradOp op) {
  Window window(op, op.getResult(), op.getGradient());
  const TensorView &gradient = kernel.view(op.getGradient());
  if (window.isTiling())
    return kernel.stageOverBlocks(window.input, [&](StageBuilder &s, Value n, Value block) {
      kernel.zeroHalos(s, n, block);
      auto body = [&](Value p, Value q, const Window::Covered &places) {
        Value lanes = gradient.loadLanes(s.b, s.loc, {n, block, p, q});
        lanes = s.mulf(lanes, s.broadcast(window.inverseCount(s, p, q, op.getCountIncludePad())));
        for (auto [y, x] : places)
          kernel.finish(s, {n, block, y, x}, lanes);
      };
      window.forEachTile(s, body, [&](Value y, Value x) { kernel.finish(s, {n, block, y, x}, s.splat(0)); });
    });
  kernel.stageOverPlaces(window.input, [&](StageBuilder &s, const Place &place) {
    auto sum = window.forEachCovering(s, place.y, place.x, s.splat(0), [&](Value p, Value q, ValueRange soFar) -> Window::Values {
      Value share = s.broadcast(window.inverseCount(s, p, q, op.getCountIncludePad()));
      return {s.fma(gradient.loadLanes(s.b, s.loc, {place.n, place.block, p, q}), share, soFar[0])};
    });
    kernel.finish(s, place, sum[0]);
  });
}

//===----------------------------------------------------------------------===//
// The first largest place, as 16 integers in f32 scratch
//===----------------------------------------------------------------------===//

VectorType numbersType(StageBuilder &s) { return VectorType::get({plan::blockSize}, s.b.getI32Type()); }
/// y · width + x in every lane.
Value number(StageBuilder &s, Value index) {
  return vector::BroadcastOp::create(s.b, s.loc, numbersType(s), arith::IndexCastOp::create(s.b, s.loc, s.b.getI32Type(), index));
}
/// {largest, its number} after one more place; the earlier one wins a tie.
Window::Values nextWinner(StageBuilder &s, Value lanes, Value index, ValueRange soFar) {
  Value wins = math::greater(s, lanes, soFar[0]);
  return {math::select(s, wins, lanes, soFar[0]), math::select(s, wins, number(s, index), soFar[1])};
}
/// `gradient` where the winner is this place, else 0.
Value whereWinner(StageBuilder &s, Value winner, Value index, Value gradient) {
  Value is = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, winner, number(s, index));
  return math::select(s, is, gradient, s.splat(0));
}

/// Windows side by side: each hands its gradient on by itself.
void tiledMaxpoolGrad(KernelBuilder &kernel, cnn::MaxpoolGradOp op, const Window &window) {
  const TensorView &input = kernel.view(op.getInput()), &gradient = kernel.view(op.getGradient());
  kernel.stageOverBlocks(window.input, [&](StageBuilder &s, Value n, Value block) {
    kernel.zeroHalos(s, n, block);
    auto body = [&](Value p, Value q, const Window::Covered &places) {
      Window::Values lanes;
      Value largest = s.splat(lowest), rest = gradient.loadLanes(s.b, s.loc, {n, block, p, q});
      for (auto [y, x] : places) {
        lanes.push_back(input.loadLanes(s.b, s.loc, {n, block, y, x}));
        largest = s.maxf(largest, lanes.back());
      }
      // The first largest takes the gradient and leaves zero for the others.
      for (auto [place, value] : llvm::zip_equal(places, lanes)) {
        Value wins = arith::CmpFOp::create(s.b, s.loc, arith::CmpFPredicate::OEQ, value, largest);
        kernel.finish(s, {n, block, place.first, place.second}, math::select(s, wins, rest, s.splat(0)));
        rest = math::select(s, wins, s.splat(0), rest);
      }
    };
    window.forEachTile(s, body, [&](Value y, Value x) { kernel.finish(s, {n, block, y, x}, s.splat(0)); });
  });
}

void maxpoolGrad(KernelBuilder &kernel, cnn::MaxpoolGradOp op) {
  Window window(op, op.getInput(), op.getGradient());
  if (window.isTiling())
    return tiledMaxpoolGrad(kernel, op, window);
  const TensorView &input = kernel.view(op.getInput()), &gradient = kernel.view(op.getGradient());
  Value winners = kernel.perExampleScratch(window.output.blocks() * window.output.places() * plan::blockSize);
  kernel.stageOverBlocks(window.input, [&](StageBuilder &s, Value n, Value block) {
    auto slot = [&](Value p, Value q) {
      Value vector = s.add(s.mul(block, window.output.places()), s.add(s.mul(p, window.output.width), q));
      return SmallVector<Value>{n, s.mul(vector, plan::blockSize)};
    };
    s.forEach(0, window.output.height, 1, [&](Value p) {
      s.forEach(0, window.output.width, 1, [&](Value q) {
        Value first = number(s, window.firstCovered(s, p, q));
        auto winner = window.forEachCovered(s, p, q, {s.splat(lowest), first}, [&](Value y, Value x, ValueRange soFar) {
          Value lanes = input.loadLanes(s.b, s.loc, {n, block, y, x});
          return nextWinner(s, lanes, s.add(s.mul(y, window.input.width), x), soFar);
        });
        vector::StoreOp::create(s.b, s.loc, arith::BitcastOp::create(s.b, s.loc, s.lanesType(), winner[1]), winners, slot(p, q));
      });
    });
    kernel.zeroHalos(s, n, block);
    s.forEach(0, window.input.height, 1, [&](Value y) {
      s.forEach(0, window.input.width, 1, [&](Value x) {
        Value index = s.add(s.mul(y, window.input.width), x);
        auto sum = window.forEachCovering(s, y, x, s.splat(0), [&](Value p, Value q, ValueRange soFar) -> Window::Values {
          Value bits = vector::LoadOp::create(s.b, s.loc, s.lanesType(), winners, slot(p, q));
          Value winner = arith::BitcastOp::create(s.b, s.loc, numbersType(s), bits);
          Value lanes = gradient.loadLanes(s.b, s.loc, {n, block, p, q});
          return {s.addf(soFar[0], whereWinner(s, winner, index, lanes))};
        });
        kernel.finish(s, {n, block, y, x}, sum[0]);
      });
    });
  });
}

//===----------------------------------------------------------------------===//
// Global pooling
//===----------------------------------------------------------------------===//

/// Walks all places of a channel block; carries values round.
Window::Values overImage(StageBuilder &s, const Extents &image, ValueRange start, Window::Step step) {
  return s.forEach(s.index(0), s.index(image.height), 1, start, [&](Value y, ValueRange inRow) {
    return s.forEach(s.index(0), s.index(image.width), 1, inRow, [&](Value x, ValueRange values) { return step(y, x, values); });
  });
}

void globalAvgpool(KernelBuilder &kernel, cnn::GlobalAvgpoolOp op) {
  Extents image(op.getInput());
  const TensorView &input = kernel.view(op.getInput());
  kernel.stageOverPlaces(Extents(op.getResult()), [&](StageBuilder &s, const Place &place) {
    // Rows first, so that no sum is long.
    auto sum = s.forEach(s.index(0), s.index(image.height), 1, s.splat(0), [&](Value y, ValueRange rows) -> Window::Values {
      auto row = s.forEach(s.index(0), s.index(image.width), 1, s.splat(0), [&](Value x, ValueRange soFar) -> Window::Values {
        return {s.addf(soFar[0], input.loadLanes(s.b, s.loc, {place.n, place.block, y, x}))};
      });
      return {s.addf(rows[0], row[0])};
    });
    kernel.finish(s, place, s.mulf(sum[0], s.splat(1.0 / image.places())));
  });
}

void globalMaxpool(KernelBuilder &kernel, cnn::GlobalMaxpoolOp op) {
  Extents image(op.getInput());
  const TensorView &input = kernel.view(op.getInput());
  kernel.stageOverPlaces(Extents(op.getResult()), [&](StageBuilder &s, const Place &place) {
    auto largest = overImage(s, image, Largest::none(s), [&](Value y, Value x, ValueRange soFar) {
      return Largest::next(s, input.loadLanes(s.b, s.loc, {place.n, place.block, y, x}), soFar);
    });
    kernel.finish(s, place, s.maskGap(place.block, image.channels, Largest::of(s, largest)));
  });
}

void globalAvgpoolGrad(KernelBuilder &kernel, cnn::GlobalAvgpoolGradOp op) {
  Extents image(op.getResult());
  const TensorView &gradient = kernel.view(op.getGradient());
  kernel.stageOverPlaces(image, [&](StageBuilder &s, const Place &place) {
    Value zero = s.index(0), lanes = gradient.loadLanes(s.b, s.loc, {place.n, place.block, zero, zero});
    kernel.finish(s, place, s.mulf(lanes, s.splat(1.0 / image.places())));
  });
}

void globalMaxpoolGrad(KernelBuilder &kernel, cnn::GlobalMaxpoolGradOp op) {
  Extents image(op.getInput());
  const TensorView &input = kernel.view(op.getInput()), &gradient = kernel.view(op.getGradient());
  kernel.stageOverBlocks(image, [&](StageBuilder &s, Value n, Value block) {
    Value zero = s.index(0), width = s.index(image.width);
    auto winner = overImage(s, image, {s.splat(lowest), number(s, zero)}, [&](Value y, Value x, ValueRange soFar) {
      return nextWinner(s, input.loadLanes(s.b, s.loc, {n, block, y, x}), s.add(s.mul(y, width), x), soFar);
    });
    Value lanes = gradient.loadLanes(s.b, s.loc, {n, block, zero, zero});
    kernel.zeroHalos(s, n, block);
    s.forEach(0, image.height, 1, [&](Value y) {
      s.forEach(0, image.width, 1, [&](Value x) {
        kernel.finish(s, {n, block, y, x}, whereWinner(s, winner[1], s.add(s.mul(y, width), x), lanes));
      });
    });
  });
}

} // namespace

void registerPoolEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::MaxpoolOp, maxpool>(context);
    attachLeader<cnn::AvgpoolOp, avgpool>(context);
    attachLeader<cnn::MaxpoolGradOp, maxpoolGrad>(context);
    attachLeader<cnn::AvgpoolGradOp, avgpoolGrad>(context);
    attachLeader<cnn::GlobalAvgpoolOp, globalAvgpool>(context);
    attachLeader<cnn::GlobalMaxpoolOp, globalMaxpool>(context);
    attachLeader<cnn::GlobalAvgpoolGradOp, globalAvgpoolGrad>(context);
    attachLeader<cnn::GlobalMaxpoolGradOp, globalMaxpoolGrad>(context);
  });
}

} // namespace cnnc::tile
