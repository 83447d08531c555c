//===- TensorView.cpp - loads and stores in any layout --------------------===//

#include "passes/tile/TensorView.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;
using plan::LayoutKind;

static Value constant(OpBuilder &b, Location loc, int64_t value) { return arith::ConstantIndexOp::create(b, loc, value); }
static Value plus(OpBuilder &b, Location loc, Value a, int64_t c) {
  return c ? b.createOrFold<arith::AddIOp>(loc, a, constant(b, loc, c)) : a;
}
static Value times(OpBuilder &b, Location loc, Value a, int64_t c) {
  return b.createOrFold<arith::MulIOp>(loc, a, constant(b, loc, c));
}

int64_t TensorView::blocks() const {
  if (isScalar())
    return 1;
  return isBatch() ? (channels() + blockSize - 1) / blockSize : (layout.getElements(tensor) + blockSize - 1) / blockSize;
}

Value TensorView::flat(OpBuilder &b, Location loc) const {
  auto type = cast<MemRefType>(memref.getType());
  if (type.getRank() == 1)
    return memref;
  int64_t elements = type.getNumElements();
  auto flatType = MemRefType::get({elements}, type.getElementType());
  return memref::ReinterpretCastOp::create(b, loc, flatType, memref, /*offset=*/0, ArrayRef<int64_t>{elements},
                                           ArrayRef<int64_t>{1});
}

TensorView::Steps TensorView::steps() const {
  if (layout.getKind() == LayoutKind::Plain) {
    int64_t plane = height() * width();
    return {channels() * plane, blockSize * plane, width(), 1, plane};
  }
  ArrayRef<int64_t> sizes = cast<MemRefType>(memref.getType()).getShape();
  int64_t row = sizes[3] * sizes[4], plane = sizes[2] * row;
  return {sizes[1] * plane, plane, row, sizes[4], 1};
}

Value TensorView::flatBatch(OpBuilder &b, Location loc, Value n) const {
  auto flatType = MemRefType::get({ShapedType::kDynamic}, tensor.getElementType());
  return memref::ReinterpretCastOp::create(b, loc, flatType, memref, OpFoldResult(b.getIndexAttr(0)),
                                           OpFoldResult(times(b, loc, n, steps().example)), OpFoldResult(b.getIndexAttr(1)));
}

Value TensorView::element(OpBuilder &b, Location loc, const Place &place) const {
  // Outer coordinates first: what an inner loop leaves alone stands in front of it.
  bool isPlain = layout.getKind() == LayoutKind::Plain;
  Steps step = steps();
  auto sum = [&](Value x, Value y) { return b.createOrFold<arith::AddIOp>(loc, x, y); };
  Value element = sum(times(b, loc, place.n, step.example), times(b, loc, place.block, step.block));
  element = sum(element, times(b, loc, isPlain ? place.y : plus(b, loc, place.y, layout.getHalo(0)), step.row));
  return sum(element, times(b, loc, isPlain ? place.x : plus(b, loc, place.x, layout.getHalo(1)), step.column));
}

SmallVector<Value, 5> TensorView::indices(OpBuilder &b, Location loc, Value n, Value channel, Value y, Value x) const {
  if (layout.getKind() == LayoutKind::Plain) {
    SmallVector<Value, 5> all{n, channel, y, x};
    all.resize(tensor.getRank());
    return all;
  }
  Value size = constant(b, loc, layout.getBlock());
  return {n, b.createOrFold<arith::DivUIOp>(loc, channel, size), plus(b, loc, y, layout.getHalo(0)),
          plus(b, loc, x, layout.getHalo(1)), b.createOrFold<arith::RemUIOp>(loc, channel, size)};
}

Value TensorView::loadScalar(OpBuilder &b, Location loc, Value n, Value channel, Value y, Value x) const {
  if (!isBatch())
    return memref::LoadOp::create(b, loc, flat(b, loc), ValueRange{channel});
  return memref::LoadOp::create(b, loc, memref, indices(b, loc, n, channel, y, x));
}

void TensorView::storeScalar(OpBuilder &b, Location loc, Value n, Value channel, Value y, Value x, Value value) const {
  if (layout.getAccumulate())
    value = arith::AddFOp::create(b, loc, loadScalar(b, loc, n, channel, y, x), value);
  if (!isBatch())
    memref::StoreOp::create(b, loc, value, flat(b, loc), ValueRange{channel});
  else
    memref::StoreOp::create(b, loc, value, memref, indices(b, loc, n, channel, y, x));
}

