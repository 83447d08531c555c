//===- Softmax.h - logarithms of probabilities -------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERT_SOFTMAX_H
#define CNNC_FRONTENDS_ONNX_CONVERT_SOFTMAX_H

#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// Softmax and its logarithm along a dimension that is not the batch; null after an error.
mlir::Value softmaxAlong(Call &call, mlir::Value input, size_t axis);
mlir::Value logSoftmaxAlong(Call &call, mlir::Value input, size_t axis);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERT_SOFTMAX_H
