//===- Unroll.h - loops of a known number of trips ---------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_UNROLL_H
#define CNNC_FRONTENDS_ONNX_UNROLL_H

#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// Converts a Loop or a Scan by converting its body with `convert` once for each trip, under the same names each time.
/// The number of trips follows from constants; a file that asks for more work than 2^15 nodes of few elements is refused.
void unroll(Call &call, llvm::function_ref<void(Node &)> convert);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_UNROLL_H