Value TensorView::loadLanes(OpBuilder &b, Location loc, const Place &place) const {
  auto lanes = VectorType::get({blockSize}, tensor.getElementType());
  if (place.isGeneral() && !isScalar())
    return loadGeneral(b, loc, place);
  if (isScalar())
    return vector::BroadcastOp::create(b, loc, lanes, loadScalar(b, loc, {}, constant(b, loc, 0), {}, {}));
  if (!isBatch())
    return vector::LoadOp::create(b, loc, lanes, flat(b, loc), ValueRange{times(b, loc, place.block, blockSize)});
  if (layout.getKind() == LayoutKind::Batch && layout.getBlock() == blockSize)
    return vector::LoadOp::create(b, loc, lanes, memref,
                                  ValueRange{place.n, place.block, plus(b, loc, place.y, layout.getHalo(0)),
                                             plus(b, loc, place.x, layout.getHalo(1)), constant(b, loc, 0)});
  // Channel by channel. Lanes beyond the last channel read channel 0 and are replaced by zero.
  Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(tensor.getElementType()));
  Value result = arith::ConstantOp::create(b, loc, b.getZeroAttr(lanes));
  Value first = times(b, loc, place.block, blockSize), count = constant(b, loc, channels());
  for (int64_t lane = 0; lane < std::min(blockSize, channels()); ++lane) {
    Value channel = plus(b, loc, first, lane), value;
    if (channels() % blockSize == 0 || channels() < blockSize) {
      value = loadScalar(b, loc, place.n, channel, place.y, place.x);
    } else {
      Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, channel, count);
      Value safe = arith::SelectOp::create(b, loc, inside, channel, constant(b, loc, 0));
      value = arith::SelectOp::create(b, loc, inside, loadScalar(b, loc, place.n, safe, place.y, place.x), zero);
    }
    result = vector::InsertOp::create(b, loc, value, result, lane);
  }
  return result;
}

void TensorView::storeLanes(OpBuilder &b, Location loc, const Place &place, Value lanes) const {
  if (isScalar())
    return storeScalar(b, loc, {}, constant(b, loc, 0), {}, {}, vector::ExtractOp::create(b, loc, lanes, 0));
  if (place.isGeneral())
    return storeGeneral(b, loc, place, lanes);
  if (!isBatch() || (layout.getKind() == LayoutKind::Batch && layout.getBlock() == blockSize)) {
    if (layout.getAccumulate())
      lanes = arith::AddFOp::create(b, loc, loadLanes(b, loc, place), lanes);
    if (!isBatch())
      vector::StoreOp::create(b, loc, lanes, flat(b, loc), ValueRange{times(b, loc, place.block, blockSize)});
    else
      vector::StoreOp::create(b, loc, lanes, memref,
                              ValueRange{place.n, place.block, plus(b, loc, place.y, layout.getHalo(0)),
                                         plus(b, loc, place.x, layout.getHalo(1)), constant(b, loc, 0)});
    return;
  }
  Value first = times(b, loc, place.block, blockSize), count = constant(b, loc, channels());
  for (int64_t lane = 0; lane < std::min(blockSize, channels()); ++lane) {
    Value channel = plus(b, loc, first, lane);
    Value value = vector::ExtractOp::create(b, loc, lanes, lane);
    auto store = [&](OpBuilder &b) { storeScalar(b, loc, place.n, channel, place.y, place.x, value); };
    if (channels() % blockSize == 0 || channels() < blockSize) {
      store(b);
      continue;
    }
    Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, channel, count);
    scf::IfOp::create(b, loc, inside, [&](OpBuilder &inner, Location) {
      store(inner);
      scf::YieldOp::create(inner, loc);
    });
  }
}

//===----------------------------------------------------------------------===//
// By logical index
//===----------------------------------------------------------------------===//

SmallVector<Value> TensorView::elementIndices(OpBuilder &b, Location loc, ValueRange index) const {
  auto block = [&](Value i, int64_t size) { return b.createOrFold<arith::DivUIOp>(loc, i, constant(b, loc, size)); };
  auto lane = [&](Value i, int64_t size) { return b.createOrFold<arith::RemUIOp>(loc, i, constant(b, loc, size)); };
  auto at = [&](unsigned i) { return i < index.size() ? index[i] : constant(b, loc, 0); };
  switch (layout.getKind()) {
  case LayoutKind::Scalar:
    return {constant(b, loc, 0)};
  case LayoutKind::Plain:
  case LayoutKind::Channels:
    return llvm::to_vector(index);
  case LayoutKind::Batch:
    return llvm::to_vector(ArrayRef<Value>(indices(b, loc, at(0), at(1), at(2), at(3))));
  case LayoutKind::Kernel:
    return {block(at(0), blockSize),        block(at(1), layout.getBlock()), at(2), at(3),
            lane(at(1), layout.getBlock()), lane(at(0), blockSize)};
  }
  llvm_unreachable("a layout without elements");
}

Value TensorView::loadElement(OpBuilder &b, Location loc, ValueRange index) const {
  return memref::LoadOp::create(b, loc, memref, elementIndices(b, loc, index));
}

void TensorView::storeElement(OpBuilder &b, Location loc, ValueRange index, Value value) const {
  if (layout.getAccumulate())
    value = arith::AddFOp::create(b, loc, loadElement(b, loc, index), value);
  memref::StoreOp::create(b, loc, value, memref, elementIndices(b, loc, index));
}

