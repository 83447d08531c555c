//===- SumNorm.h - moments of a tensor over dimensions -----------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERT_SUMNORM_H
#define CNNC_FRONTENDS_ONNX_CONVERT_SUMNORM_H

#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// The mean over the axes, which stay as 1, or the sum; null after an error, or
/// where `value` is.
mlir::Value meanOver(Call &call, mlir::Value value, llvm::ArrayRef<int64_t> axes, bool isSum = false);

/// `centred` is the value less its mean; `mean` and `variance`, of the whole
/// population, have the axes as 1.
struct Moments {
  mlir::Value mean, centred, variance;
};

/// Nothing after an error.
std::optional<Moments> momentsOver(Call &call, mlir::Value value, llvm::ArrayRef<int64_t> axes);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERT_SUMNORM_H
