//===- ReshapeEmitter.cpp - the same elements in another shape ------------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/Images.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Rows.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

/// The first lane of a place in `linear` memory, which holds an example in the order that a reshape keeps: channel c of
/// place p is number `c · places + p`. Gaps lie behind the last element.
Value linearPlace(StageBuilder &s, const Extents &extents, const Place &place) {
  Value first = s.mul(s.mul(place.block, blockSize), extents.places());
  return s.add(first, s.add(s.mul(place.y, extents.width), place.x));
}
void storeLinear(StageBuilder &s, Value linear, const Extents &extents, const Place &place, Value lanes) {
  Value first = linearPlace(s, extents, place);
  for (int64_t lane = 0; lane < blockSize; ++lane) {
    Value element = vector::ExtractOp::create(s.b, s.loc, lanes, lane);
    memref::StoreOp::create(s.b, s.loc, element, linear, ValueRange{place.n, s.add(first, lane * extents.places())});
  }
}
Value loadLinear(StageBuilder &s, Value linear, const Extents &extents, const Place &place) {
  Value first = linearPlace(s, extents, place), lanes = s.splat(0);
  if (extents.places() == 1) {
    lanes = vector::LoadOp::create(s.b, s.loc, s.lanesType(), linear, ValueRange{place.n, first});
    return s.maskGap(place.block, extents.channels, lanes);
  }
  for (int64_t lane = 0; lane < std::min(blockSize, extents.channels); ++lane) {
    Value element = memref::LoadOp::create(s.b, s.loc, linear, ValueRange{place.n, s.add(first, lane * extents.places())});
    lanes = vector::InsertOp::create(s.b, s.loc, element, lanes, lane);
  }
  return s.maskGap(place.block, extents.channels, lanes);
}

/// Between images: through the order that both share.
void reshapeImages(KernelBuilder &kernel, cnn::ReshapeOp op) {
  Extents from(op.getInput()), to(op.getResult());
  const TensorView &input = kernel.view(op.getInput());
  if (from.channels == to.channels && from.width == to.width)
    return kernel.stageOverPlaces(
        to, [&](StageBuilder &s, const Place &place) { kernel.finish(s, place, input.loadLanes(s.b, s.loc, place)); });
  Value linear = kernel.perExampleScratch(blockSize * std::max(from.blocks() * from.places(), to.blocks() * to.places()));
  kernel.stage(1, 0, [&](StageBuilder &s) {
    s.forEach(0, from.blocks(), 1, [&](Value block) {
      s.forEach(0, from.height, 1, [&](Value y) {
        s.forEach(0, from.width, 1, [&](Value x) {
          Place place{s.task, block, y, x};
          storeLinear(s, linear, from, place, input.loadLanes(s.b, s.loc, place));
        });
      });
    });
    s.forEach(0, to.blocks(), 1, [&](Value block) {
      kernel.forEachPlace(s, to, s.task, block,
                          [&](const Place &place) { kernel.finish(s, place, loadLinear(s, linear, to, place)); });
    });
  });
}

/// The element number `number` of all, in row-major order; of example `n` where that is not null.
Value loadNumbered(StageBuilder &s, const TensorView &view, Value n, Value number) {
  RankedTensorType type = view.getTensorType();
  Index index;
  for (int64_t size : llvm::reverse(type.getShape().drop_front(view.isBatch()))) {
    index.push_back(s.rem(number, size));
    number = s.div(number, size);
  }
  if (view.isBatch())
    index.push_back(n ? n : number);
  std::reverse(index.begin(), index.end());
  return view.loadElement(s.b, s.loc, index);
}

/// True if neighbours in a row of `to` are neighbours in a row of the images `from`.
bool keepsRows(RankedTensorType from, RankedTensorType to) {
  return from.getRank() == 4 && to.getRank() > 1 && from.getDimSize(3) % to.getShape().back() == 0;
}

