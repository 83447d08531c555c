//===- CheckedShape.h - sizes that are safe to multiply ----------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_CHECKEDSHAPE_H
#define CNNC_FRONTENDS_CHECKEDSHAPE_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <optional>
#include <string>

namespace cnnc {

/// The shape of a tensor whose number of elements is known to be harmless.
/// Every shape that comes from a file passes through here before MLIR sees it.
class CheckedShape {
public:
  static constexpr int64_t maxRank = 8;
  static constexpr int64_t maxDimension = (int64_t(1) << 31) - 1;
  static constexpr int64_t maxElements = int64_t(1) << 40;

  CheckedShape() = default;
  /// A shape within the limits above; the batch is `ShapedType::kDynamic` and
  /// counts as one. Otherwise nothing, and `why` says what is wrong. `least` 0
  /// is for tensors that may have no elements.
  static std::optional<CheckedShape> get(llvm::ArrayRef<int64_t> sizes, std::string &why, int64_t least = 1);

  llvm::ArrayRef<int64_t> sizes() const { return dimensions; }
  int64_t operator[](size_t i) const { return dimensions[i]; }
  size_t rank() const { return dimensions.size(); }
  /// Elements of one example: the product of all sizes but the batch.
  int64_t elements() const;
  /// "f32[N, 16, 5, 5]".
  std::string str() const;
  mlir::RankedTensorType type(mlir::MLIRContext *context) const;

  bool operator==(const CheckedShape &other) const { return dimensions == other.dimensions; }

private:
  llvm::SmallVector<int64_t, 4> dimensions;
};

} // namespace cnnc

#endif // CNNC_FRONTENDS_CHECKEDSHAPE_H
