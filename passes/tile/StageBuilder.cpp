//===- StageBuilder.cpp - arithmetic and loops ----------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "passes/tile/KernelBuilder.h"

#include <numeric>

using namespace mlir;

namespace cnnc::tile {

Value StageBuilder::index(int64_t value) {
  Value &known = indices[value];
  if (!known) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(task.getParentBlock());
    known = arith::ConstantIndexOp::create(b, loc, value);
  }
  return known;
}
Value StageBuilder::scalar(double value) { return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(value)); }
Value StageBuilder::splat(double value) {
  return arith::ConstantOp::create(b, loc, DenseElementsAttr::get(lanesType(), b.getF32FloatAttr(value)));
}
Value StageBuilder::broadcast(Value scalar) { return vector::BroadcastOp::create(b, loc, lanesType(), scalar); }

Value StageBuilder::add(Value a, Value c) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(c);
  return x && y ? index(*x + *y) : b.createOrFold<arith::AddIOp>(loc, a, c);
}
Value StageBuilder::sub(Value a, Value c) { return b.createOrFold<arith::SubIOp>(loc, a, c); }
Value StageBuilder::mul(Value a, Value c) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(c);
  return x && y ? index(*x * *y) : b.createOrFold<arith::MulIOp>(loc, a, c);
}
Value StageBuilder::div(Value a, int64_t c) { return b.createOrFold<arith::DivUIOp>(loc, a, index(c)); }
Value StageBuilder::rem(Value a, int64_t c) { return b.createOrFold<arith::RemUIOp>(loc, a, index(c)); }
Value StageBuilder::div(Value a, Value c) { return b.createOrFold<arith::DivUIOp>(loc, a, c); }

static constexpr auto contract = arith::FastMathFlags::contract;
Value StageBuilder::addf(Value a, Value c) { return arith::AddFOp::create(b, loc, a, c, contract); }
SmallVector<Value> StageBuilder::addEach(ValueRange a, ValueRange c) {
  return llvm::map_to_vector(llvm::zip_equal(a, c), [&](auto pair) { return addf(std::get<0>(pair), std::get<1>(pair)); });
}
Value StageBuilder::subf(Value a, Value c) { return arith::SubFOp::create(b, loc, a, c, contract); }
Value StageBuilder::mulf(Value a, Value c) { return arith::MulFOp::create(b, loc, a, c, contract); }
Value StageBuilder::divf(Value a, Value c) { return arith::DivFOp::create(b, loc, a, c, contract); }
Value StageBuilder::fma(Value a, Value c, Value d) {
  if (isa<VectorType>(a.getType()))
    return vector::FMAOp::create(b, loc, a, c, d);
  return addf(mulf(a, c), d);
}
// x86's max and min return the second operand where one is NaN: one instruction.
Value StageBuilder::maxf(Value a, Value c) {
  return arith::SelectOp::create(b, loc, arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OGT, a, c), a, c);
}
Value StageBuilder::minf(Value a, Value c) {
  return arith::SelectOp::create(b, loc, arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, a, c), a, c);
}

Value StageBuilder::maskGap(Value block, int64_t channels, Value lanes) {
  if (channels % plan::blockSize == 0)
    return lanes;
  int64_t last = channels / plan::blockSize;
  std::optional<int64_t> known = getConstantIntValue(block);
  if (known && *known != last)
    return lanes;
  // Lane numbers below the channels that the block holds.
  auto type = VectorType::get({plan::blockSize}, b.getI32Type());
  SmallVector<int32_t> numbers(plan::blockSize);
  std::iota(numbers.begin(), numbers.end(), 0);
  Value held = arith::IndexCastOp::create(b, loc, b.getI32Type(), sub(index(channels), mul(block, plan::blockSize)));
  Value lane = arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, ArrayRef<int32_t>(numbers)));
  Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, lane, vector::BroadcastOp::create(b, loc, type, held));
  return arith::SelectOp::create(b, loc, inside, lanes, splat(0));
}

/// True if the loop runs exactly once.
static bool isSingleTrip(Value lower, Value upper, int64_t by) {
  std::optional<int64_t> first = getConstantIntValue(lower), last = getConstantIntValue(upper);
  return first && last && *first < *last && *first + by >= *last;
}

void StageBuilder::forEach(Value lower, Value upper, int64_t by, llvm::function_ref<void(Value)> body) {
  if (isSingleTrip(lower, upper, by))
    return body(lower);
  auto loop = scf::ForOp::create(b, loc, lower, upper, index(by));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

SmallVector<Value> StageBuilder::forEach(Value lower, Value upper, int64_t by, ValueRange carried,
                                         llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  if (isSingleTrip(lower, upper, by))
    return body(lower, carried);
  auto loop = scf::ForOp::create(b, loc, lower, upper, index(by), carried);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  scf::YieldOp::create(b, loc, next);
  return SmallVector<Value>(loop.getResults());
}

void StageBuilder::ifThen(Value condition, llvm::function_ref<void()> then) {
  auto branch = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  then();
}

void StageBuilder::ifThenElse(Value condition, llvm::function_ref<void()> then, llvm::function_ref<void()> otherwise) {
  auto branch = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  then();
  b.setInsertionPointToStart(branch.elseBlock());
  otherwise();
}

Value StageBuilder::flatten(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  if (type.getRank() == 1)
    return memref;
  int64_t elements = type.getNumElements();
  return memref::ReinterpretCastOp::create(b, loc, MemRefType::get({elements}, type.getElementType()), memref, /*offset=*/0,
                                           ArrayRef<int64_t>{elements}, ArrayRef<int64_t>{1});
}

} // namespace cnnc::tile
