//===- Slice.h - the operands of Slice ---------------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERT_SLICE_H
#define CNNC_FRONTENDS_ONNX_CONVERT_SLICE_H

#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// starts, ends and axes, which are attributes before version 10.
struct SliceAttributes {
  std::optional<Shape> starts, ends, axes;
};
SliceAttributes readSlice(Call &call);

/// Of each dimension `count` elements from `start`, by `step`.
struct SliceRange {
  Shape start, step, count;
};
/// What a Slice takes of `shape`; nothing after an error. The batch is whole.
std::optional<SliceRange> sliceRange(Call &call, const SliceAttributes &attributes, llvm::ArrayRef<int64_t> shape);
/// That range of `input`; null after an error.
mlir::Value takeRange(Call &call, mlir::Value input, const SliceRange &range);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERT_SLICE_H
