//===- Reduction.cpp - sums of a fixed shape ------------------------------===//

#include "passes/tile/Reduction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <numeric>

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;

Chunk::Chunk(StageBuilder &s, Value number) {
  first = s.div(s.mul(number, s.n), chunkCount);
  last = s.div(s.mul(s.add(number, 1), s.n), chunkCount);
}
Value Chunk::count(StageBuilder &s, int64_t perExample) const { return countOf(s, s.sub(last, first), perExample); }

Value countOf(StageBuilder &s, Value examples, int64_t perExample) {
  Value elements = arith::IndexCastOp::create(s.b, s.loc, s.b.getI64Type(), s.mul(examples, perExample));
  return arith::SIToFPOp::create(s.b, s.loc, s.b.getF32Type(), elements);
}

Values sumOverImage(StageBuilder &s, Value n, Value block, const Extents &extents, unsigned sums,
                    llvm::function_ref<Values(const Place &)> term) {
  Values zeros(sums, s.splat(0));
  return s.forEach(s.index(0), s.index(extents.height), 1, zeros, [&](Value y, ValueRange image) {
    return s.addEach(image, s.forEach(s.index(0), s.index(extents.width), 1, zeros,
                                      [&](Value x, ValueRange row) { return s.addEach(row, term({n, block, y, x})); }));
  });
}

Values sumOverChunk(StageBuilder &s, const Chunk &chunk, Value block, const Extents &extents, unsigned sums,
                    llvm::function_ref<Values(const Place &)> term) {
  Values zeros(sums, s.splat(0));
  return s.forEach(chunk.first, chunk.last, 1, zeros,
                   [&](Value n, ValueRange total) { return s.addEach(total, sumOverImage(s, n, block, extents, sums, term)); });
}

ChunkSums::ChunkSums(KernelBuilder &kernel, const Extents &extents, unsigned vectors)
    : extents(extents), vectors(vectors), scratch(kernel.fixedScratch(extents.blocks() * chunkCount * vectors * blockSize)) {}

void ChunkSums::emit(KernelBuilder &kernel, Compute compute, Use use) {
  constexpr int64_t fewPlaces = 16;
  int64_t blocks = extents.blocks();
  auto fill = [&](StageBuilder &s, Value block, Value chunk) {
    for (auto [i, lanes] : llvm::enumerate(compute(s, Chunk(s, chunk), block)))
      vector::StoreOp::create(s.b, s.loc, lanes, scratch, offset(s, block, chunk, i));
  };
  if (extents.places() < fewPlaces) {
    kernel.stage(0, blocks, [&](StageBuilder &s) {
      s.forEach(0, chunkCount, 1, [&](Value chunk) { fill(s, s.task, chunk); });
      use(s, s.task);
    });
    return;
  }
  kernel.stage(0, blocks * chunkCount, [&](StageBuilder &s) { fill(s, s.div(s.task, chunkCount), s.rem(s.task, chunkCount)); });
  kernel.stage(0, blocks, [&](StageBuilder &s) { use(s, s.task); });
}

Value ChunkSums::offset(StageBuilder &s, Value block, Value chunk, unsigned i) const {
  return s.mul(s.add(s.mul(s.add(s.mul(block, chunkCount), chunk), vectors), i), blockSize);
}
Value ChunkSums::load(StageBuilder &s, Value block, Value chunk, unsigned i) const {
  return vector::LoadOp::create(s.b, s.loc, s.lanesType(), scratch, offset(s, block, chunk, i));
}
Value ChunkSums::sum(StageBuilder &s, Value block, unsigned i) const {
  Values sums;
  for (int64_t chunk = 0; chunk < chunkCount; ++chunk)
    sums.push_back(load(s, block, s.index(chunk), i));
  for (int64_t width = chunkCount / 2; width > 0; width /= 2)
    for (int64_t k = 0; k < width; ++k)
      sums[k] = s.addf(sums[2 * k], sums[2 * k + 1]);
  return sums[0];
}

Value loadVector(StageBuilder &s, Value scratch, Value number) {
  return vector::LoadOp::create(s.b, s.loc, s.lanesType(), scratch, s.mul(number, blockSize));
}
void storeVector(StageBuilder &s, Value scratch, Value number, Value lanes) {
  vector::StoreOp::create(s.b, s.loc, lanes, scratch, s.mul(number, blockSize));
}

static Value overLanes(StageBuilder &s, Value lanes, llvm::function_ref<Value(Value, Value)> combine) {
  for (int64_t width = blockSize / 2; width > 0; width /= 2) {
    SmallVector<int64_t> low(width), high(width);
    std::iota(low.begin(), low.end(), 0);
    std::iota(high.begin(), high.end(), width);
    lanes = combine(vector::ShuffleOp::create(s.b, s.loc, lanes, lanes, low),
                    vector::ShuffleOp::create(s.b, s.loc, lanes, lanes, high));
  }
  return vector::ExtractOp::create(s.b, s.loc, lanes, 0);
}
Value sumOfLanes(StageBuilder &s, Value lanes) {
  return overLanes(s, lanes, [&](Value a, Value b) { return s.addf(a, b); });
}
Value maximumOfLanes(StageBuilder &s, Value lanes) {
  return overLanes(s, lanes, [&](Value a, Value b) { return s.maxf(a, b); });
}

static VectorType wideType(StageBuilder &s) { return VectorType::get({blockSize}, s.b.getF64Type()); }
Value wideZero(StageBuilder &s) { return arith::ConstantOp::create(s.b, s.loc, s.b.getZeroAttr(wideType(s))); }
Value widen(StageBuilder &s, Value lanes) { return arith::ExtFOp::create(s.b, s.loc, wideType(s), lanes); }
Value narrowLanes(StageBuilder &s, Value wide) { return arith::TruncFOp::create(s.b, s.loc, s.lanesType(), wide); }
Value addWide(StageBuilder &s, Value sum, Value lanes) { return s.addf(sum, widen(s, lanes)); }
Value narrow(StageBuilder &s, Value wideSum) {
  return arith::TruncFOp::create(s.b, s.loc, s.b.getF32Type(), sumOfLanes(s, wideSum));
}

Value sumOfScratch(StageBuilder &s, Value scratch, int64_t first, int64_t count, int64_t step) {
  Value zero = arith::ConstantOp::create(s.b, s.loc, s.b.getF64FloatAttr(0));
  Values sum = s.forEach(s.index(first), s.index(first + count * step), step, zero, [&](Value i, ValueRange soFar) -> Values {
    Value part = memref::LoadOp::create(s.b, s.loc, scratch, i);
    return {s.addf(soFar[0], arith::ExtFOp::create(s.b, s.loc, s.b.getF64Type(), part))};
  });
  return arith::TruncFOp::create(s.b, s.loc, s.b.getF32Type(), sum[0]);
}

} // namespace cnnc::tile