/// True for all but the lanes that do not exist, vector<16xi1>.
static Value maskOf(OpBuilder &b, Location loc, Value count) {
  return vector::CreateMaskOp::create(b, loc, VectorType::get({blockSize}, b.getI1Type()), count);
}

Value TensorView::loadGeneral(OpBuilder &b, Location loc, const Place &place) const {
  auto lanes = VectorType::get({blockSize}, tensor.getElementType());
  std::optional<int64_t> known = place.count ? getConstantIntValue(place.count) : blockSize;
  bool isRow = layout.getKind() == LayoutKind::Plain || layout.getKind() == LayoutKind::Channels;
  if (isRow && known == blockSize)
    return vector::LoadOp::create(b, loc, lanes, memref, ValueRange(place.at));
  Value zeros = arith::ConstantOp::create(b, loc, b.getZeroAttr(lanes));
  if (isRow && known != 1)
    return vector::MaskedLoadOp::create(b, loc, lanes, memref, ValueRange(place.at), maskOf(b, loc, place.count), zeros);
  // Element by element; lanes that do not exist read the first.
  SmallVector<Value, 4> index(place.at);
  for (int64_t lane = 0; lane < known.value_or(blockSize); ++lane) {
    Value step = constant(b, loc, lane);
    if (!known)
      step = arith::SelectOp::create(b, loc, arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, step, place.count), step,
                                     constant(b, loc, 0));
    index.back() = b.createOrFold<arith::AddIOp>(loc, place.at.back(), step);
    zeros = vector::InsertOp::create(b, loc, loadElement(b, loc, index), zeros, lane);
  }
  return zeros;
}

void TensorView::storeGeneral(OpBuilder &b, Location loc, const Place &place, Value lanes) const {
  std::optional<int64_t> known = place.count ? getConstantIntValue(place.count) : blockSize;
  bool isRow = layout.getKind() == LayoutKind::Plain || layout.getKind() == LayoutKind::Channels;
  if (isRow && known != 1) {
    if (layout.getAccumulate())
      lanes = arith::AddFOp::create(b, loc, loadGeneral(b, loc, place), lanes);
    if (known == blockSize)
      vector::StoreOp::create(b, loc, lanes, memref, ValueRange(place.at));
    else
      vector::MaskedStoreOp::create(b, loc, memref, ValueRange(place.at), maskOf(b, loc, place.count), lanes);
    return;
  }
  SmallVector<Value, 4> index(place.at);
  for (int64_t lane = 0; lane < known.value_or(blockSize); ++lane) {
    Value step = constant(b, loc, lane), value = vector::ExtractOp::create(b, loc, lanes, lane);
    auto store = [&](OpBuilder &b) {
      index.back() = b.createOrFold<arith::AddIOp>(loc, place.at.back(), step);
      storeElement(b, loc, index, value);
    };
    if (known) {
      store(b);
      continue;
    }
    Value exists = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, step, place.count);
    scf::IfOp::create(b, loc, exists, [&](OpBuilder &inner, Location) {
      store(inner);
      scf::YieldOp::create(inner, loc);
    });
  }
}

void TensorView::zeroHalo(OpBuilder &b, Location loc, Value n, Value block) const {
  int64_t top = layout.getHalo(0), left = layout.getHalo(1), bottom = layout.getHalo(2), right = layout.getHalo(3);
  if (layout.getKind() != LayoutKind::Batch || top + left + bottom + right == 0)
    return;
  auto lanes = VectorType::get({layout.getBlock()}, tensor.getElementType());
  Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(lanes));
  Value one = constant(b, loc, 1), lane = constant(b, loc, 0);
  // Rows [y0, y1) by columns [x0, x1) of the memory.
  auto fill = [&](int64_t y0, int64_t y1, int64_t x0, int64_t x1) {
    if (y0 >= y1 || x0 >= x1)
      return;
    scf::ForOp::create(b, loc, constant(b, loc, y0), constant(b, loc, y1), one, ValueRange{},
                       [&](OpBuilder &rows, Location, Value y, ValueRange) {
                         scf::ForOp::create(rows, loc, constant(rows, loc, x0), constant(rows, loc, x1), constant(rows, loc, 1),
                                            ValueRange{}, [&](OpBuilder &columns, Location, Value x, ValueRange) {
                                              vector::StoreOp::create(columns, loc, zero, memref,
                                                                      ValueRange{n, block, y, x, lane});
                                              scf::YieldOp::create(columns, loc);
                                            });
                         scf::YieldOp::create(rows, loc);
                       });
  };
  int64_t rows = top + height() + bottom, columns = left + width() + right;
  fill(0, top, 0, columns);
  fill(top + height(), rows, 0, columns);
  fill(top, top + height(), 0, left);
  fill(top, top + height(), left + width(), columns);
}

} // namespace cnnc::tile