/// Row-major results: neighbours stay neighbours where the input is row-major too.
void reshapeRows(KernelBuilder &kernel, cnn::ReshapeOp op) {
  const TensorView &input = kernel.view(op.getInput());
  RankedTensorType to = op.getType();
  bool isRow = input.getLayout().getKind() == plan::LayoutKind::Plain;
  bool isPerExample = input.isBatch() && kernel.result(0).isBatch() && !isRow;
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    auto numberOf = [&](const Index &index) {
      Value number = s.index(0);
      for (unsigned i = isPerExample; i < index.size(); ++i)
        number = i ? s.add(s.mul(number, to.getDimSize(i)), index[i]) : index[i];
      return number;
    };
    if (isRow)
      return kernel.finish(s, place, flattened(s, input).loadLanes(s.b, s.loc, rowPlace({numberOf(place.at)}, place.count)));
    if (isPerExample && keepsRows(input.getTensorType(), to)) {
      Extents from(op.getInput());
      Value first = numberOf(place.at), row = s.div(first, from.width), x = s.rem(first, from.width);
      Value y = s.rem(row, from.height), channel = s.div(row, from.height);
      return kernel.finish(s, place, loadLanes(s, place, [&](const Index &index) {
                             return input.loadElement(
                                 s.b, s.loc, ValueRange{place.at[0], channel, y, s.add(x, s.sub(index.back(), place.at.back()))});
                           }));
    }
    // Of a list of numbers, one for each example, the lanes are examples.
    kernel.finish(s, place, loadLanes(s, place, [&](const Index &index) {
                    return loadNumbered(s, input, isPerExample ? index[0] : Value(), numberOf(index));
                  }));
  });
}

/// Rows as images: 16 channels of a place.
void reshapeBlocks(KernelBuilder &kernel, cnn::ReshapeOp op) {
  const TensorView &input = kernel.view(op.getInput());
  Extents to(op.getResult());
  bool isRow = input.getLayout().getKind() == plan::LayoutKind::Plain;
  int64_t elements = input.getLayout().getElements(input.getTensorType());
  kernel.stageOverPlaces(to, [&](StageBuilder &s, const Place &place) {
    auto loadFlat = [&](Value number) {
      return flattened(s, input).loadElement(s.b, s.loc, input.isBatch() ? s.add(s.mul(place.n, elements), number) : number);
    };
    Value inChannel = s.add(s.mul(place.y, to.width), place.x), lanes = s.splat(0), first = s.mul(place.block, blockSize);
    for (int64_t lane = 0; lane < std::min(blockSize, to.channels); ++lane) {
      Value channel = s.add(first, lane);
      if (to.channels % blockSize != 0)
        channel = s.b.createOrFold<arith::MinUIOp>(s.loc, channel, s.index(to.channels - 1));
      Value number = s.add(s.mul(channel, to.places()), inChannel);
      if (!input.isBatch())
        number = s.add(s.mul(place.n, to.channels * to.places()), number);
      Value element = isRow ? loadFlat(number) : loadNumbered(s, input, place.n, number);
      lanes = vector::InsertOp::create(s.b, s.loc, element, lanes, lane);
    }
    kernel.finish(s, place, s.maskGap(place.block, to.channels, lanes));
  });
}

bool isBlocked(const TensorView &view) { return view.getLayout().getKind() == plan::LayoutKind::Batch; }

void reshape(KernelBuilder &kernel, cnn::ReshapeOp op) {
  const TensorView &input = kernel.view(op.getInput()), &result = kernel.result(0);
  if (cnn::isImages(op.getInput().getType()) && cnn::isImages(op.getType()) && (isBlocked(input) || isBlocked(result)))
    reshapeImages(kernel, op);
  else if (isBlocked(result) || (cnn::isImages(op.getType()) && !kernel.worksOnRows())) // something per channel follows
    reshapeBlocks(kernel, op);
  else
    reshapeRows(kernel, op);
}

} // namespace

void registerReshapeEmitter(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) { attachLeader<cnn::ReshapeOp, reshape>(context); });
}

} // namespace cnnc::tile
