//===- PlanDialect.cpp - registration and layouts -------------------------===//

#include "dialects/plan/Plan.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace cnnc::plan;

#include "dialects/plan/PlanDialect.cpp.inc"
#include "dialects/plan/PlanEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/plan/PlanAttributes.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/plan/PlanOps.cpp.inc"

void PlanDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/plan/PlanAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/plan/PlanOps.cpp.inc"
      >();
}

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

MemRefType LayoutAttr::getMemRefType(RankedTensorType tensor) const {
  ArrayRef<int64_t> shape = tensor.getShape();
  auto size = [&](unsigned dim) { return dim < shape.size() ? shape[dim] : 1; };
  SmallVector<int64_t, 6> sizes;
  switch (getKind()) {
  case LayoutKind::Batch:
    sizes = {ShapedType::kDynamic, ceilDiv(size(1), getBlock()), size(2) + getHalo(0) + getHalo(2),
             size(3) + getHalo(1) + getHalo(3), getBlock()};
    break;
  case LayoutKind::Plain:
    sizes.assign(shape.begin(), shape.end());
    break;
  case LayoutKind::Channels:
    sizes = {ceilDiv(size(0), blockSize) * blockSize};
    break;
  case LayoutKind::Kernel:
    sizes = {ceilDiv(size(0), blockSize), ceilDiv(size(1), getBlock()), size(2), size(3), getBlock(), blockSize};
    break;
  case LayoutKind::Scalar:
    sizes = {1};
    break;
  }
  return MemRefType::get(sizes, tensor.getElementType());
}

int64_t LayoutAttr::getElements(RankedTensorType tensor) const {
  int64_t elements = 1;
  for (int64_t size : getMemRefType(tensor).getShape())
    if (!ShapedType::isDynamic(size))
      elements *= size;
  return elements;
}

LayoutAttr cnnc::plan::parameterLayout(RankedTensorType type) {
  static constexpr LayoutKind byRank[] = {LayoutKind::Scalar, LayoutKind::Channels, LayoutKind::Kernel, LayoutKind::Plain,
                                          LayoutKind::Kernel};
  LayoutKind kind = type.getRank() < 5 ? byRank[type.getRank()] : LayoutKind::Plain;
  int64_t block = kind == LayoutKind::Kernel ? std::min(blockSize, type.getDimSize(1)) : blockSize;
  return LayoutAttr::get(type.getContext(), kind, block, {}, /*accumulate=*/false);
}
