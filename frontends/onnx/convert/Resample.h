//===- Resample.h - images by tables -----------------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERT_RESAMPLE_H
#define CNNC_FRONTENDS_ONNX_CONVERT_RESAMPLE_H

#include "dialects/cnn/ResampleTable.h"
#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// The most elements of an axis that a table describes.
constexpr int64_t maxTable = 65536;

/// One table per spatial dimension of `input`, [N, C, W] to [N, C, D, H, W]; an
/// empty one changes nothing. Null after an error.
mlir::Value resample(Call &call, mlir::Value input, llvm::ArrayRef<std::optional<cnn::ResampleTable>> tables);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERT_RESAMPLE_H
