//===- CheckedShape.cpp - sizes that are safe to multiply -----------------===//

#include "frontends/CheckedShape.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace cnnc;

std::optional<CheckedShape> CheckedShape::get(llvm::ArrayRef<int64_t> sizes, std::string &why, int64_t least) {
  if (static_cast<int64_t>(sizes.size()) > maxRank) {
    why = "a tensor of " + std::to_string(sizes.size()) + " dimensions; the limit is " + std::to_string(maxRank);
    return std::nullopt;
  }
  int64_t elements = 1;
  for (int64_t size : sizes) {
    if (size == mlir::ShapedType::kDynamic)
      continue;
    if (size < least || size > maxDimension) {
      why = "a size of " + std::to_string(size) + "; sizes are from " + std::to_string(least) + " to " +
            std::to_string(maxDimension);
      return std::nullopt;
    }
    if (size > maxElements / elements) {
      why = "a tensor of more than 2^40 elements";
      return std::nullopt;
    }
    elements *= std::max<int64_t>(size, 1);
  }
  CheckedShape shape;
  shape.dimensions.assign(sizes.begin(), sizes.end());
  return shape;
}

int64_t CheckedShape::elements() const {
  int64_t product = 1;
  for (int64_t size : dimensions)
    product *= size == mlir::ShapedType::kDynamic ? 1 : size;
  return product;
}

std::string CheckedShape::str() const {
  std::string text = "f32[";
  for (auto [i, size] : llvm::enumerate(dimensions))
    text += (i ? ", " : "") + (size == mlir::ShapedType::kDynamic ? "N" : std::to_string(size));
  return text + "]";
}

mlir::RankedTensorType CheckedShape::type(mlir::MLIRContext *context) const {
  return mlir::RankedTensorType::get(dimensions, mlir::Float32Type::get(context));
}
