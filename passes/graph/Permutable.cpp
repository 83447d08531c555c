//===- Permutable.cpp - ops on dimensions in another order ----------------===//

#include "passes/graph/Permutable.h"
#include "dialects/cnn/Cnn.h"
#include "mlir/IR/DialectRegistry.h"
#include "llvm/ADT/Sequence.h"

#include "passes/graph/PermutableInterface.cpp.inc"

using namespace mlir;
using namespace cnnc;

Permutation cnnc::inverse(ArrayRef<int64_t> permutation) {
  Permutation result(permutation.size());
  for (auto [i, dimension] : llvm::enumerate(permutation))
    result[dimension] = i;
  return result;
}

Permutation cnnc::compose(ArrayRef<int64_t> first, ArrayRef<int64_t> second) {
  Permutation result;
  for (int64_t dimension : second)
    result.push_back(first[dimension]);
  return result;
}

bool cnnc::isIdentity(ArrayRef<int64_t> permutation) { return llvm::equal(permutation, llvm::seq<int64_t>(permutation.size())); }

bool cnnc::movesNothing(ArrayRef<int64_t> shape, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> moving;
  llvm::copy_if(permutation, std::back_inserter(moving), [&](int64_t dimension) { return shape[dimension] != 1; });
  return llvm::is_sorted(moving);
}

RankedTensorType cnnc::permuted(RankedTensorType type, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> shape;
  for (int64_t dimension : permutation)
    shape.push_back(type.getDimSize(dimension));
  return type.clone(shape);
}

Value cnnc::transpose(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> permutation) {
  if (isIdentity(permutation))
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  if (movesNothing(type.getShape(), permutation))
    return cnn::ReshapeOp::create(builder, loc, permuted(type, permutation), value);
  return cnn::TransposeOp::create(builder, loc, value, permutation);
}

//===----------------------------------------------------------------------===//
// The ops
//===----------------------------------------------------------------------===//

bool cnnc::isPermutable(Operation *op) {
  if (isa<PermutableInterface>(op))
    return true;
  auto fusible = dyn_cast<cnn::FusionInterface>(op);
  return fusible && fusible.getFusionKind() == cnn::FusionKind::Elementwise && op->hasTrait<OpTrait::SameOperandsAndResultType>();
}

Value cnnc::buildPermuted(Operation *op, OpBuilder &builder, ArrayRef<int64_t> permutation, ValueRange operands) {
  if (auto permutable = dyn_cast<PermutableInterface>(op))
    return permutable.buildPermuted(builder, permutation, operands);
  OperationState state(op->getLoc(), op->getName(), operands, operands.front().getType(), op->getAttrs());
  return builder.create(state)->getResult(0);
}

/// Numbers that belong to dimensions 1, 2, … .
static SmallVector<int64_t> permutedNumbers(ArrayRef<int64_t> numbers, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> result;
  for (int64_t dimension : permutation.drop_front())
    result.push_back(numbers[dimension - 1]);
  return result;
}

namespace {

template <typename Derived, typename Op> struct Model : PermutableInterface::ExternalModel<Derived, Op> {
  Value buildPermuted(Operation *op, OpBuilder &builder, ArrayRef<int64_t> permutation, ValueRange operands) const {
    return Derived::build(cast<Op>(op), builder, permutation, operands);
  }
};

struct BroadcastModel : Model<BroadcastModel, cnn::BroadcastOp> {
  static Value build(cnn::BroadcastOp op, OpBuilder &builder, ArrayRef<int64_t> permutation, ValueRange operands) {
    RankedTensorType type = permuted(op.getType(), permutation);
    return operands[0].getType() == type ? operands[0]
                                         : cnn::BroadcastOp::create(builder, op.getLoc(), type, operands[0]).getResult();
  }
};

struct ConcatModel : Model<ConcatModel, cnn::ConcatOp> {
  static Value build(cnn::ConcatOp op, OpBuilder &builder, ArrayRef<int64_t> permutation, ValueRange operands) {
    return cnn::ConcatOp::create(builder, op.getLoc(), operands, inverse(permutation)[op.getAxis()]);
  }
};

struct PadModel : Model<PadModel, cnn::PadOp> {
  static Value build(cnn::PadOp op, OpBuilder &builder, ArrayRef<int64_t> permutation, ValueRange operands) {
    return cnn::PadOp::create(builder, op.getLoc(), operands[0], permutedNumbers(op.getLow(), permutation),
                              permutedNumbers(op.getHigh(), permutation), permutedNumbers(op.getInterior(), permutation),
                              op.getValue());
  }
};

struct SliceModel : Model<SliceModel, cnn::SliceOp> {
  static Value build(cnn::SliceOp op, OpBuilder &builder, ArrayRef<int64_t> permutation, ValueRange operands) {
    return cnn::SliceOp::create(builder, op.getLoc(), operands[0], permutedNumbers(op.getStart(), permutation),
                                permutedNumbers(op.getStop(), permutation), permutedNumbers(op.getStep(), permutation));
  }
};

template <typename Op> struct ReduceModel : Model<ReduceModel<Op>, Op> {
  static Value build(Op op, OpBuilder &builder, ArrayRef<int64_t> permutation, ValueRange operands) {
    Permutation places = inverse(permutation);
    SmallVector<int64_t> axes;
    for (int64_t axis : op.getAxes())
      axes.push_back(places[axis]);
    llvm::sort(axes);
    return Op::create(builder, op.getLoc(), operands[0], axes);
  }
};

} // namespace

void cnnc::registerPermutables(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::BroadcastOp::attachInterface<BroadcastModel>(*context);
    cnn::ConcatOp::attachInterface<ConcatModel>(*context);
    cnn::PadOp::attachInterface<PadModel>(*context);
    cnn::SliceOp::attachInterface<SliceModel>(*context);
    cnn::ReduceSumOp::attachInterface<ReduceModel<cnn::ReduceSumOp>>(*context);
    cnn::ReduceMaxOp::attachInterface<ReduceModel<cnn::ReduceMaxOp>>(*context);
    cnn::ReduceMinOp::attachInterface<ReduceModel<cnn::ReduceMinOp>>(*context);
  });
}
