//===- Indices.cpp - elements by their numbers ----------------------------===//

#include "passes/tile/Indices.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <numeric>

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;

Value indexAt(StageBuilder &s, const TensorView &indices, ValueRange at, int64_t size) {
  Value number = indices.loadElement(s.b, s.loc, at);
  if (isa<FloatType>(number.getType())) {
    // What lies far outside is no i32.
    number = arith::MaxNumFOp::create(s.b, s.loc, arith::MinNumFOp::create(s.b, s.loc, number, s.scalar(1 << 30)),
                                      s.scalar(-(1 << 30)));
    number = arith::FPToSIOp::create(s.b, s.loc, s.b.getI32Type(), number);
  }
  auto i32 = [&](int64_t value) -> Value { return arith::ConstantOp::create(s.b, s.loc, s.b.getI32IntegerAttr(value)); };
  Value isNegative = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::slt, number, i32(0));
  number = arith::SelectOp::create(s.b, s.loc, isNegative, arith::AddIOp::create(s.b, s.loc, number, i32(size)), number);
  number = arith::MaxSIOp::create(s.b, s.loc, arith::MinSIOp::create(s.b, s.loc, number, i32(size - 1)), i32(0));
  return arith::IndexCastOp::create(s.b, s.loc, s.b.getIndexType(), number);
}

Value numberLanes(StageBuilder &s, Value index, Type element) {
  Value number = arith::IndexCastOp::create(s.b, s.loc, s.b.getI32Type(), index);
  if (isa<FloatType>(element))
    number = arith::SIToFPOp::create(s.b, s.loc, element, number);
  return vector::BroadcastOp::create(s.b, s.loc, VectorType::get({blockSize}, element), number);
}

Value numbersFrom(StageBuilder &s, Value first, Type element) {
  auto type = VectorType::get({blockSize}, element);
  SmallVector<int32_t> whole(blockSize);
  std::iota(whole.begin(), whole.end(), 0);
  Value start = numberLanes(s, first, element);
  if (isa<FloatType>(element)) {
    SmallVector<float> numbers(whole.begin(), whole.end());
    return s.addf(start, arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(type, ArrayRef<float>(numbers))));
  }
  return arith::AddIOp::create(s.b, s.loc, start,
                               arith::ConstantOp::create(s.b, s.loc, DenseElementsAttr::get(type, ArrayRef<int32_t>(whole))));
}

static int64_t staticElements(RankedTensorType type) {
  int64_t elements = 1;
  for (int64_t size : type.getShape())
    elements *= ShapedType::isDynamic(size) ? 1 : size;
  return elements;
}

Value scratchFor(KernelBuilder &kernel, RankedTensorType type) {
  bool isBatch = type.getRank() && type.isDynamicDim(0);
  return isBatch ? kernel.perExampleScratch(staticElements(type)) : kernel.fixedScratch(staticElements(type));
}

TensorView asTensor(StageBuilder &s, Value scratch, RankedTensorType type) {
  auto layout = plan::LayoutAttr::get(s.b.getContext(), plan::LayoutKind::Plain, blockSize, {}, false);
  SmallVector<OpFoldResult> sizes, strides;
  int64_t stride = staticElements(type);
  for (int64_t size : type.getShape()) {
    sizes.push_back(ShapedType::isDynamic(size) ? OpFoldResult(s.n) : s.b.getIndexAttr(size));
    stride /= ShapedType::isDynamic(size) ? 1 : size;
    strides.push_back(s.b.getIndexAttr(stride));
  }
  auto memrefType = MemRefType::get(type.getShape(), s.b.getF32Type());
  Value memref = memref::ReinterpretCastOp::create(s.b, s.loc, memrefType, scratch, s.b.getIndexAttr(0), sizes, strides);
  return TensorView(memref, RankedTensorType::get(type.getShape(), s.b.getF32Type()), layout);
}

void forEachIndex(StageBuilder &s, ArrayRef<int64_t> sizes, Index start, llvm::function_ref<void(const Index &)> body) {
  if (sizes.empty())
    return body(start);
  s.forEach(s.index(0), ShapedType::isDynamic(sizes[0]) ? s.n : s.index(sizes[0]), 1, [&](Value i) {
    Index next(start);
    next.push_back(i);
    forEachIndex(s, sizes.drop_front(), next, body);
  });
}

void stageOverLeading(KernelBuilder &kernel, ArrayRef<int64_t> sizes,
                      llvm::function_ref<void(StageBuilder &, const Index &)> body) {
  bool isBatch = !sizes.empty() && ShapedType::isDynamic(sizes[0]);
  ArrayRef<int64_t> inner = sizes.drop_front(isBatch);
  int64_t tasks = std::accumulate(inner.begin(), inner.end(), int64_t(1), std::multiplies<>());
  kernel.stage(isBatch ? tasks : 0, isBatch ? 0 : tasks, [&](StageBuilder &s) {
    Value rest = isBatch ? s.rem(s.task, tasks) : s.task;
    Index at;
    for (int64_t size : llvm::reverse(inner)) {
      at.push_back(s.rem(rest, size));
      rest = s.div(rest, size);
    }
    if (isBatch)
      at.push_back(s.div(s.task, tasks));
    std::reverse(at.begin(), at.end());
    body(s, at);
  });
}

} // namespace cnnc::tile
