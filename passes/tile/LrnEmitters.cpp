//===- LrnEmitters.cpp - local response normalisation ---------------------===//
//
// A window over channels lies in a block and its neighbours: each of its
// elements is a shuffle of two blocks, for sixteen channels at once.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Gather.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Reduction.h"
#include <map>
#include <numeric>

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

/// The channels of a window, from `before` the middle to `behind` it.
struct ChannelWindow {
  int64_t before, behind;
};
/// lrn's window; no wider than the channels are.
template <typename OpTy> ChannelWindow windowOf(OpTy op, const Extents &extents) {
  int64_t size = op.getSize(), most = extents.channels - 1;
  return {std::min((size - 1) / 2, most), std::min(size / 2, most)};
}

/// The sum over the window of each lane; `load` gives the lanes of the block
/// that is so many further on.
Value sumOverWindow(StageBuilder &s, ChannelWindow window, llvm::function_ref<Value(int64_t)> load) {
  std::map<int64_t, Value> blocks;
  auto block = [&](int64_t number) {
    Value &lanes = blocks[number];
    return lanes ? lanes : lanes = load(number);
  };
  Value sum;
  for (int64_t shift = -window.before; shift <= window.behind; ++shift) {
    int64_t within = ((shift % blockSize) + blockSize) % blockSize, number = (shift - within) / blockSize;
    Value lanes = block(number);
    if (within != 0) {
      SmallVector<int64_t> numbers(blockSize);
      std::iota(numbers.begin(), numbers.end(), within);
      lanes = vector::ShuffleOp::create(s.b, s.loc, lanes, block(number + 1), numbers);
    }
    sum = sum ? s.addf(sum, lanes) : lanes;
  }
  return sum;
}

/// What `load` gives for the block `further` behind that of `place`; zeros if there is none.
Value loadFurther(StageBuilder &s, const Extents &extents, const Place &place, int64_t further,
                  llvm::function_ref<Value(const Place &)> load) {
  if (further == 0)
    return load(place);
  if (std::abs(further) >= extents.blocks())
    return s.splat(0);
  Value block = s.add(place.block, further);
  Value exists = both(s, isBelow(s, s.index(-1), block), isBelow(s, block, s.index(extents.blocks())));
  Value safe = s.b.createOrFold<arith::SelectOp>(s.loc, exists, block, place.block);
  return s.b.createOrFold<arith::SelectOp>(s.loc, exists, load({place.n, safe, place.y, place.x}), s.splat(0));
}

/// x^-beta for x ≥ 0; multiples of a quarter up to 2 by square roots.
Value inversePower(StageBuilder &s, Value x, double beta) {
  double quarters = 4 * beta;
  if (!(quarters >= 1 && quarters <= 8) || quarters != std::floor(quarters))
    return math::exp(s, s.mulf(s.splat(-beta), math::log(s, x)));
  auto count = static_cast<int64_t>(quarters);
  Value root = count % 4 ? math::sqrt(s, x) : Value(), power;
  auto times = [&](Value factor) { power = power ? s.mulf(power, factor) : factor; };
  for (int64_t i = 0; i < count / 4; ++i)
    times(x);
  if (count & 2)
    times(root);
  if (count & 1)
    times(math::sqrt(s, root));
  return s.divf(s.splat(1), power);
}

/// The base of the power, bias + alpha / size · Σ x².
template <typename OpTy>
Value baseOf(StageBuilder &s, OpTy op, const Extents &extents, const TensorView &input, const Place &place) {
  Value sum = sumOverWindow(s, windowOf(op, extents), [&](int64_t further) {
    return loadFurther(s, extents, place, further, [&](const Place &there) {
      Value lanes = input.loadLanes(s.b, s.loc, there);
      return s.mulf(lanes, lanes);
    });
  });
  return s.fma(sum, s.splat(op.getAlpha().convertToDouble() / op.getSize()), s.splat(op.getBias().convertToDouble()));
}

void lrn(KernelBuilder &kernel, cnn::LrnOp op) {
  Extents extents(op.getInput());
  const TensorView &input = kernel.view(op.getInput());
  kernel.stageOverPlaces(extents, [&](StageBuilder &s, const Place &place) {
    Value power = inversePower(s, baseOf(s, op, extents, input, place), op.getBeta().convertToDouble());
    Value lanes = s.mulf(input.loadLanes(s.b, s.loc, place), power);
    kernel.finish(s, place, s.maskGap(place.block, extents.channels, lanes));
  });
}

/// Two stages: the powers and what each channel hands to its neighbours; then the sums of that.
void lrnGrad(KernelBuilder &kernel, cnn::LrnGradOp op) {
  Extents extents(op.getInput());
  const TensorView &input = kernel.view(op.getInput()), &gradient = kernel.view(op.getGradient());
  double beta = op.getBeta().convertToDouble();
  Value scratch = kernel.perExampleScratch(extents.blocks() * extents.places() * 2 * blockSize);
  // Vector i of a place: 0 the power, 1 what is handed on.
  auto slot = [&](StageBuilder &s, const Place &place, int64_t i) {
    Value number = s.add(s.mul(place.block, extents.places()), s.add(s.mul(place.y, extents.width), place.x));
    return SmallVector<Value>{place.n, s.mul(s.add(s.mul(number, 2), i), blockSize)};
  };
  auto load = [&](StageBuilder &s, const Place &place, int64_t i) -> Value {
    return vector::LoadOp::create(s.b, s.loc, s.lanesType(), scratch, slot(s, place, i));
  };
  kernel.stageOverBlocks(extents, [&](StageBuilder &s, Value n, Value block) {
    kernel.forEachPlace(s, extents, n, block, [&](const Place &place) {
      Value base = baseOf(s, op, extents, input, place), power = inversePower(s, base, beta);
      Value handed = s.mulf(gradient.loadLanes(s.b, s.loc, place), input.loadLanes(s.b, s.loc, place));
      handed = s.maskGap(block, extents.channels, s.mulf(handed, s.divf(power, base)));
      vector::StoreOp::create(s.b, s.loc, power, scratch, slot(s, place, 0));
      vector::StoreOp::create(s.b, s.loc, handed, scratch, slot(s, place, 1));
    });
  });
  ChannelWindow window = windowOf(op, extents), mirrored{window.behind, window.before};
  double factor = -2 * op.getAlpha().convertToDouble() * beta / op.getSize();
  kernel.stageOverPlaces(extents, [&](StageBuilder &s, const Place &place) {
    Value sum = sumOverWindow(s, mirrored, [&](int64_t further) {
      return loadFurther(s, extents, place, further, [&](const Place &there) { return load(s, there, 1); });
    });
    Value neighbours = s.mulf(s.mulf(sum, s.splat(factor)), input.loadLanes(s.b, s.loc, place));
    Value lanes = s.fma(gradient.loadLanes(s.b, s.loc, place), load(s, place, 0), neighbours);
    kernel.finish(s, place, s.maskGap(place.block, extents.channels, lanes));
  });
}

} // namespace

void registerLrnEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::LrnOp, lrn>(context);
    attachLeader<cnn::LrnGradOp, lrnGrad>(context);
  });
}

} // namespace cnnc::tile
