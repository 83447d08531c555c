//===- Broadcast.h - shapes that fit each other ------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERT_BROADCAST_H
#define CNNC_FRONTENDS_ONNX_CONVERT_BROADCAST_H

#include "dialects/cnn/ShapeMath.h"
#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

using cnn::broadcast;

/// The number that a constant consists of, if it is one and no parameter.
std::optional<double> scalarOf(const Value &value);
/// The elements of a constant that has one per channel of `whole`, as a vector.
std::optional<Tensor> perChannel(const Value &value, llvm::ArrayRef<int64_t> whole);

/// Without what is behind the point: sign(x) · ⌊|x|⌋. Null after an error.
mlir::Value truncate(Call &call, mlir::Value value);

/// True where so many constant indices may be stored; else an error.
bool hasFewIndices(Call &call, int64_t count);

/// `value` in `shape`, its elements repeated where that is needed; null after an error.
mlir::Value repeat(Call &call, mlir::Value value, llvm::ArrayRef<int64_t> shape);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERT_BROADCAST_H
